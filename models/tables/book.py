"""The tables of the book, and the receipts."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.account import Money
from models.calendar import Offset
from models.concession import Detail, PriceTerm
from models.correction import Correction
from models.leaving_status import LeavingStatus
from models.step import Evidence
from models.tables.columns import long_text, minor_units, moment, natural, shaped


class ReceiptRow(SQLModel, table=True):
    """An effect that happened, once ever for its key."""

    __tablename__ = "receipts"
    key: str = natural()
    id: str
    at: datetime = moment()


class CaseRow(SQLModel, table=True):
    """A case in one row."""

    __tablename__ = "book_cases"
    case_id: str = natural()
    workflow_id: str
    kind: str
    account_id: str = Field(index=True)
    stage: str
    outcome: str | None = None
    plan: str = ""
    plan_digest: str = ""
    root_cause: str | None = None
    whys: tuple[str, ...] = shaped(tuple[str, ...], default=())
    stated_reason: str = long_text()
    severity: str | None = None
    owner: str | None = Field(default=None, index=True)
    arr_minor: int = minor_units(default=0)
    currency: str = "USD"
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None, nullable=True, index=True)
    next_due: datetime | None = moment(default=None, nullable=True)
    next_wake: datetime | None = moment(default=None, nullable=True)
    overdue: int = 0
    on_hold_until: datetime | None = moment(default=None, nullable=True)
    verified: bool | None = None
    leaving: LeavingStatus | None = shaped(LeavingStatus, default=None, nullable=True)
    returned_at: datetime | None = moment(default=None, nullable=True)
    corrects: Correction | None = shaped(Correction, default=None, nullable=True)
    as_of: datetime = moment()
    revision: int


class StepRow(SQLModel, table=True):
    """A step of a case."""

    __tablename__ = "book_steps"
    case_id: str = natural()
    id: str = natural()
    title: str
    owner: str
    person: str | None = Field(default=None, index=True)
    opens: datetime | None = moment(default=None, nullable=True)
    due: datetime | None = moment(default=None, nullable=True)
    state: str = Field(index=True)
    evidence: Evidence | None = shaped(Evidence, default=None, nullable=True)
    ended_at: datetime | None = moment(default=None, nullable=True)
    ended_by: str | None = None
    reason: str = long_text()
    revision: int


class MessageRow(SQLModel, table=True):
    """A message of a case."""

    __tablename__ = "book_messages"
    case_id: str = natural()
    id: str = natural()
    step: str
    template: str
    state: str
    released_by: str | None = None
    receipt: str = ""
    at: datetime = moment()
    revision: int = 0


class TimelineRow(SQLModel, table=True):
    """A line of a case's history; written once."""

    __tablename__ = "book_timeline"
    case_id: str = natural()
    n: int = natural()
    at: datetime = moment()
    kind: str
    text: str = long_text()
    by: str | None = None
    step: str | None = None


class CommitmentRow(SQLModel, table=True):
    """A promise to the customer."""

    __tablename__ = "book_commitments"
    case_id: str = natural()
    id: str = natural()
    title: str
    owner: str
    due: datetime = moment()
    state: str
    breached_at: datetime | None = moment(default=None, nullable=True)
    done_at: datetime | None = moment(default=None, nullable=True)
    revision: int = 0


class OfferRow(SQLModel, table=True):
    """A concession that was put to the customer."""

    __tablename__ = "book_offers"
    case_id: str = natural()
    id: str = natural()
    title: str
    offer: str = ""
    kind: str | None = None
    state: str
    headline_pct: int = 0
    blended_bp: int = 0
    cost_per_year: Money = shaped(Money)
    tied_to: str = ""
    tie_ref: str = ""
    reason: str = long_text()
    proposed_by: str = Field(default="", index=True)
    proposed_at: datetime | None = moment(default=None, nullable=True)
    expires_at: datetime | None = moment(default=None, nullable=True)
    answer: str = long_text()
    accepted_at: datetime | None = moment(default=None, nullable=True)
    starts: date | None = None
    ends_at: datetime | None = moment(default=None, nullable=True)
    terms: tuple[PriceTerm, ...] = shaped(tuple[PriceTerm, ...])
    lasts: Offset = shaped(Offset)
    details: tuple[Detail, ...] = shaped(tuple[Detail, ...])
    steps: tuple[str, ...] = shaped(tuple[str, ...])
    receipt: str = long_text()
    carried_from: str = ""
    revision: int = 0


class ApprovalRow(SQLModel, table=True):
    """A decision that somebody with authority owes."""

    __tablename__ = "book_approvals"
    case_id: str = natural()
    id: str = natural()
    subject: str
    role: str
    state: str
    due: datetime | None = moment(default=None, nullable=True)
    why: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = moment(default=None, nullable=True)
    reason: str = long_text()
    revision: int = 0
