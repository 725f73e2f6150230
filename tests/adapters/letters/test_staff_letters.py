"""Letters to the team: one digest per owner and case, and notices, without personal data of others."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from adapters.letters.staff import StaffLetters, grouped
from adapters.letters.templates import Templates
from models.account import Money
from models.chat import Question
from models.effects import DigestLine, Word
from models.faults import PermanentFault
from models.letter import LetterKind, Mailbox
from models.work import NotifyTeam, SendDigest
from tests.adapters.letters.company import AT, MESSAGES, card

CLOCKS = {
    "en": ("Asia/Kuala_Lumpur", "2:00 PM (Malaysia Time)"),
    "ms": ("Asia/Kuala_Lumpur", "2:00 PTG (Waktu Malaysia)"),
    "id": ("Asia/Jakarta", "13.00 (Waktu Indonesia Barat)"),
}
HEADINGS = {"en": "Overdue", "ms": "Lewat", "id": "Terlambat"}


@pytest.fixture
def staff() -> StaffLetters:
    return StaffLetters(Templates(MESSAGES), Mailbox(address="care@northwind-saas.example", name="Northwind Care"))


def line(word: Word, hours: int = 0, subject: str = "the customer call") -> DigestLine:
    return DigestLine(word=word, mark=word, subject=subject, step="ack_call", due=AT + timedelta(hours=hours))


def digest_of(*lines: DigestLine) -> SendDigest:
    return SendDigest(key="k", case_id="case-1", account_id="acct-1", person="p-csm", at=AT, lines=lines)


def notice_of(**more: object) -> NotifyTeam:
    facts = {"key": "k", "case_id": "case-1", "account_id": "acct-1", "step": "alert", "people": ("p-csm",), "at": AT}
    return NotifyTeam.model_validate(facts | {"title": "A save attempt was opened", "reason": "missing_feature"} | more)


@pytest.mark.parametrize("language", CLOCKS)
def test_a_digest_with_every_word_is_written_in_every_language(staff, language):
    zone, clock = CLOCKS[language]
    reader = card(locale=language, time_zone=zone)
    letter = staff.digest(digest_of(*(line(word, subject=f"about {word}") for word in Word)), reader, "Acme Fabrik")
    assert all(f"- about {word};" in letter.text for word in Word)
    assert letter.text.replace("\u202f", " ").count(clock) == len(Word) + 1
    assert HEADINGS[language] in letter.text
    assert letter.html.count("<li ") == len(Word)
    assert letter.kind == LetterKind.STAFF


@pytest.mark.parametrize(("language", "approve"), [("en", "Approve"), ("ms", "Luluskan"), ("id", "Setujui")])
def test_what_can_be_answered_in_a_chat_goes_with_a_digest_in_its_readers_language(staff, language, approve):
    question = Question(step="ack_call", title="the customer call")
    asked = digest_of(line(Word.OVERDUE)).model_copy(update={"questions": (question,)})
    answerable = staff.digest(asked, card(locale=language), "Acme Fabrik").chat
    assert answerable.questions == (question,)
    assert answerable.labels.approve == approve
    assert all(0 < len(label) <= 24 for label in answerable.labels.model_dump().values())
    assert staff.notice(notice_of(), card(locale=language), "Acme Fabrik").chat is None


@pytest.mark.parametrize("language", CLOCKS)
def test_the_only_person_that_a_staff_letter_names_is_its_reader(staff, language):  # AMB-41
    reader = card(locale=language)
    for letter in (
        staff.digest(digest_of(*map(line, Word)), reader, "Acme Fabrik"),
        staff.notice(notice_of(), reader, "Acme Fabrik"),
    ):
        whole = f"{letter.subject}\n{letter.text}\n{letter.html}"
        assert whole.count(reader.name) == 2  # once in each part
        assert not re.search(r"\S+@\S+", whole)
        assert reader.phone not in whole


def test_the_most_pressing_comes_first_and_names_the_mail(staff):
    letter = staff.digest(digest_of(line(Word.WARN), line(Word.OVERDUE), line(Word.WARN)), card(), "Acme Fabrik")
    assert letter.subject == "Acme Fabrik: Overdue (and 2 more)"
    assert letter.text.index("Overdue") < letter.text.index("Due soon")


def test_a_single_line_is_not_counted(staff):
    assert staff.digest(digest_of(line(Word.ESCALATE)), card(), "Acme Fabrik").subject == "Acme Fabrik: Escalated"


def test_within_a_word_the_earliest_due_comes_first_and_the_undated_last():
    undated = line(Word.WARN).model_copy(update={"due": None})
    (group,) = grouped((undated, line(Word.WARN, 5), line(Word.WARN, 1)))
    assert [shown.due for shown in group.lines] == [AT + timedelta(hours=1), AT + timedelta(hours=5), None]


def test_every_word_has_its_place_in_a_digest():
    assert {group.word for group in grouped(tuple(map(line, Word)))} == set(Word)


def test_a_digest_without_lines_is_refused(staff):
    with pytest.raises(PermanentFault, match="at least one line"):
        staff.digest(digest_of(), card(), "Acme Fabrik")


@pytest.mark.parametrize("language", CLOCKS)
def test_a_notice_says_what_why_and_when(staff, language):  # SAVE-2
    zone, clock = CLOCKS[language]
    letter = staff.notice(notice_of(), card(locale=language, time_zone=zone), "Acme Fabrik")
    assert letter.subject == "Acme Fabrik: A save attempt was opened"
    assert "missing_feature" in letter.text
    assert clock in letter.text.replace("\u202f", " ")


def test_a_notice_without_a_reason_has_no_empty_line_for_it(staff):
    assert "Reason" not in staff.notice(notice_of(reason=""), card(), "Acme Fabrik").text


def test_a_stray_break_in_a_name_keeps_no_digest_from_its_reader(staff):
    dirty = line(Word.WARN, subject="call\nBcc: all@rival.example")
    letter = staff.digest(digest_of(dirty), card(name="Wei\r\nLing"), "Acme\r\nFabrik")
    assert letter.subject == "Acme Fabrik: Due soon"
    assert "Hello Wei Ling," in letter.text
    assert "\nBcc:" not in letter.text


def test_a_reader_with_a_broken_address_is_named(staff):
    with pytest.raises(PermanentFault, match="The address of p-csm"):
        staff.digest(digest_of(line(Word.WARN)), card(email="nowhere"), "Acme Fabrik")


@pytest.mark.parametrize(
    ("zone", "clock"), [("America/New_York", "1:00 AM (Eastern Standard Time)"), ("Mars/Olympus", "6:00 AM")]
)
def test_the_clock_of_a_letter_names_its_zone_and_an_unknown_zone_is_utc(staff, zone, clock):
    text = staff.notice(notice_of(), card(time_zone=zone), "Acme Fabrik").text
    assert clock in text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("locale", "amount", "shown"),
    [
        ("en", Money(minor=1234550, currency="MYR"), "MYR12,345.50"),
        ("ms", Money(minor=1234550, currency="MYR"), "RM12,345.50"),
        ("id", Money(minor=1234550, currency="IDR"), "Rp12.345,50"),
        ("en", Money(minor=1234550, currency="JPY"), "¥1,234,550"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(tmp_path, locale, amount, shown):
    folder = tmp_path / locale
    folder.mkdir()
    (folder / "price.j2").write_text("{% block subject %}{{ arr | money }}{% endblock %}", encoding="utf-8")
    templates = Templates(tmp_path)
    written = templates.write("price", templates.reader("price", locale, "UTC"), {"arr": amount})
    assert written.subject.replace("\xa0", "") == shown


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{% block subject %}{{ nobody }}{% endblock %}", "'nobody' is undefined"),
        ("{% block subject %}", "fails"),
        ("text alone", "no block 'subject'"),
        ("{% block subject %}{{ at.__class__.__mro__ }}{% endblock %}", "unsafe"),
        ("{% block subject %}{{ nothing | day }}{% endblock %}", "fails"),
    ],
)
def test_a_template_that_is_wrong_is_named_and_gives_no_letter(tmp_path, source, fault):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "bad.j2").write_text(source, encoding="utf-8")
    templates = Templates(tmp_path)
    values = {"at": datetime(2026, 1, 1, tzinfo=UTC), "nothing": None}
    with pytest.raises(PermanentFault, match=r"en/bad\.j2") as raised:
        templates.write("bad", templates.reader("bad", "en", "UTC"), values)
    assert fault in raised.value.sentence
