"""What Followthrough needs of the book: the audit trail of cases, and the source of every page and list."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from models.base import Utc
from models.book import (
    BookBatch,
    BookCounts,
    CaseEntry,
    CaseFilter,
    OverdueStep,
    StepEntry,
)
from models.case import Message, TimelineEvent
from models.concession import LoadStanding, Standing
from models.metrics import CaseRecord
from models.people import PersonId
from models.status import Status
from models.work import Receipt


class BookPort(Protocol):
    """Rows by natural key and revision. What asks for one case raises ``PermanentFault(UnknownCase)`` where there is
    none. Moments are UTC.
    """

    async def write(self, batch: BookBatch) -> Receipt:
        """Write a batch in one transaction, once for its key.

        A row of an older revision never overwrites a newer one; a line of the timeline is written once.
        """
        ...

    async def standing(self, request: LoadStanding) -> Standing:
        """When the account last accepted an offer of a price, and what those of the person since then cost, by currency.

        Offers that were refused, declined, expired or lapsed cost nothing; one that a recovery carries on counts once.
        """
        ...

    async def cases(self, wanted: CaseFilter | None = None) -> tuple[CaseEntry, ...]:
        """The cases that match, the next due first and those without a due moment last."""
        ...

    async def case(self, case_id: str) -> CaseEntry:
        """One case."""
        ...

    async def open_case(self, account_id: str, kind: str) -> CaseEntry | None:
        """The open case of that kind for an account, or None."""
        ...

    async def latest_case(self, account_id: str, kind: str) -> CaseEntry | None:
        """The case of that kind that was opened last for an account, open or closed, or None.

        One that was turned away as rejected counts only where there is no other.
        """
        ...

    async def was_deferred(self, account_id: str) -> bool:
        """Whether a save of the account ended as deferred."""
        ...

    async def came_back(self, account_id: str, left_on: date) -> bool:
        """Whether a person said since that day that the customer is back, as its last retention or win-back heard."""
        ...

    async def cases_of_person(self, person_id: PersonId) -> tuple[CaseEntry, ...]:
        """The open cases that a person owns or has an unfinished step in."""
        ...

    async def steps(self, case_id: str) -> tuple[StepEntry, ...]:
        """The steps of a case, the earliest due first."""
        ...

    async def timeline(self, case_id: str) -> tuple[TimelineEvent, ...]:
        """The history of a case, in order."""
        ...

    async def messages(self, case_id: str) -> tuple[Message, ...]:
        """The messages of a case, the oldest first."""
        ...

    async def overdue(self, as_of: Utc) -> tuple[OverdueStep, ...]:
        """Open steps of open cases that are past due at the later of ``as_of`` and the case's own time."""
        ...

    async def counts(self, as_of: Utc) -> BookCounts:
        """How many cases are open and how many of their steps are overdue, for the metrics."""
        ...

    async def records(self) -> tuple[CaseRecord, ...]:
        """Every case with its steps, its promises and the lines of its history that metrics are counted from."""
        ...

    async def status_of(self, case_id: str) -> Status:
        """The whole of a case as the query ``status`` answers it, rebuilt from the book."""
        ...
