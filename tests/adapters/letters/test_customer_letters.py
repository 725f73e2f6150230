"""Messages to the customer: written in their language, signed by a person, and never a form letter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.email.embedded import EmbeddedEmail
from adapters.letters.catalogue import PartRule, load_catalogue
from models.case import Edit, RefusalType
from models.concession import PriceTerm
from models.directory import WorkingTime
from models.faults import PermanentFault
from models.letter import Letter, LetterKind, Mailbox, OutboxState
from models.promise import PromiseState
from models.tables import DraftRow, OutboxRow
from models.telling import Offered, Promised, Told
from tests.adapters.letters.company import AT, ENOUGH, MESSAGES, OPENED, account, contact, drafted, release

PROMISED = Told(
    promises=(
        Promised(
            title="Import without limit",
            owner="p-csm",
            due=datetime(2026, 12, 4, 9, tzinfo=UTC),
            state=PromiseState.BREACHED,
        ),
        Promised(title="A call each Tuesday", owner="p-gone", due=datetime(2026, 12, 8, 9, tzinfo=UTC)),
    ),
    heard=("nobody answered us for weeks",),
    offered=Offered(
        kind="phase_in",
        terms=(PriceTerm(pct=40, first=1, last=3), PriceTerm(pct=20, first=4, last=6)),
        tied_to="demonstrated_recovery",
        starts=date(2026, 12, 1),
        ends_at=datetime(2027, 6, 1, tzinfo=UTC),
    ),
)

LANGUAGES = {
    "en": ("Dear Aisyah", "Kind regards", "November 23, 2026"),
    "ms": ("Salam sejahtera Aisyah", "Sekian, terima kasih", "23 November 2026"),
    "id": ("Yth. Bapak/Ibu Aisyah", "Hormat ", "23 November 2026"),
}


def stored_mail(key: str, message_id: str, kind: LetterKind = LetterKind.CUSTOMER, hour: int = 1) -> OutboxRow:
    box = Mailbox(address="aisyah@ohara-books.example")
    letter = Letter(to=box, sender=box, subject="s", text="t", kind=kind, case_id="case-1")
    at = datetime(2026, 11, 24, hour, tzinfo=UTC)
    facts = {"key": key, "message_id": message_id, "case_id": "case-1", "state": OutboxState.SENT, "letter": letter}
    return OutboxRow(**facts, queued_at=at, changed_at=at, sent_at=at)


@pytest.mark.parametrize("template", ENOUGH)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_message_is_written_in_every_language(desk, template, language):  # AMB-42
    desk.locale(language)
    letter = await desk.write(template)
    greeting, farewell, _ = LANGUAGES[language]
    assert letter.text.startswith(greeting)
    assert farewell in letter.text
    assert "Kedai Buku O'Hara" in letter.subject
    assert all(text in letter.text for text in ENOUGH[template].values() if text != "on_track")
    assert f'<html lang="{language}">' in letter.html


async def test_the_three_languages_are_really_three(desk):
    texts = set()
    for language in LANGUAGES:
        desk.locale(language)
        texts.add((await desk.write("weekly_update")).text)
    assert len(texts) == 3


@pytest.mark.parametrize("language", LANGUAGES)
async def test_dates_are_written_as_the_reader_writes_them(desk, language):
    desk.locale(language)
    assert LANGUAGES[language][2] in (await desk.write("engaged_notice")).text


async def test_a_day_is_the_readers_day_not_that_of_utc(desk):
    await desk.draft("engaged_notice", opened_at=datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    letter = await desk.letters.compose(release(ENOUGH["engaged_notice"]))
    assert "Tuesday, November 24, 2026" in letter.text


@pytest.mark.parametrize(
    ("locale", "greeting"),
    [("ms-MY", "Salam"), ("id_ID", "Yth."), ("fr", "Dear"), ("", "Dear"), ("../en", "Dear"), ("MS", "Salam")],
)
async def test_a_locale_without_templates_is_answered_in_english(desk, locale, greeting):  # AMB-42
    desk.locale(locale)
    assert (await desk.write("weekly_update")).text.startswith(greeting)


async def test_a_contact_without_a_locale_is_written_to_in_that_of_the_account(desk):
    desk.crm.accounts["acct-1"] = account(locale="ms")
    desk.crm.people["acct-1"] = (contact(locale=""),)
    assert (await desk.write("weekly_update")).text.startswith("Salam")


async def test_it_is_signed_with_name_and_title_and_answers_go_to_the_signer(desk):  # CANC-21, CANC-26
    letter = await desk.write("acknowledgment")
    assert "Wei Ling Chong\nSenior Customer Success Manager\n" in letter.text
    assert "+60 3 5550 0142" in letter.text
    assert letter.reply_to == Mailbox(address="weiling@northwind-saas.example", name="Wei Ling Chong")
    assert letter.sender == Mailbox(address="care@northwind-saas.example", name="Wei Ling Chong")
    assert letter.to == Mailbox(address="aisyah@ohara-books.example", name="Aisyah binti Kamal")
    assert (letter.kind, letter.case_id) == (LetterKind.CUSTOMER, "case-1")


@pytest.mark.parametrize("name", ["محمد بن سعيد", "王秀英", "Đặng Thị Hương", "José Ángel Núñez", "D'Arcy O'Neill"])
async def test_names_of_the_world_arrive_whole(desk, name):
    desk.crm.people["acct-1"] = (contact(name=name),)
    letter = await desk.write("acknowledgment")
    assert f"Dear {name}," in letter.text
    assert letter.to.name == name
    assert 'dir="auto"' in letter.html
    assert name.replace("'", "&#39;") in letter.html


async def test_html_shows_markup_of_a_person_as_plain_text(desk):
    edits = ENOUGH["engaged_notice"] | {"next_steps": "By 2026-12-02 we mend totals where a < b & b > c; see <b."}
    desk.crm.accounts["acct-1"] = account(name="Ampersand & Söhne")
    letter = await desk.write("engaged_notice", edits)
    assert "Ampersand &amp; Söhne" in letter.html
    assert "a &lt; b &amp; b &gt; c; see &lt;b." in letter.html
    assert "a < b & b > c; see <b." in letter.text


async def test_lists_become_lists(desk):
    html = (await desk.write("day30_followup")).html
    assert '<ul>\n<li dir="auto">Import without a row limit by 2026-12-04</li>\n</ul>' in html


async def test_the_weekly_update_has_its_four_parts_in_order(desk):  # SAVE-19
    edits = ENOUGH["weekly_update"] | {"customer_action": "Please name a tester by 2026-12-01."}
    text = (await desk.write("weekly_update", edits)).text
    places = [text.index(part) for part in ("went through", "On track", "4 December 2026", "name a tester")]
    assert places == sorted(places)


async def test_a_delay_is_called_a_delay(desk):  # SAVE-14, SAVE-19
    text = (await desk.write("weekly_update", ENOUGH["weekly_update"] | {"status": "delayed"})).text
    assert "Delayed: we are behind" in text
    assert "On track" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_progress_is_reported_with_its_reason(desk, language):  # SAVE-13, TMPL-31
    desk.locale(language)
    edits = {name: text for name, text in ENOUGH["weekly_update"].items() if name != "progress"}
    reason = "The vendor of the map service has not delivered the new keys."
    text = (await desk.write("weekly_update", edits | {"no_progress_because": reason})).text
    assert reason in text
    assert "went through" not in text


async def test_the_customer_is_told_when_nothing_is_asked_of_them(desk):
    assert "Nothing this week." in (await desk.write("weekly_update")).text


async def test_day_30_lists_the_promises_of_the_case_and_asks_whether_it_is_resolved(desk):  # TMPL-32
    await desk.draft("day30_followup", told=PROMISED)
    letter = await desk.letters.compose(release({"personal_word": ENOUGH["day30_followup"]["personal_word"]}))
    assert "- Import without limit: " in letter.text
    assert ", by Friday, December 4, 2026 (late, still owed)\n" in letter.text
    assert "- A call each Tuesday: by Tuesday, December 8, 2026 (open)\n" in letter.text
    assert "Is the problem resolved for you?" in letter.text


async def test_the_first_mail_of_the_case_starts_the_thread(desk):
    async with desk.database.writing() as session:
        session.add(stored_mail("k-staff", "staff@northwind-saas.example", LetterKind.STAFF, hour=1))
        session.add(stored_mail("k-2", "second@northwind-saas.example", hour=3))
        session.add(stored_mail("k-1", "first@northwind-saas.example", hour=2))
    assert (await desk.write("weekly_update")).in_reply_to == "first@northwind-saas.example"


async def test_the_second_message_answers_the_mail_that_the_outbox_sent(desk):
    first = await desk.write("acknowledgment")
    sent = await EmbeddedEmail(desk.database).send(first, release({}).key)
    assert (await desk.write("weekly_update", n=2)).in_reply_to == sent.id


async def test_the_first_mail_itself_answers_nothing(desk):
    letter = await desk.write("acknowledgment")
    async with desk.database.writing() as session:
        session.add(stored_mail(release({}).key, "own@northwind-saas.example"))
    again = await desk.letters.compose(release(ENOUGH["acknowledgment"]))
    assert letter.in_reply_to is None
    assert again == letter


async def test_a_draft_is_kept_once_for_its_key(desk):
    first = await desk.draft("weekly_update")
    again = await desk.letters.draft(drafted("weekly_update", occurrence=9))
    assert (first.replayed, again.replayed) == (False, True)
    assert (first.id, first.at) == (again.id, again.at)
    assert "weekly update 1" in (await desk.letters.preview("case-1", "m-1")).subject


async def test_what_was_released_is_kept_with_who_released_it(desk):
    await desk.write("weekly_update")
    async with desk.database.reading() as session:
        row = await session.get_one(DraftRow, ("case-1", "m-1"))
    assert (row.signer, row.changed_at) == ("p-csm", AT)
    assert Edit(name="status", text="on_track") in row.parts
    assert "⟪" not in row.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_preview_shows_in_place_what_is_still_to_be_written(desk, language):
    desk.locale(language)
    await desk.draft("weekly_update")
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing] == ["personal_word", "progress", "status", "next_steps"]
    assert [part.name for part in shown.optional] == ["shared_progress", "no_progress_because", "customer_action"]
    assert all(f"⟪{part.name} (" in shown.text for part in shown.missing)
    assert shown.language == language


async def test_a_preview_says_that_nobody_is_there_to_sign_or_to_read(desk):
    desk.crm.people["acct-1"] = ()
    await desk.draft("engaged_notice", signer="p-gone")
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing][-2:] == ["contact", "signature"]
    assert "⟪contact:" in shown.text
    assert "⟪signature:" in shown.text


async def test_a_draft_that_nobody_made_is_unknown(desk):
    for asked in (desk.letters.preview("case-1", "m-7"), desk.letters.compose(release({}, 7))):
        with pytest.raises(PermanentFault, match="no draft 'm-7'") as fault:
            await asked
        assert fault.value.kind == RefusalType.UNKNOWN_MESSAGE


async def test_an_unknown_template_is_answered_with_those_that_exist(desk):
    with pytest.raises(PermanentFault, match="weekly_update") as fault:
        await desk.draft("hard_sell")
    assert fault.value.kind == RefusalType.UNKNOWN_MESSAGE


async def test_every_message_has_a_template_in_every_language_and_asks_for_own_words_unless_it_goes_out_by_itself():
    for name, spec in load_catalogue(MESSAGES).messages.items():  # OFFB-58
        by_itself = all(part.given for part in spec.parts)
        assert by_itself or any(part.required and PartRule.OWN in part.rules for part in spec.parts)
        assert all((MESSAGES / language / f"{name}.j2").is_file() for language in LANGUAGES)


async def test_the_template_of_the_account_in_another_zone_names_that_day(desk):
    desk.locale("en", zone="America/Los_Angeles")
    assert OPENED.day == 23
    desk.crm.accounts["acct-1"] = account(works=WorkingTime(time_zone="America/Los_Angeles"))
    assert "Sunday, November 22, 2026" in (await desk.write("engaged_notice")).text


@pytest.mark.parametrize(
    ("language", "state", "months", "day"),
    [
        ("en", "late, still owed", "Months 1 to 3: 40% off", "December 4, 2026"),
        ("ms", "sudah lewat, tetapi tetap menjadi tanggungan kami", "Bulan 1 hingga 3: diskaun 40%", "4 Disember 2026"),
        ("id", "terlambat, tetapi tetap menjadi kewajiban kami", "Bulan 1 sampai 3: diskon 40%", " 4 Desember 2026"),
    ],
)
async def test_a_draft_begins_with_what_its_case_knows(desk, language, state, months, day):  # POST-8, TMPL-14, TMPL-19
    desk.locale(language)
    for n, template in enumerate(("recovery_touchpoint", "apology", "phase_in", "weekly_update"), start=1):
        await desk.draft(template, n, told=PROMISED)
    touchpoint, apology, phase_in, weekly = [await desk.letters.preview("case-1", f"m-{n}") for n in range(1, 5)]
    assert state in touchpoint.text
    assert day in touchpoint.text
    assert {part.name for part in touchpoint.missing} == {"personal_word", "news"}
    assert "“nobody answered us for weeks”" in apology.text
    assert months in phase_in.text
    assert {part.name for part in phase_in.missing} == {"personal_word", "customer_action"}
    assert {part.name for part in weekly.missing} == {"personal_word", "progress", "status"}


async def test_what_the_case_knows_passes_the_check_at_release(desk):  # SAVE-19
    await desk.draft("weekly_update", told=PROMISED)
    edits = {name: text for name, text in ENOUGH["weekly_update"].items() if name != "next_steps"}
    letter = await desk.letters.compose(release(edits))
    assert "- Import without limit: Wei Ling" in letter.text


async def test_one_price_step_is_no_schedule_and_is_left_to_the_writer(desk):  # TMPL-19
    await desk.draft("phase_in", told=Told(offered=Offered(terms=PROMISED.offered.terms[:1])))
    assert "schedule" in {part.name for part in (await desk.letters.preview("case-1", "m-1")).missing}
