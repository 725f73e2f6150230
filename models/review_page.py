"""The page of a review, before it is written: what is on it, without a word of layout."""

from __future__ import annotations

from datetime import date, timedelta

from models.account import Money
from models.base import Record, Utc
from models.book import CaseEntry
from models.crm import AccountRecord


class ReviewSection(Record):
    """A part of a page: a table, or a sentence where there is nothing to show. ``more`` is how many lines it leaves out."""

    heading: str
    says: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: int = 0


class ReviewPage(Record):
    """A page for whoever holds a review: what it looks back on (until before ``until``), and what to ask."""

    title: str
    about: str = ""
    asked: str
    period: str
    since: date
    until: date
    at: Utc
    sections: tuple[ReviewSection, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The last day that it looks back on."""
        return self.until - timedelta(days=1)


class AccountState(Record):
    """How an account is: its health now and when the period began, its open cases, what is late, what was found.

    ``ended`` are the cases of the period that are closed. A score is None where there was too little to judge by.
    """

    account: AccountRecord
    score: float | None = None
    before: float | None = None
    band: str = ""
    open: tuple[CaseEntry, ...] = ()
    ended: tuple[CaseEntry, ...] = ()
    late: int = 0
    alerts: tuple[str, ...] = ()

    @property
    def worth(self) -> Money:
        """What it brings in a year."""
        return self.account.forecast


class SentLetter(Record):
    """A letter to a customer who leaves: for which step it was, and by which key it is found in the outbox."""

    key: str
    account_id: str
    step: str
    sent_at: Utc
