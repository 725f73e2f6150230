"""The letters of a cancellation: what each must say and must not, in three languages, and from which facts (TMPL-34..52)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.letters import leaving
from adapters.letters.catalogue import Signed, load_catalogue
from adapters.letters.templates import Templates
from models.account import CustomerType, Money
from models.faults import PermanentFault
from models.leaving_facts import LeavingFacts, Undone
from models.letter import Attachment, Mailbox
from models.retention import Erased
from models.survey import AnswerKind, Choice, Scale, SurveyQuestion
from tests.adapters.letters.company import MESSAGES, SENDER, account, card, contact, release
from tests.adapters.letters.leaving_samples import LEAVING, REDUCED
from tests.adapters.letters.test_customer_letters import LANGUAGES

CATALOGUE = load_catalogue(MESSAGES)
TABLE = Path(__file__).resolve().parents[3] / "docs" / "letters.md"
FACTS = LeavingFacts(
    received=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
    channel="email",
    asked_end=date(2026, 11, 30),
    end_date=date(2026, 12, 8),
    earliest_end=date(2026, 12, 8),
    waiver_role="cs_manager",
    export_by=datetime(2026, 11, 25, 1, 0, tzinfo=UTC),
    transfer_from=date(2026, 11, 26),
    transfer_until=date(2026, 11, 29),
    access_from=date(2026, 11, 30),
    deletion_day=date(2027, 3, 7),
    backups_until=date(2027, 12, 7),
    closed_on=date(2026, 12, 7),
    invoice="INV-2291",
    invoice_total=Money(minor=12_040, currency="USD"),
    invoice_date=date(2026, 12, 8),
    balance=Money(minor=8_800, currency="USD"),
    balance_by=date(2026, 12, 21),
    deleted_on=date(2027, 3, 7),
    erased=(Erased(store="database", what="contacts", rows=12), Erased(store="billing", what="-", rows=0, kept="law")),
    questions=(
        SurveyQuestion(
            id="main_reason",
            kind=AnswerKind.CHOICE,
            text={"en": "Main reason?", "ms": "Sebab utama?", "id": "Alasan utama?"},
            choices=(
                Choice(id="price", text={"en": "price", "ms": "harga", "id": "tarif"}),
                Choice(id="other", text={"en": "other", "ms": "lain", "id": "lainnya"}),
            ),
        ),
        SurveyQuestion(
            id="experience",
            kind=AnswerKind.SCALE,
            scale=Scale(),
            text={"en": "Your experience?", "ms": "Pengalaman anda?", "id": "Pengalaman Anda?"},
        ),
    ),
)

SAYS = [
    # requirement, message, what it says in English, Malay and Indonesian
    (
        "CANC-10",
        "cancellation_receipt",
        "automatic receipt",
        "pengesahan penerimaan automatik",
        "tanda terima otomatis",
    ),
    ("CANC-10", "cancellation_receipt", "A personal letter", "Surat peribadi", "Surat pribadi"),
    ("CANC-10", "cancellation_receipt", "care@", "care@", "care@"),
    ("TMPL-34", "cancellation_acknowledgement", "within 24 hours", "dalam masa 24 jam", "dalam 24 jam"),
    ("TMPL-34", "cancellation_acknowledgement", "I will personally", "saya sendiri", "saya sendiri"),
    (
        "TMPL-34",
        "cancellation_acknowledgement",
        "cancel your subscription",
        "membatalkan langganan anda",
        "membatalkan langganan Anda",
    ),
    ("TMPL-36", "cancellation_acknowledgement", "We appreciate", "Kami menghargai", "Kami menghargai"),
    ("TMPL-38", "cancellation_acknowledgement", "your account closed?", "akaun ini ditutup?", "akun ini ditutup?"),
    ("TMPL-39", "cancellation_acknowledgement", "weiling@", "weiling@", "weiling@"),
    ("TMPL-35", "reason_question", "need not answer", "tidak wajib menjawab", "tidak harus menjawab"),
    ("TMPL-35", "reason_question", "goes ahead either way", "tetap diteruskan", "tetap berjalan"),
    ("CANC-27", "cancellation_followup", "completely off the platform?", "platform ini?", "platform ini?"),
    ("CANC-46", "date_answer", "the earliest day is", "paling awal ialah", "paling awal adalah"),
    ("CANC-47", "date_answer", "notice can then be waived", "boleh dikecualikan", "dapat dikesampingkan"),
    ("CANC-6", "date_answer", "Your cancellation stands", "Pembatalan anda tetap", "Pembatalan Anda tetap"),
    ("TMPL-40", "save_invitation", 'reply "no"', 'balas "tidak"', 'balas "tidak"'),
    ("CANC-41", "save_invitation", "will not ask again", "tidak akan bertanya lagi", "tidak akan bertanya lagi"),
    ("CANC-13", "save_invitation", "whatever you answer", "apa pun jawapan", "apa pun jawaban"),
    ("TMPL-41", "offboarding_plan", "weiling@", "weiling@", "weiling@"),
    ("OFFB-17", "offboarding_plan", "unchanged before", "tidak berubah sebelum", "tidak berubah sebelum"),
    ("TMPL-42", "export_notice", "within 48 hours", "dalam masa 48 jam", "dalam 48 jam"),
    ("OFFB-9", "export_notice", "need not ask", "tidak perlu meminta", "tidak perlu meminta"),
    ("OFFB-14", "export_ready", "manifest.json", "manifest.json", "manifest.json"),
    ("OFFB-9", "export_ready", "Please reply once", "Sila balas setelah", "Mohon balas setelah"),
    ("TMPL-43", "access_notice", "remains active until", "kekal aktif sehingga", "tetap aktif sampai"),
    ("TMPL-43", "access_notice", "permanently deleted", "dipadamkan secara kekal", "dihapus permanen"),
    ("TMPL-43", "access_notice_users", "the last day with access", "hari terakhir akses", "hari terakhir akses"),
    ("TMPL-43", "access_notice_users", "permanently deleted", "dipadamkan secara kekal", "dihapus permanen"),
    ("TMPL-44", "closure_confirmation", "fully closed on", "ditutup sepenuhnya pada", "ditutup sepenuhnya pada"),
    ("TMPL-44", "closure_confirmation", "access has been revoked", "akses telah dibatalkan", "akses telah dicabut"),
    ("TMPL-44", "closure_confirmation", "is attached", "dilampirkan", "terlampir"),
    ("TMPL-45", "closure_confirmation", "for 90 days", "selama 90 hari", "selama 90 hari"),
    ("TMPL-45", "closure_confirmation", "Backups", "Salinan sandaran", "Salinan cadangan"),
    ("OFFB-26", "closure_confirmation", "confirmed in writing", "pengesahan bertulis", "konfirmasi tertulis"),
    ("OFFB-23", "retention_choice", "returned:", "pulang:", "kembali:"),
    ("OFFB-23", "retention_choice", "Without an answer", "Tanpa jawapan", "Tanpa jawaban"),
    ("TMPL-46", "deletion_confirmation", "not deleted yet", "belum dipadamkan", "belum dihapus"),
    ("TMPL-47", "survey_invitation", "entirely optional", "terpulang sepenuhnya", "Sepenuhnya pilihan"),
    ("OFFB-34", "survey_invitation", "nobody will ask again", "tiada sesiapa akan bertanya lagi", "bertanya lagi"),
    ("OFFB-34", "survey_reminder", "the only time", "satu-satunya kali", "satu-satunya kali"),
    ("METR-5", "satisfaction_question", "from 0 (", "daripada 0 (", "dari 0 ("),
    ("OFFB-33", "interview_invitation", "fifteen minutes", "lima belas minit", "lima belas menit"),
    ("OFFB-35", "interview_invitation", "never been your customer", "tidak pernah menjadi", "tidak pernah menjadi"),
    ("TMPL-48", "final_message", "We wish you success", "doakan kejayaan anda", "mendoakan kesuksesan Anda"),
    ("OFFB-40", "final_message", "we welcome the chance", "alu-alukan peluang", "menyambut kesempatan"),
    ("OFFB-41", "final_message", "weiling@", "weiling@", "weiling@"),
    ("TMPL-50", "executive_note", "Thank you", "Terima kasih", "Terima kasih"),
    ("AMB-18", "withdrawal_confirmed", "is withdrawn", "ditarik balik", "ditarik kembali"),
    ("CANC-11", "requester_check", "everything stays as it is", "semuanya kekal", "semuanya tetap"),
    ("TMPL-52", "win_back_contact", "at most once a year", "sekali setahun", "sekali setahun"),
    ("TMPL-52", "win_back_contact", 'reply "stop"', 'balas "berhenti"', 'balas "berhenti"'),
    ("OFFB-37", "fixed_what_you_named", "nothing follows from it", "tiada apa-apa susulan", "tidak ada tindak lanjut"),
    ("OFFB-37", "fixed_what_you_named", 'reply "stop"', 'balas "berhenti"', 'balas "berhenti"'),
]
NEVER = ("guilt", "begging", "condition", "nagging", "pressure", "discount", "vague_promise", "generic_benefits")


def attached(name: str = "final_invoice") -> Attachment:
    return Attachment(name=name, file_name=f"{name}.pdf", media_type="application/pdf", content=b"JVBERi0=")


def by_hand(name: str) -> dict[str, str]:
    """What a person writes of the example."""
    spec = CATALOGUE.message(name)
    return {part.name: LEAVING[name].must[part.name] for part in spec.parts if part.required and not part.given}


@pytest.mark.parametrize(
    ("name", "said"), [pytest.param(name, said, id=f"{req}: {name}: {said[0]}") for req, name, *said in SAYS]
)
async def test_it_says_what_it_must(desk, name, said):
    for language, words in zip(LANGUAGES, said, strict=True):
        desk.locale(language)
        parts = LEAVING[name].must | ({"retention_days": "90"} if "retention_days" in LEAVING[name].must else {})
        parts |= REDUCED if "access_from" in LEAVING[name].may else {}
        assert words in " ".join((await desk.write(name, parts)).text.split()), language


def test_every_letter_of_a_cancellation_is_held_to_something_that_it_says():
    assert {name for _, name, *_ in SAYS} == set(LEAVING)


@pytest.mark.parametrize("name", LEAVING)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_its_own_words_hold_no_guilt_no_begging_and_no_pressure(desk, name, language):  # TMPL-34..52, CANC-22
    desk.locale(language)
    letter = await desk.write(name, LEAVING[name].must)
    assert CATALOGUE.avoided(NEVER, f"{letter.subject}\n{letter.text}") is None


ASKED = {
    "cancellation_acknowledgement": ("your account closed?", "akaun ini ditutup?", "akun ini ditutup?"),
    "cancellation_followup": ("the platform?", "platform ini?", "platform ini?"),
}


@pytest.mark.parametrize("name", ASKED)
async def test_the_day_is_asked_for_only_where_none_is_known(desk, name):  # CANC-25, TMPL-38
    for language, asked in zip(LANGUAGES, ASKED[name], strict=True):
        desk.locale(language)
        known = (await desk.write(name, LEAVING[name].must | LEAVING[name].may)).text
        assert asked in (await desk.write(name, LEAVING[name].must)).text
        assert asked not in known
        assert LEAVING[name].may["end_date"] in known
        assert "\n\n\n" not in known


CLAIMED = ("you told us", "memberitahu kami", "menyampaikan kepada kami")


async def test_a_win_back_letter_claims_only_what_they_named(desk):  # TMPL-52, OFFB-54
    for language, claim in zip(LANGUAGES, CLAIMED, strict=True):
        desk.locale(language)
        example = LEAVING["win_back_contact"]
        plain = await desk.write("win_back_contact", example.must)
        named = await desk.write("win_back_contact", example.must | example.may)
        assert claim not in plain.text
        assert claim in named.text
        assert example.may["named"] in named.text
        assert plain.subject != named.subject


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_acknowledgement_outlines_four_parts_and_is_signed_with_name_and_title(desk, language):  # TMPL-37
    desk.locale(language)
    letter = await desk.write("cancellation_acknowledgement", LEAVING["cancellation_acknowledgement"].must)
    assert re.findall(r"^(\d)\. ", letter.text, re.MULTILINE) == ["1", "2", "3", "4"]
    assert "Wei Ling Chong\nSenior Customer Success Manager\n" in letter.text
    assert letter.reply_to == Mailbox(address="weiling@northwind-saas.example", name="Wei Ling Chong")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_export_lists_its_five_sections_and_the_plan_its_five_rows_in_order(desk, language):  # TMPL-41, 42
    desk.locale(language)
    notice = (await desk.write("export_notice", LEAVING["export_notice"].must)).text
    assert re.findall(r"^(\d)\. ", notice, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    sample = LEAVING["offboarding_plan"].must | REDUCED
    plan = (await desk.write("offboarding_plan", sample, n=2)).text
    assert plan.count("\n- ") == 5
    rows = [
        plan.index(sample[name]) for name in ("export_by", "transfer_from", "access_from", "closing_day", "end_date")
    ]
    assert rows == sorted(rows)


@pytest.mark.parametrize(
    ("language", "talk"), [("en", "conversation"), ("ms", "berbincang|perbincangan"), ("id", "bercakap|percakapan")]
)
@pytest.mark.parametrize("message", ["access_notice", "access_notice_users", "offboarding_plan"])
async def test_no_day_is_named_for_access_that_waits_for_a_talk(desk, language, message, talk):  # AMB-19, OFFB-17
    desk.locale(language)
    without, day = LEAVING[message].must, REDUCED["access_from"]
    assert day in (await desk.write(message, without | REDUCED)).text
    if "personal_word" in without:
        without = without | {"personal_word": "You told Mr Ooi that the import of March cost you two days."}
    text = (await desk.write(message, without, n=2)).text
    assert day not in text
    assert re.search(talk, text)
    assert "None" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_final_message_confirms_the_details(desk, language):  # TMPL-49
    desk.locale(language)
    sample = LEAVING["final_message"]
    text = (await desk.write("final_message", sample.whole)).text
    assert all(value in text for value in sample.whole.values())
    assert "weiling@northwind-saas.example" in text


@pytest.mark.parametrize(
    ("language", "open_end"),
    [("en", "to be agreed with you"), ("ms", "akan dipersetujui bersama"), ("id", "akan disepakati bersama")],
)
async def test_a_receipt_says_the_end_date_or_that_it_is_to_be_agreed(desk, language, open_end):  # CANC-10
    desk.locale(language)
    sample = LEAVING["cancellation_receipt"]
    without = (await desk.write("cancellation_receipt", sample.must)).text
    with_it = (await desk.write("cancellation_receipt", sample.whole, n=2)).text
    assert open_end in without
    assert open_end not in with_it
    assert sample.may["end_date"] in with_it


@pytest.mark.parametrize("signer", ["p-csm", "p-new", "p-ghost"])
async def test_a_receipt_is_signed_by_the_team_and_needs_nobody(desk, signer):  # CANC-10, DIS-30
    await desk.draft("cancellation_receipt", leaving=FACTS, signer=signer)
    shown = await desk.letters.preview("case-1", "m-1")
    letter = await desk.letters.compose(release({}, by=signer))
    assert shown.missing == ()
    assert (letter.sender, letter.reply_to) == (SENDER, None)
    assert "Your team at Northwind Care" in letter.text
    assert card().name not in letter.text


def test_only_the_receipt_is_signed_by_the_team():  # CANC-21
    assert [n for n, spec in CATALOGUE.messages.items() if spec.signed is Signed.TEAM] == ["cancellation_receipt"]


STEPPED = ("step by step", "From ", "berperingkat", "Mulai ", "bertahap")
ONE_DAY = {
    "access_notice": ("On that day itself it is read-only", "Pada hari itu sendiri", "Pada hari itu sendiri"),
    "access_notice_users": ("On that day you can still read", "Pada hari itu anda masih", "Pada hari itu Anda masih"),
    "offboarding_plan": (
        "on that day, the last one",
        "pada hari itu, hari terakhirnya",
        "pada hari itu, hari terakhirnya",
    ),
}


@pytest.mark.parametrize("name", ONE_DAY)
async def test_access_that_is_reduced_on_its_last_day_alone_is_not_told_as_steps_over_days(desk, name):  # OFFB-17
    for language, words in zip(LANGUAGES, ONE_DAY[name], strict=True):
        desk.locale(language)
        over_days = (await desk.write(name, LEAVING[name].must)).text
        on_one = (await desk.write(name, LEAVING[name].must | {"access_from": "Monday, December 7, 2026"})).text
        assert words in on_one
        assert words not in over_days
        told = on_one.split("From Tuesday, December 8, 2026 on the account")[0].split("- Mulai Tuesday")[0]
        assert not any(stepped in told for stepped in STEPPED)
        assert "\n\n\n" not in on_one


# --- From the facts of the case ---

BESIDES = {"named", "since", "export_link"}
"""Parts that come word by word, or from where the export is kept."""
FROM_FACTS = [
    name for name in LEAVING if not BESIDES & {part.name for part in CATALOGUE.message(name).parts if part.required}
]


@pytest.mark.parametrize("name", FROM_FACTS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_facts_of_the_case_and_a_persons_words_make_it_whole(desk, name, language):
    desk.locale(language)
    await desk.draft(name, leaving=FACTS)
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing] == list(by_hand(name))
    letter = await desk.letters.compose(release(by_hand(name)))
    assert "⟪" not in letter.text + letter.subject
    assert "None" not in letter.text


@pytest.mark.parametrize(
    "name", [name for name in FROM_FACTS if any(p.given and p.required for p in CATALOGUE.message(name).parts)]
)
async def test_without_its_facts_it_is_refused_and_never_sent_half(desk, name):  # OFFB-58
    wanted = [part.name for part in CATALOGUE.message(name).parts if part.given and part.required]
    await desk.draft(name, leaving=LeavingFacts())
    with pytest.raises(PermanentFault, match="Still to be written") as fault:
        await desk.letters.compose(release(by_hand(name)))
    asked = re.findall(r"(\w+) \(", fault.value.sentence)
    supplied = {"request", "general_contact"}  # the words for what was asked need no date, nor does our address
    assert [part for part in wanted if part not in asked and part not in supplied] == []


@pytest.mark.parametrize(
    ("locale", "day", "waiver"),
    [
        ("en", "Tuesday, December 8, 2026", "our head of customer success"),
        ("ms", "Selasa, 8 Disember 2026", "ketua pasukan kejayaan pelanggan kami"),
        ("id", "Selasa, 8 Desember 2026", "kepala tim keberhasilan pelanggan kami"),
    ],
)
def test_facts_are_told_in_the_language_of_the_reader(locale, day, waiver):  # AMB-42
    templates = Templates(MESSAGES)
    reader = templates.reader("date_answer", locale, "Asia/Kuala_Lumpur")
    told = leaving.told(FACTS, templates, reader, leaving.Around(contact=SENDER.address, code="7K2M"))
    assert (told["earliest_end"], told["waiver_by"]) == (day, waiver)
    assert told["retention_days"] == "90"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "1. Main reason? (price / other)", "2. Your experience? (0–10)"),
        ("ms", "1. Sebab utama? (harga / lain)", "2. Pengalaman anda? (0–10)"),
        ("id", "1. Alasan utama? (tarif / lainnya)", "2. Pengalaman Anda? (0–10)"),
    ],
)
async def test_the_survey_shows_each_question_with_its_answers(desk, language, first, second):  # OFFB-27
    desk.locale(language)
    await desk.draft("survey_invitation", leaving=FACTS)
    assert f"{first}\n{second}\n" in (await desk.letters.compose(release({}))).text


# --- Money, as it stands ---

OWED = Money(minor=31_000, currency="USD")
BY = date(2026, 12, 15)
MONEY = [
    # how it stands, the letter, what it says in English, Malay and Indonesian
    (
        {"refund_owed": OWED, "refund_by": BY},
        "closure_confirmation",
        "Will be paid back to you by Tuesday, December 15, 2026: $310.00",
        "Akan dibayar balik kepada anda selewat-lewatnya Selasa, 15 Disember 2026: ",
        "Akan dikembalikan kepada Anda paling lambat Selasa, 15 Desember 2026: ",
    ),
    (
        {"refund_owed": OWED},
        "closure_confirmation",
        "Still to be paid back to you: $310.00",
        "Masih perlu dibayar balik kepada anda: ",
        "Masih harus dikembalikan kepada Anda: ",
    ),
    (
        {"refund": OWED, "refunded_on": BY},
        "closure_confirmation",
        "is not used: $310.00",
        "Telah dibayar balik",
        "Telah dikembalikan kepada Anda untuk",
    ),
    (
        {"refund": OWED, "refunded_on": BY, "balance": OWED},
        "final_message",
        "- paid back to you on Tuesday, December 15, 2026: $310.00",
        "- dibayar balik kepada anda pada Selasa, 15 Disember 2026: ",
        "- dikembalikan kepada Anda pada Selasa, 15 Desember 2026: ",
    ),
    (
        {"balance": OWED, "balance_by": BY},
        "closure_confirmation",
        "by you by Tuesday, December 15, 2026, and collected separately; nothing else waits for it: $310.00",
        "selewat-lewatnya Selasa, 15 Disember 2026, dan dikutip secara berasingan",
        "paling lambat Selasa, 15 Desember 2026, dan ditagih secara terpisah",
    ),
    (
        {"balance": OWED, "balance_by": BY},
        "final_message",
        "still to be paid by Tuesday, December 15, 2026, collected separately",
        "masih perlu dibayar selewat-lewatnya Selasa, 15 Disember 2026, dikutip secara berasingan",
        "masih harus dibayar paling lambat Selasa, 15 Desember 2026, ditagih secara terpisah",
    ),
    (
        {"fee": OWED, "fee_before": BY},
        "date_answer",
        "Ending before Tuesday, December 15, 2026 costs $310.00",
        "Penamatan sebelum Selasa, 15 Disember 2026 dikenakan ",
        "Pengakhiran sebelum Selasa, 15 Desember 2026 dikenai biaya ",
    ),
    (
        {"fee": OWED, "fee_before": BY},
        "offboarding_plan",
        "- Ending before Tuesday, December 15, 2026 costs $310.00",
        "- Penamatan sebelum Selasa, 15 Disember 2026 dikenakan ",
        "- Pengakhiran sebelum Selasa, 15 Desember 2026 dikenai biaya ",
    ),
]
PAID_BACK = (
    *("Paid back", "Telah dibayar balik", "Telah dikembalikan"),
    *("- paid back to you on", "- dibayar balik kepada anda pada", "- dikembalikan kepada Anda pada"),
)
OWING = ("refund", "refunded_on", "refund_owed", "refund_by", "balance", "balance_by", "fee", "fee_before")
BARE = FACTS.model_copy(update=dict.fromkeys(OWING))


@pytest.mark.parametrize("nth", range(len(LANGUAGES)))
@pytest.mark.parametrize(("money", "name", "words"), [(money, name, words) for money, name, *words in MONEY])
async def test_a_letter_says_of_money_what_is_true_of_it(desk, money, name, words, nth):  # OFFB-19, OFFB-20, CANC-46
    desk.locale(tuple(LANGUAGES)[nth])
    await desk.draft(name, leaving=BARE.model_copy(update=money))
    text = (await desk.letters.compose(release(by_hand(name)))).text
    assert words[nth] in " ".join(text.replace("\xa0", " ").split())
    assert any(word in text for word in PAID_BACK) == ("refund" in money)


GIVEN_BACK = (
    "As you chose, your data is returned",
    "Seperti pilihan anda, data anda",
    "Sesuai pilihan Anda, data Anda",
)


@pytest.mark.parametrize("chose", [True, False])
@pytest.mark.parametrize("nth", range(len(LANGUAGES)))
@pytest.mark.parametrize("name", ["access_notice", "closure_confirmation", "final_message"])
async def test_who_chose_to_have_their_data_back_reads_so(desk, name, nth, chose):  # OFFB-23, TMPL-45
    desk.locale(tuple(LANGUAGES)[nth])
    await desk.draft(name, leaving=FACTS.model_copy(update={"data_back": chose}))
    text = (await desk.letters.compose(release(by_hand(name)))).text
    assert (GIVEN_BACK[nth] in text) is chose


async def test_nothing_owed_is_not_spoken_of(desk):  # OFFB-22
    await desk.draft("closure_confirmation", leaving=BARE)
    text = (await desk.letters.compose(release({}))).text
    assert "back" not in text.replace("Backups", "")
    assert "collected" not in text


async def test_the_last_letter_waits_for_what_still_binds_either_side(desk):  # OFFB-42, TMPL-49
    await desk.draft("final_message", leaving=BARE)
    assert "obligations" in [part.name for part in (await desk.letters.preview("case-1", "m-1")).missing]
    letter = await desk.letters.compose(release(by_hand("final_message") | {"obligations": "none"}))
    assert "Continuing obligations:\n\nnone" in letter.text


@pytest.mark.parametrize(("language", "word"), [("ms", "tiada"), ("id", "tidak ada"), ("en", "none")])
@pytest.mark.parametrize("written", ["none", "None.", "tiada"])
async def test_a_part_with_nothing_to_tell_says_so_in_the_language_of_the_reader(desk, language, word, written):
    # OFFB-42, AMB-42
    desk.locale(language)
    await desk.draft("final_message", leaving=BARE)
    text = (await desk.letters.compose(release(by_hand("final_message") | {"obligations": written}))).text
    assert f":\n\n{word}\n\n" in text


# --- What goes with a letter ---


async def test_the_closure_is_not_confirmed_without_the_invoice_that_it_speaks_of(desk):  # OFFB-22, TMPL-44
    await desk.draft("closure_confirmation")
    assert "final_invoice" in [part.name for part in (await desk.letters.preview("case-1", "m-1")).missing]
    with pytest.raises(PermanentFault, match="Not attached: final_invoice; ") as fault:
        await desk.letters.compose(release(LEAVING["closure_confirmation"].must))
    assert fault.value.kind == "MessageNotReady"


async def test_the_final_invoice_of_the_case_goes_with_the_confirmation(desk):  # OFFB-22
    await desk.draft("closure_confirmation", leaving=FACTS)
    (one,) = (await desk.letters.compose(release({}))).attachments
    assert (one.name, one.file_name, one.document) == ("final_invoice", "INV-2291.pdf", "")
    assert one.content == b"%PDF- acct-1 INV-2291 en"


async def test_a_file_that_the_case_gives_goes_before_the_one_that_is_only_referred_to(desk):
    await desk.draft("closure_confirmation", leaving=FACTS, attachments=(attached(), attached("certificate")))
    letter = await desk.letters.compose(release({}))
    assert [one.name for one in letter.attachments] == ["final_invoice", "certificate"]
    assert letter.attachments[0].content == b"%PDF-"


async def test_a_letter_that_goes_out_by_itself_may_go_out_again(desk):  # OFFB-10: the delta export
    parts = LEAVING["export_ready"].must
    first, again = [await desk.write("export_ready", parts, n=n) for n in (1, 2)]
    assert first.text == again.text


@pytest.mark.parametrize(
    ("language", "zone", "clock"),
    [
        ("en", "Asia/Kuala_Lumpur", "9:00 AM (Malaysia Time)"),
        ("ms", "Asia/Kuala_Lumpur", "9:00 PG (Waktu Malaysia)"),
        ("id", "Asia/Jakarta", "08.00 (Waktu Indonesia Barat)"),
    ],
)
async def test_a_receipt_says_the_time_with_its_zone(desk, language, zone, clock):  # CANC-10
    desk.locale(language, zone=zone)
    await desk.draft("cancellation_receipt", leaving=FACTS)
    assert clock in (await desk.letters.compose(release({}))).text.replace("\u202f", " ")


async def test_other_letters_carry_no_invoice(desk):
    await desk.draft("retention_choice", leaving=FACTS)
    assert (await desk.letters.compose(release({}))).attachments == ()


# --- The table for those who pass the facts ---


def rows() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """The table of the document: given and needed, given if there is one, and written by a person."""
    cells = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    found = {}
    for name, *columns in (row[:4] for row in cells if len(row) == 5):
        found[name.strip("`")] = tuple(re.findall(r"`(\w+)`", column) for column in columns)
    return found


def test_the_table_of_the_letters_is_what_the_letters_ask_for():
    asked = {}
    for name in LEAVING:
        parts = CATALOGUE.message(name).parts
        needed = [part.name for part in parts if part.given and part.required]
        asked[name] = (
            needed,
            [p.name for p in parts if not p.required],
            [p.name for p in parts if p.required and not p.given],
        )
    assert rows() == asked


def test_every_fact_of_a_cancellation_has_its_row():
    said = re.findall(r"^\| `(\w+)` \| ", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(LeavingFacts.model_fields) | {"left_on", "destination"} <= set(said)


@pytest.mark.parametrize(("named", "reads"), [("c-3", "c-3"), ("", "c-2"), ("c-nobody", "c-2")])
async def test_a_letter_goes_to_the_contact_whom_the_case_names_and_else_to_the_accounts_own(desk, named, reads):
    # CANC-11
    other = contact(id="c-3", name="Priya Raman", email="priya@ohara-books.example")
    desk.crm.people["acct-1"] = (contact(), other)
    await desk.draft("requester_check", reader=named)
    assert (await desk.letters.preview("case-1", "m-1")).to == reads


# --- What is true of this customer alone ---

CREDIT = FACTS.model_copy(update={"invoice_total": Money(minor=-120_440, currency="USD")})


async def composed(desk, name: str, facts: LeavingFacts, language: str) -> str:
    desk.locale(language)
    await desk.draft(name, leaving=facts)
    return (await desk.letters.compose(release(by_hand(name)))).text


@pytest.mark.parametrize(
    ("language", "invoice", "credit"),
    [
        ("en", "final invoice", "final credit note"),
        ("ms", "invois akhir", "nota kredit akhir"),
        ("id", "faktur akhir", "nota kredit akhir"),
    ],
)
async def test_the_letter_calls_the_last_bill_what_its_pdf_is_called(desk, language, invoice, credit):  # OFFB-22
    for facts, called, other in ((FACTS, invoice, credit), (CREDIT, credit, invoice)):
        desk.locale(language)
        await desk.draft("closure_confirmation", n=1 + (facts is CREDIT), leaving=facts)
        text = (await desk.letters.compose(release({}, 1 + (facts is CREDIT)))).text
        assert called in text
        assert other not in text


@pytest.mark.parametrize(
    ("language", "offer", "said"),
    [
        ("en", "reply to this email", "You asked for a written confirmation"),
        ("ms", "balas e-mel ini", "telah meminta pengesahan bertulis"),
        ("id", "balas email ini", "telah meminta konfirmasi tertulis"),
    ],
)
async def test_a_confirmation_that_was_asked_for_is_promised_and_not_offered(desk, language, offer, said):  # OFFB-26
    text = await composed(desk, "closure_confirmation", FACTS.model_copy(update={"proof_wanted": True}), language)
    assert said in text
    assert offer not in text


@pytest.mark.parametrize(("language", "word"), [("en", "refund"), ("ms", "Bayaran balik"), ("id", "Pengembalian")])
async def test_nothing_is_said_of_a_refund_where_there_is_none(desk, language, word):  # OFFB-19
    assert word not in await composed(desk, "closure_confirmation", CREDIT, language)


class Kept:
    """Exports that are kept, in memory, with what was made longer."""

    def __init__(self) -> None:
        self.good_until: list[datetime] = []

    async def extend(self, _: str, until: datetime) -> Any:
        self.good_until.append(until)
        return SimpleNamespace(code="7K2M-44QX")


EXPORTED = FACTS.model_copy(
    update={"export": "exp-1", "export_until": datetime(2027, 2, 28, 16, tzinfo=UTC), "export_rows": 12}
)


async def test_the_closure_letter_brings_the_code_and_makes_it_good_until_the_day_that_it_names(desk):  # OFFB-24
    exports = desk.letters._exports = Kept()
    text = await composed(desk, "closure_confirmation", EXPORTED, "en")
    assert "7K2M-44QX, until Sunday, February 28, 2027\n\nTo fetch it, reply to this letter and name the code" in text
    assert set(exports.good_until) == {EXPORTED.export_until}


@pytest.mark.parametrize(
    ("language", "everything", "section"),
    [
        ("en", "nothing is stored there", "- Integrations and configurations"),
        ("ms", "tiada apa-apa disimpan", "- "),
        ("id", "tidak ada apa pun", "- "),
    ],
)
async def test_an_export_without_data_says_so_and_which_sections_are_empty(desk, language, everything, section):
    # OFFB-14
    desk.letters._exports = Kept()
    nothing = EXPORTED.model_copy(update={"export_rows": 0, "export_empty": ("integrations",)})
    text = await composed(desk, "export_ready", nothing, language)
    assert everything in text
    some = EXPORTED.model_copy(update={"export_empty": ("integrations",)})
    desk.locale(language)
    await desk.draft("export_ready", n=2, leaving=some)
    text = (await desk.letters.compose(release({}, 2))).text
    assert everything not in text
    assert section in text


@pytest.mark.parametrize("name", ["export_ready", "closure_confirmation"])
@pytest.mark.parametrize(
    ("language", "reply", "page"),
    [
        ("en", "reply to this letter and name the code: we send you the archive", "Open https://"),
        ("ms", "balas surat ini dan nyatakan kodnya", "Buka https://"),
        ("id", "balas surat ini dan sebutkan kodenya", "Buka https://"),
    ],
)
async def test_a_code_comes_with_a_way_to_use_it(desk, name, language, reply, page):  # OFFB-13
    desk.letters._exports = Kept()
    without = await composed(desk, name, EXPORTED, language)
    desk.letters._download_page = "https://data.northwind-saas.example/fetch"
    await desk.draft(name, n=2, leaving=EXPORTED)
    with_it = (await desk.letters.compose(release({}, 2))).text
    assert (reply in without, page in without) == (True, False)
    assert (reply in with_it, f"{page}data.northwind-saas.example/fetch" in with_it) == (False, True)


@pytest.mark.parametrize(
    ("language", "asked", "stands"),
    [
        (
            "en",
            "on Monday, November 30, 2026 (with Sunday, November 29, 2026 as the last day with access)",
            "Tuesday, December 8, 2026; your access lasts until the end of Monday, December 7, 2026",
        ),
        (
            "ms",
            "pada Isnin, 30 November 2026 (dengan Ahad, 29 November 2026 sebagai hari terakhir akses)",
            "Selasa, 8 Disember 2026; akses anda kekal sehingga penghujung hari Isnin, 7 Disember 2026",
        ),
        (
            "id",
            "pada Senin, 30 November 2026 (dengan Minggu, 29 November 2026 sebagai hari terakhir akses)",
            "Selasa, 8 Desember 2026; akses Anda berlaku sampai akhir hari Senin, 7 Desember 2026",
        ),
    ],
)
async def test_a_receipt_says_plainly_which_day_is_the_last_with_access(desk, language, asked, stands):  # CANC-10
    text = await composed(desk, "cancellation_receipt", FACTS, language)
    assert asked in text
    assert stands in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_private_person_is_not_told_of_a_team(desk, language):  # TMPL-43
    undone = FACTS.model_copy(update={"undone": (Undone.ACCESS,)})
    words = ("team", "pasukan", "tim Anda")
    teams = [
        [word in await written_to(desk, kind, name, facts, language, n) for word in words]
        for n, (kind, name, facts) in enumerate(
            (kind, name, facts)
            for kind in CustomerType
            for name, facts in (("access_notice", FACTS), ("withdrawal_confirmed", undone))
        )
    ]
    assert [any(said) for said in teams] == [True, True, False, False]


async def written_to(desk, kind, name, facts, language, n) -> str:
    desk.locale(language)
    desk.crm.accounts["acct-1"] = account(locale=language, customer_type=kind)
    await desk.draft(name, n=n + 1, leaving=facts)
    parts = {part: f"{text} ({n})" for part, text in by_hand(name).items()}
    return (await desk.letters.compose(release(parts, n + 1))).text


@pytest.mark.parametrize(
    ("language", "credit"), [("en", "a credit of $1,204.40"), ("ms", "kredit sebanyak "), ("id", "kredit sebesar ")]
)
async def test_a_credit_is_called_one_and_has_no_minus(desk, language, credit):  # OFFB-22, TMPL-49
    facts = BARE.model_copy(update={"invoice_total": CREDIT.invoice_total})
    desk.locale(language)
    await desk.draft("final_message", leaving=facts)
    parts = by_hand("final_message") | {"obligations": "none"}
    text = (await desk.letters.compose(release(parts))).text
    assert credit in text
    assert "-" not in text.partition(credit)[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I am writing in place of Wei Ling Chong, who wrote to you first."),
        ("ms", "Saya menulis bagi pihak Wei Ling Chong"),
        ("id", "Saya menulis menggantikan Wei Ling Chong"),
    ],
)
async def test_who_signs_for_the_named_coordinator_says_so(desk, language, said):  # TMPL-37
    desk.directory.cards["p-two"] = card(id="p-two", name="Jonas Roth", email="jonas@northwind-saas.example")
    desk.locale(language)
    for n, by in ((1, "p-csm"), (2, "p-two")):
        await desk.draft("retention_choice", n=n, leaving=FACTS, first_writer="p-csm", signer=by)
    own, other = [(await desk.letters.compose(release({}, n, by=by))).text for n, by in ((1, "p-csm"), (2, "p-two"))]
    assert said not in own
    assert other.split("\n\n")[1].startswith(said)


async def test_a_word_that_repeats_another_part_is_not_blamed_on_the_template(desk):  # OFFB-58
    parts = by_hand("cancellation_followup")
    sentence = await desk.refused("cancellation_followup", parts | {"personal_word": parts["next_steps"]})
    assert "only repeats what the part 'next_steps' says" in sentence
