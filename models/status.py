"""What the query ``status`` answers (section 4 of the design); others build on these names."""

from __future__ import annotations

from datetime import datetime

from models.base import Record, Utc
from models.case import Message, TimelineEvent
from models.concession import Approval, Offer
from models.correction import Corrected, Correction
from models.incident import SharedIncident
from models.leaving_status import LeavingStatus
from models.promise import Commitment
from models.step import Evidence, StepState


class StepStatus(Record):
    """A step as ``status`` shows it. ``overdue`` is derived from the due moment and the time of the answer.

    ``waits_for`` are the titles of the steps that must end before this one opens, whatever its own day. ``no_cause``: it
    undoes what nobody has taken back, and is not shown to people.
    """

    id: str
    title: str
    owner: str
    person: str | None = None
    opens: Utc | None = None
    due: Utc | None = None
    state: StepState
    overdue: bool = False
    waits_for: tuple[str, ...] = ()
    no_cause: bool = False
    evidence: Evidence | None = None

    def blocked_at(self, at: datetime) -> bool:
        """Whether its own day has come by ``at`` (UTC), and it waits for what must end before it."""
        return self.state is StepState.WAITING and bool(self.waits_for and self.opens and self.opens <= at)


class Status(Record):
    """The whole of a case at a moment (``as_of``, UTC).

    ``whys`` lead to the root cause of a save, ``stated_reason`` is what the customer gave as theirs (SAVE-2).
    ``next_wanted`` is what people owe a case next though none of its steps asks for it.
    ``corrects`` is the save whose outcome this one puts right, ``corrected`` what puts its own right, which the book knows.
    """

    case_id: str
    kind: str
    account_id: str
    stage: str
    outcome: str | None = None
    plan: str = ""
    root_cause: str | None = None
    whys: tuple[str, ...] = ()
    stated_reason: str = ""
    severity: str | None = None
    verified: bool | None = None
    on_hold_until: Utc | None = None
    leaving: LeavingStatus | None = None
    corrects: Correction | None = None
    corrected: Corrected | None = None
    as_of: Utc
    opened_at: Utc
    next_due: Utc | None = None
    next_wake: Utc | None = None
    next_wanted: str = ""
    overdue: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    steps: tuple[StepStatus, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    offers: tuple[Offer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    messages: tuple[Message, ...] = ()
    incidents: tuple[SharedIncident, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
