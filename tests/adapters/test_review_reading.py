"""What a review reads: the accounts that it is of, the days that it looks back on, and no more (RISK-121, METR-8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from adapters.alerts.embedded import EmbeddedAlerts
from adapters.book.embedded import EmbeddedBook
from adapters.database import Database
from adapters.email.outbox import Outbox
from adapters.health.embedded import EmbeddedHealth
from adapters.playbooks.folder import FolderPlaybooks
from adapters.reviews.reading import ReviewSources
from models.case import CaseKind
from models.crm import AccountRecord
from models.letter import Letter, LetterKind, Mailbox, OutboxState
from models.review import PrepareReview
from models.tables import CaseRow, OutboxRow

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
MANY = 1_200
ASKED = PrepareReview(
    key="k",
    case_id="c",
    account_id="",
    review="portfolio",
    subject="p-1",
    period="2026-12",
    title="t",
    person="p-1",
    at=AT,
    since=SINCE,
    until=UNTIL,
)


class Scores(EmbeddedHealth):
    """Scores of three days, and which buckets and days were asked for."""

    def __init__(self) -> None:
        super().__init__(Path("unused"))
        self.asked: list[tuple[tuple[int, ...], int]] = []

    async def scores(self, buckets: Collection[int], since: date, until: date) -> pl.DataFrame:
        self.asked.append((tuple(buckets), (until - since).days))
        days = {
            date(2026, 10, 30): 81.0,
            date(2026, 11, 20): 99.0,
            date(2026, 11, 29): 64.0,
            date(2026, 11, 30): None,
            date(2026, 10, 1): 10.0,
        }
        rows = [(one, day, score) for one in ("a-1", "other") for day, score in days.items() if since <= day < until]
        return pl.DataFrame(rows, schema={"account_id": pl.String, "day": pl.Date, "score": pl.Float64}, orient="row")


def sources(database: Database, health: Scores) -> ReviewSources:
    outside: Any = None
    book, alerts, playbooks = EmbeddedBook(database), EmbeddedAlerts(database), FolderPlaybooks(Path("playbooks"))
    return ReviewSources(outside, outside, book, playbooks, health, alerts, Outbox(database), outside, outside)


def case(id_: str, account: str, kind: CaseKind = CaseKind.SAVE, closed: datetime | None = None) -> CaseRow:
    moments = {"opened_at": AT - timedelta(days=90), "closed_at": closed, "as_of": AT}
    named = {"case_id": id_, "workflow_id": f"{kind}:{id_}", "kind": kind, "account_id": account}
    return CaseRow(**named, **moments, stage="opened", revision=1)


def letter(n: int, sent: datetime, kind: LetterKind = LetterKind.CUSTOMER) -> OutboxRow:
    box = Mailbox(name="Ana", address="ana@customer.example")
    written = Letter(to=box, sender=box, subject="Goodbye", text="As agreed.", kind=kind, case_id=f"c-{n}")
    moments = {"queued_at": sent, "changed_at": sent, "sent_at": sent}
    named = {"key": f"c-{n}/farewell/send", "message_id": f"m-{n}", "case_id": written.case_id}
    return OutboxRow(**named, **moments, letter=written, state=OutboxState.SENT)


async def keep(database: Database, *rows: Any) -> None:
    async with database.writing() as session:
        session.add_all(rows)


async def test_the_page_of_few_accounts_reads_their_buckets_and_the_days_that_count(database: Database) -> None:
    health = Scores()
    (state,) = await sources(database, health).states([AccountRecord(id="a-1", name="Alder")], ASKED)
    assert (state.before, state.score, state.band) == (81, 64, "warning")
    assert health.asked == [((health.bucket("a-1"),), 14)] * 2


async def test_cases_are_those_that_are_open_or_ended_in_the_days_looked_back_on(database: Database) -> None:
    old, late = datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    await keep(database, case("open", "a-1"), case("ended", "a-1", closed=late), case("old", "a-1", closed=old))
    await keep(database, case("other", "a-2"), case("review", "a-1", CaseKind.REVIEW))
    (state,) = await sources(database, Scores()).states([AccountRecord(id="a-1", name="Alder")], ASKED)
    assert ([one.case_id for one in state.open], [one.case_id for one in state.ended]) == (["open"], ["ended"])


async def test_as_many_accounts_as_there_are_have_their_cases(database: Database) -> None:
    await keep(database, *(case(f"c-{n}", f"a-{n}") for n in range(MANY)))
    accounts = [AccountRecord(id=f"a-{n}", name=f"Account {n}") for n in range(MANY)]
    states = await sources(database, Scores()).states(accounts, ASKED)
    assert all(len(one.open) == 1 for one in states)


async def test_a_spot_check_draws_from_the_letters_of_its_days_to_those_who_leave(database: Database) -> None:  # METR-8
    within = datetime(2026, 11, 10, tzinfo=UTC)
    await keep(database, *(case(f"c-{n}", f"a-{n}", CaseKind.CANCELLATION) for n in range(MANY)))
    await keep(database, *(letter(n, within + timedelta(minutes=n)) for n in range(MANY - 3)))
    await keep(database, letter(MANY - 3, datetime(2026, 10, 31, 23, tzinfo=UTC)), letter(MANY - 2, AT))
    await keep(database, letter(MANY - 1, within, LetterKind.STAFF), letter(MANY, within))
    found = await sources(database, Scores()).letters(SINCE, UNTIL)
    assert len(found) == MANY - 3
    assert (found[0].account_id, found[0].step, found[0].sent_at) == ("a-0", "farewell", within)
