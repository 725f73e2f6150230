"""What a case writes into the book: one batch of rows, each with the revision of the case that it comes from."""

from __future__ import annotations

from models.base import Record, Utc
from models.case import Message, TimelineEvent
from models.concession import Approval, Offer
from models.correction import Correction
from models.leaving_status import LeavingStatus
from models.people import PersonId, Seat
from models.promise import Commitment
from models.status import StepStatus
from models.webhooks import CaseEvent


class CaseEntry(Record):
    """The case in one row. ``as_of`` is the case's own time, which a page compares due moments with.

    ``returned_at`` is since when a customer who left is back, as a retention or a win-back heard, open or closed (UTC).
    """

    case_id: str
    workflow_id: str
    kind: str
    account_id: str
    stage: str
    outcome: str | None = None
    plan: str = ""
    plan_digest: str = ""
    root_cause: str | None = None
    whys: tuple[str, ...] = ()
    stated_reason: str = ""
    severity: str | None = None
    owner: str | None = None
    arr_minor: int = 0
    currency: str = "USD"
    opened_at: Utc
    closed_at: Utc | None = None
    next_due: Utc | None = None
    next_wake: Utc | None = None
    overdue: int = 0
    on_hold_until: Utc | None = None
    verified: bool | None = None
    leaving: LeavingStatus | None = None
    returned_at: Utc | None = None
    corrects: Correction | None = None
    as_of: Utc
    revision: int


class StepEntry(Record):
    """A step in one row."""

    status: StepStatus
    ended_at: Utc | None = None
    ended_by: str | None = None
    reason: str = ""
    revision: int


class BookBatch(Record):
    """Everything that changed since the last batch; written at once, upserted by natural key and revision.

    ``former_seats`` are those that changed hands on the case, so that later cases of the account know of them (AMB-29).
    ``events`` are what its new lines mean to other systems.
    """

    key: str
    case: CaseEntry
    steps: tuple[StepEntry, ...] = ()
    messages: tuple[Message, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    offers: tuple[Offer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    former_seats: tuple[Seat, ...] = ()
    events: tuple[CaseEvent, ...] = ()


class CaseFilter(Record):
    """Which cases a list shows; a field that is not given does not narrow it.

    ``since`` leaves out what ended before it (UTC); ``account_ids`` and ``case_ids`` are those alone.
    """

    open_only: bool = False
    since: Utc | None = None
    account_ids: tuple[str, ...] | None = None
    case_ids: tuple[str, ...] | None = None
    kind: str | None = None
    account_id: str | None = None
    owner: PersonId | None = None
    stage: str | None = None
    workflow_id: str | None = None
    overdue_only: bool = False
    limit: int = 500


class OverdueStep(Record):
    """A step that is late, with the case that it belongs to. ``late_since`` is its due moment (UTC)."""

    case_id: str
    workflow_id: str
    account_id: str
    step_id: str
    title: str
    owner: str
    person: PersonId | None = None
    late_since: Utc


class BookCounts(Record):
    """What the business metrics show."""

    open_cases: int = 0
    overdue_steps: int = 0
