"""Documents: a page is kept once and stays as it was; what people wrote stays words; it is read in two minutes."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from activities.documents import DocumentActivities
from adapters.book.port import BookPort
from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.documents.embedded import EmbeddedDocuments
from adapters.documents.pages import Pages, words
from adapters.documents.port import DocumentsPort
from adapters.documents.reading import DocumentSources
from adapters.documents.signs import chart, line
from adapters.facts.port import FactsPort
from adapters.playbooks.folder import FolderPlaybooks
from adapters.usage.port import UsagePort
from models.account import Money
from models.brief import Brief
from models.brief_policy import BriefRules
from models.crm import AccountRecord, NoteRecord, SeatRecord
from models.directory import DirectoryPerson
from models.document import Document, DocumentKind
from models.facts import InboundFact, UsageDay
from models.faults import PermanentFault
from models.review_page import ReviewPage, ReviewSection
from models.usage import Week
from models.value import GivenFigures, RoiInputs, ValueFacts
from models.work import PrepareBrief
from rules.brief import brief
from rules.value import roi, value_summary
from tests.unit.rules.briefing import DAYS, LAST_90, NOTED, NOW, PLAYBOOKS, answer, plan, ticket, used
from tests.unit.rules.briefing import facts as customer

RULES = plan().policy.brief
PAGE = Document(key="c-1/brief/p-1", kind=DocumentKind.BRIEF, account_id="acc-1", title="T", text="first", at=NOW)

REVIEWED = ReviewPage(
    title="Weekly portfolio review",
    asked="Aina",
    period="2026-W48",
    since=date(2026, 11, 1),
    until=date(2026, 11, 27),
    at=datetime(2026, 11, 27, 19, 39, tzinfo=UTC),
    sections=(
        ReviewSection(
            heading="Accounts",
            says="Two of them worry.",
            columns=("account", "a year"),
            rows=(("PT Warung", "USD 4,800"),),
        ),
    ),
)


@pytest.fixture
def documents(database: Database) -> DocumentsPort:
    return EmbeddedDocuments(database)


@pytest.fixture
def pages() -> Pages:
    return Pages(PLAYBOOKS / "messages")


async def test_the_same_key_keeps_the_first_page_and_answers_with_its_receipt(documents: DocumentsPort) -> None:
    first = await documents.keep(PAGE)
    again = await documents.keep(PAGE.model_copy(update={"text": "second", "at": NOW + timedelta(hours=1)}))
    assert (again.id, again.at, again.replayed) == (first.id, NOW, True)
    assert (await documents.document(first.id)).text == "first"
    assert await documents.of_account("acc-1") == (await documents.find(PAGE.key),)


async def test_two_who_keep_a_page_at_once_keep_one(documents: DocumentsPort) -> None:
    receipts = await asyncio.gather(*(documents.keep(PAGE.model_copy(update={"text": f"{n}"})) for n in range(5)))
    assert sorted(receipt.replayed for receipt in receipts) == [False, True, True, True, True]
    assert len(await documents.of_account("acc-1")) == 1


async def test_a_document_that_is_not_there_is_said_to_be_unknown(documents: DocumentsPort) -> None:
    assert await documents.find("nothing") is None
    with pytest.raises(PermanentFault, match="There is no document 'doc-0'"):
        await documents.document("doc-0")


def crowded(**more: Any) -> Brief:
    """Far more than fits on a page."""
    day = timedelta(days=1)
    given = customer(
        "budget_cut",
        "budget_economic",
        tickets=tuple(ticket(n, NOW - n * day, severity="high", sentiment="negative") for n in range(60)),
        nps=tuple(answer(NOW - n * day, n % 11, "a long remark about the product " * 9) for n in range(30)),
        notes=tuple(
            NoteRecord(key=f"{n}", account_id="acc-1", case_id="", text="a note of the review " * 20, at=NOW - n * day)
            for n in range(30)
        ),
        signals=tuple(
            InboundFact(id=f"i-{n}", account_id="acc-1", kind="usage_falling", detail="word " * 90, at=NOW - n * day)
            for n in range(20)
        ),
        usage=(*used(lambda day: 40.0), *used(lambda day: 0.0, "bulk_import")),
        **more,
    )
    return brief(given, NOW)


def test_conv_8_a_brief_is_read_in_two_minutes_however_much_there_is(pages: Pages) -> None:
    text = pages.brief(crowded(), RULES, "UTC").text
    assert words(text) <= RULES.most_words
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 1. Why they may leave",
        "## 2. Relationship",
        "## 3. Last 90 days",
        "## 4. What you may offer",
        "## 5. Other than what they rejected",
    ]
    assert "Tickets: 60" in text
    assert "more tickets" in text


def test_conv_10_a_brief_says_what_they_first_bought_it_for_or_to_ask_them(pages: Pages) -> None:
    known = AccountRecord(id="acc-1", name="A", bought_for="The halal audit")
    texts = [pages.brief(brief(each, NOW), RULES, "UTC").text for each in (customer(account=known), customer())]
    assert "First bought it for: The halal audit. Does it still hold?" in texts[0]
    assert "What they first bought it for is not recorded: ask them." in texts[1]


def test_with_more_words_the_page_lists_more(pages: Pages) -> None:
    wide = RULES.model_copy(update={"most_words": 5000})
    assert words(pages.brief(crowded(), wide, "UTC").text) > RULES.most_words


def test_conv_10_the_page_names_the_day_of_the_drop_and_its_period(pages: Pages) -> None:
    found = brief(customer(usage=used(lambda day: 30.0 if day >= date(2026, 10, 17) else 100.0)), NOW)
    text = pages.brief(found, RULES, "UTC").text
    assert "sudden drop on 17 Oct (70 % less" in text
    assert "period 18 Aug 2026 to 16 Nov 2026 (90 days)" in text


def test_where_nothing_is_recorded_the_page_says_so_and_shows_no_zeros(pages: Pages) -> None:
    text = pages.brief(brief(customer(), NOW), RULES, "UTC").text
    for said in ("No stated reason is recorded", "not known yet", "measured on 0 of 90 days", "NPS: no answer"):
        assert said in text
    assert "**Nothing before the root cause is recorded.**" in text
    assert "Use of key features was not measured" in text


def test_save_47_a_page_for_a_relationship_that_broke_offers_no_price(pages: Pages) -> None:
    text = pages.brief(brief(customer("trust", "budget_economic"), NOW), RULES, "UTC").text
    assert "**No price concession**" in text
    assert "prepayment" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# big\n- and a list", r"\# big - and a list"),
        ("<b>|x|</b> [a](b) `c` *d*", r"\<b\>\|x\|\</b\> \[a\](b) \`c\` \*d\*"),
        ("{{ 7*7 }}", r"{{ 7\*7 }}"),
        ("客户" * 100, "客户" * 69 + "客…"),
    ],
)
def test_what_people_wrote_is_neither_markup_nor_template(written: str, shown: str) -> None:
    assert line(written) == shown


def test_a_gap_in_the_chart_is_a_dot_and_a_zero_is_the_lowest_bar() -> None:
    levels = (0.0, 50.0, None, 100.0)
    assert chart(Week(since=DAYS[0], level=level) for level in levels) == "▁▅·█"
    assert chart([Week(since=DAYS[0], level=0.0), Week(since=DAYS[0])]) == "▁·"


def valued(locale: str, **more: Any) -> tuple[ValueFacts, AccountRecord]:
    account = AccountRecord(id="acc-1", name="Gerbang", arr=Money(minor=3_600_000, currency="USD"), locale=locale)
    figures = GivenFigures(currency="USD", **more)
    measured = used(lambda day: 10.0, "logins")
    said = (answer(datetime(2026, 10, 1, tzinfo=UTC), 10, "Critical to our launch"),)
    return ValueFacts(account=account, usage=measured, nps=said, figures=figures, rules=RULES), account


@pytest.mark.parametrize(
    ("locale", "figures", "estimate", "ask"),
    [
        ("en", "900 in all", "(estimate)", "we would need from you"),
        ("ms", "900 kesemuanya", "(anggaran)", "kami perlukan daripada anda"),
        ("id", "900 seluruhnya", "(perkiraan)", "kami perlu dari Anda"),
    ],
)
def test_save_10_the_customer_reads_figures_words_and_comparison_in_their_language(
    pages: Pages, locale: str, figures: str, estimate: str, ask: str
) -> None:
    given, account = valued(locale, alternative=Money(minor=6_000_000, currency="USD"))
    text = pages.value_summary(value_summary(given, LAST_90), account).text
    for said in (figures, "90", '"Critical to our launch"', estimate, ask):
        assert said in text


def test_save_10_without_given_figures_there_is_no_estimate_on_the_page(pages: Pages) -> None:
    given, account = valued("en")
    text = pages.value_summary(value_summary(given, LAST_90), account).text
    assert "(estimate)" not in text
    assert "what the alternative costs in a year" in text


@pytest.mark.parametrize(("locale", "net"), [("en", "$18,400.00"), ("ms", "USD\xa018,400.00"), ("id", "18.400,00")])
def test_play_51_the_customer_can_present_the_return_in_their_language(pages: Pages, locale: str, net: str) -> None:
    account = AccountRecord(id="acc-1", name="Gerbang", arr=Money(minor=3_560_000, currency="USD"), locale=locale)
    hours, rate = Decimal(1200), Money(minor=4500, currency="USD")
    text = pages.roi(roi(RoiInputs(price=account.arr, hours_saved=hours, hourly_rate=rate)), account).text
    assert net in text
    assert pages.roi(roi(RoiInputs(price=account.arr, cost_avoided=account.arr)), account).text != text


async def test_conv_8_a_case_gets_its_brief_once_and_what_it_read_then(
    crm: CrmPort,
    directory: DirectoryPort,
    facts: FactsPort,
    usage: UsagePort,
    documents: DocumentsPort,
    pages: Pages,
    book: BookPort,
) -> None:
    await directory.put_person(DirectoryPerson(id="p-1", name="Aisyah", email="a@f.example", roles=("csm",)))
    await crm.put_account(AccountRecord(id="acc-1", name="Gerbang"))
    await crm.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-1"))
    sources = DocumentSources(crm, facts, usage, directory, FolderPlaybooks(PLAYBOOKS), book)
    prepare = DocumentActivities(sources, pages, documents).prepare_brief
    request = PrepareBrief(
        key="c-1/brief/p-1", account_id="acc-1", person="p-1", at=NOW, playbook="budget_economic",
        case_id="c-1", reason="budget was cut", root_cause="budget_cut",
    )  # fmt: skip
    first = await prepare(request)
    await usage.put([UsageDay(account_id="acc-1", day=DAYS[3], logins=1)], NOTED)
    again = await prepare(request)
    kept = await documents.document(first.id)
    assert (again.id, again.replayed, kept.case_id, kept.person) == (first.id, True, "c-1", "p-1")
    assert 'Stated: "budget was cut"' in kept.text
    assert "Other usage: not measured" in kept.text
    assert "in their language: `save guide acc-1`" in kept.text  # CONV-14
    assert re.search(
        r"Your budget of this quarter: \S*15,000\S* left of \S*15,000", kept.text
    )  # known before it is hit
    fresh = await prepare(request.model_copy(update={"key": "c-1/brief/p-1/2"}))
    assert "Logins: 1" in (await documents.document(fresh.id)).text


async def test_the_offers_of_the_modules_that_the_cause_allows_are_told(
    crm: CrmPort, directory: DirectoryPort, facts: FactsPort, usage: UsagePort, book: BookPort
) -> None:
    await directory.put_person(DirectoryPerson(id="p-1", name="Aisyah", email="a@f.example", roles=("csm",)))
    await crm.put_account(AccountRecord(id="acc-1", name="Gerbang"))
    sources = DocumentSources(crm, facts, usage, directory, FolderPlaybooks(PLAYBOOKS), book)
    asked = PrepareBrief(key="k", account_id="acc-1", person="p-1", at=NOW, playbook="common_spine")
    without = await sources.for_brief(asked)
    found = await sources.for_brief(asked.model_copy(update={"root_cause": "fundamental_mismatch"}))
    assert without.module_offers == ()
    assert "partner_transition" in {offer.id for offer in found.module_offers}


def test_the_policy_on_disk_sets_what_the_brief_goes_by() -> None:
    written = (Path(PLAYBOOKS) / "policies" / "brief.yaml").read_text(encoding="utf-8")
    assert all(f"{field}:" in written for field in BriefRules.model_fields)


@pytest.mark.parametrize(
    ("time_zone", "said"),
    [
        ("Europe/Berlin", "27 Nov 2026, 20:39 CET."),
        ("Asia/Kuala_Lumpur", "28 Nov 2026, 03:39 +08."),
        ("UTC", "27 Nov 2026, 19:39 UTC."),
    ],
)
def test_the_page_of_a_review_has_its_moment_in_the_way_of_our_own_pages(
    pages: Pages, time_zone: str, said: str
) -> None:  # RISK-122
    page = pages.review(REVIEWED, time_zone)
    assert f"For Aina, as of {said} It looks back on 1 Nov 2026 to 26 Nov 2026." in page.text


def test_a_sentence_above_a_table_is_a_paragraph_of_its_own(pages: Pages) -> None:
    table = "Two of them worry.\n\n| account | a year |\n|---|---|\n| PT Warung | USD 4,800 |\n"
    assert table in pages.review(REVIEWED, "UTC").text
