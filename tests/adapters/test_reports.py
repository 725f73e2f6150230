"""The page of a step, its chart and its letter: from data, in the customer's language, kept once for the key."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from activities.pages import PageActivities
from adapters.book.embedded import EmbeddedBook
from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.documents.embedded import EmbeddedDocuments
from adapters.documents.pages import Pages
from adapters.documents.reading import DocumentSources
from adapters.facts.port import FactsPort
from adapters.letters.embedded import EmbeddedLetters
from adapters.playbooks.folder import FolderPlaybooks
from adapters.usage.port import UsagePort
from models.case import Edit
from models.crm import AccountRecord, Contact
from models.directory import DirectoryPerson
from models.document import DocumentKind
from models.letter import Mailbox
from models.promise import Commitment, PromiseState
from models.work import DraftMessage, PreparePage, ReleaseMessage
from tests.exports import NO_EXPORTS, NO_INVOICES
from tests.unit.rules.briefing import NOTED, NOW, PLAYBOOKS, answer, as_days, ticket, used
from tests.unit.rules.test_value_report import ASKED

MESSAGES = PLAYBOOKS / "messages"
LETTER = DraftMessage(
    key="c-1/value_report-1/draft_message",
    case_id="c-1",
    account_id="acc-1",
    message_id="value_report-1",
    step="value_report/1",
    template="value_report",
    signer="p-1",
    at=NOW,
    opened_at=NOW - timedelta(days=30),
)
PROMISES = tuple(
    Commitment(id=f"promise_{n}", title=f"Export {n}", owner="p-2", due=NOW, state=state)
    for n, state in enumerate(PromiseState)
)


class Desk:
    """The activities on embedded parts, with a customer in them."""

    def __init__(
        self, database: Database, crm: CrmPort, directory: DirectoryPort, facts: FactsPort, usage: UsagePort
    ) -> None:
        self.documents = EmbeddedDocuments(database)
        sender = Mailbox(name="Followthrough", address="no-reply@followthrough.example")
        self.letters = EmbeddedLetters(database, directory, crm, NO_EXPORTS, NO_INVOICES, MESSAGES, sender)
        sources = DocumentSources(crm, facts, usage, directory, FolderPlaybooks(PLAYBOOKS), EmbeddedBook(database))
        self.prepare = PageActivities(sources, Pages(MESSAGES), self.documents, self.letters).prepare_page
        self.crm, self.directory, self.facts, self.usage = crm, directory, facts, usage

    async def furnish(self, locale: str = "en") -> None:
        await self.directory.put_person(
            DirectoryPerson(id="p-1", name="Aisyah Rahman", email="a@f.example", title="CSM", roles=("csm",))
        )
        await self.directory.put_person(DirectoryPerson(id="p-2", name="Budi Santoso", email="b@f.example"))
        await self.crm.put_account(
            AccountRecord(id="acc-1", name="Gerbang <Selatan>", locale=locale, contact_id="con-1")
        )
        await self.crm.put_contact(
            Contact(id="con-1", account_id="acc-1", name="Siti", email="s@g.example", locale=locale, primary=True)
        )
        await self.usage.put(as_days(used(lambda day: 20.0 if day >= ASKED.since else 10.0, "logins")), NOTED)
        await self.facts.put_tickets([ticket(1, NOW - timedelta(days=2))], NOTED)
        await self.facts.put_nps(
            [answer(NOW - timedelta(days=60), 3), answer(NOW - timedelta(days=2), 9, "Quick now.")], NOTED
        )


@pytest.fixture
async def desk(database: Database, crm: CrmPort, directory: DirectoryPort, facts: FactsPort, usage: UsagePort) -> Desk:
    return Desk(database, crm, directory, facts, usage)


async def test_a_value_report_is_kept_once_with_its_chart(desk: Desk) -> None:  # POST-6
    await desk.furnish()
    first = await desk.prepare(ASKED)
    page = await desk.documents.document(first.id)
    for said in ("+100 % a day", "1 opened (0 in the 30 days before)", "9 of 10", "after 3", '"Quick now."'):
        assert said in page.text
    assert "You pay us" not in page.text
    chart = await desk.documents.find(page.chart_key)
    assert chart is not None
    assert chart.kind is DocumentKind.CHART
    ElementTree.fromstring(chart.text)
    await desk.usage.put(as_days(used(lambda _: 99.0, "logins")), NOTED)
    again = await desk.prepare(ASKED)
    assert (again.id, again.replayed) == (first.id, True)
    assert await desk.documents.find(page.chart_key) == chart


@pytest.mark.parametrize(("locale", "said"), [("ms", "masih terbuka pada"), ("id-ID", "dari 10 pada")])
async def test_a_value_report_is_in_the_language_of_the_customer(desk: Desk, locale: str, said: str) -> None:
    await desk.furnish(locale)
    assert said in (await desk.documents.document((await desk.prepare(ASKED)).id)).text


async def test_the_letter_of_a_report_holds_its_figures_and_needs_only_what_a_person_must_say(desk: Desk) -> None:
    await desk.furnish()
    await desk.prepare(ASKED.model_copy(update={"letter": LETTER}))
    draft = await desk.letters.preview("c-1", "value_report-1")
    assert {part.name for part in draft.missing} == {"personal_word", "reading"}
    assert "logins: 600 in all" in draft.text
    assert "October 17, 2026 - November 15, 2026" in draft.text
    assert "**" not in draft.text
    mine = {
        "personal_word": "You showed me the month-end close.",
        "reading": "Your close takes half the clicks it did.",
    }
    release = ReleaseMessage(
        key="k", case_id="c-1", account_id="acc-1", message_id="value_report-1", by="p-1", at=NOW,
        edits=tuple(Edit(name=name, text=text) for name, text in mine.items()),
    )  # fmt: skip
    assert "logins: 600 in all" in (await desk.letters.compose(release)).text


@pytest.mark.parametrize(
    ("title", "locale", "late"),
    [
        ("Day 30 check-in", "en", "LATE, still owed"),
        ("Day 30 check-in", "ms", "LEWAT, masih terhutang"),
        ("Day 90 QBR", "id", "TERLAMBAT, masih terutang"),
    ],
)
async def test_the_page_of_a_review_lists_every_commitment_with_its_state(
    desk: Desk, title: str, locale: str, late: str
) -> None:  # POST-1, POST-3, AMB-42
    await desk.furnish(locale)
    asked: PreparePage = ASKED.model_copy(
        update={"kind": DocumentKind.MEETING, "title": title, "commitments": PROMISES, "key": f"c-1/{title}/x/1"}
    )
    text = (await desk.documents.document((await desk.prepare(asked)).id)).text
    assert title in text
    assert ("Budi Santoso" in text, "p-2" in text) == (True, False)
    listed = [line for line in text.splitlines() if line.startswith("- `promise_")]
    assert len(listed) == len(PromiseState)
    assert len({line.rpartition(": ")[2] for line in listed}) == len(PromiseState)
    assert late in text


@pytest.mark.parametrize(
    ("locale", "called"), [("en", "Day 30 check-in"), ("ms-MY", "Semakan hari ke-30"), ("id", "Day 30 check-in")]
)
async def test_a_page_is_called_by_its_title_in_the_language_of_the_customer(
    desk: Desk, locale: str, called: str
) -> None:  # POST-1, AMB-42
    await desk.furnish(locale)
    titled = {"kind": DocumentKind.MEETING, "title": "Day 30 check-in", "titles": {"ms": "Semakan hari ke-30"}}
    page = await desk.documents.document((await desk.prepare(ASKED.model_copy(update=titled))).id)
    assert page.title.endswith(f": {called}")
    assert "# Gerbang" in page.text and called in page.text.splitlines()[0]


async def test_nothing_measured_is_said_and_not_made_up(desk: Desk) -> None:
    await desk.crm.put_account(AccountRecord(id="acc-1", name="Gerbang"))
    page = await desk.documents.document((await desk.prepare(ASKED)).id)
    assert "Nothing was measured in this period." in page.text
    assert "Nobody has answered yet." in page.text
    chart = await desk.documents.find(page.chart_key)
    assert chart is not None
    assert "nothing was measured" in chart.text


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "Nothing was measured from"), ("ms", "Tiada apa-apa diukur"), ("id", "Tidak ada yang diukur")],
)
async def test_days_without_a_measure_are_reported_from_the_last_ones_with_one(
    desk: Desk, locale: str, said: str
) -> None:  # POST-6
    await desk.furnish(locale)
    month_later = {"since": ASKED.until + timedelta(days=10), "until": ASKED.until + timedelta(days=40)}
    asked = ASKED.model_copy(update={**month_later, "at": NOW + timedelta(days=40), "letter": LETTER})
    page = await desk.documents.document((await desk.prepare(asked)).id)
    assert said in page.text
    assert "logins" in page.text or "log masuk" in page.text or "login" in page.text
    draft = await desk.letters.preview("c-1", "value_report-1")
    assert "600" in draft.text
    assert said in draft.text  # nobody takes old figures for new ones
    assert [part.name for part in draft.filled] == ["period", "figures"]
