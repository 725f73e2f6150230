"""A step of a running case: what a plan's obligation has become."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from models.base import Record, Utc
from models.people import PersonId


class StepState(StrEnum):
    """Where a step stands. Overdue is derived from the due moment, never stored."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Evidence(Record):
    """What proves a step: the text, one line per required content, and the decision where the step asks for one."""

    text: str = ""
    items: tuple[EvidenceItem, ...] = ()
    decision: str | None = None


class EvidenceItem(Record):
    """The answer to one required content of a step."""

    content: str
    text: str


class Told(Record):
    """Somebody was told something about a step: which word (such as ``warn`` or ``escalate:1``), and when."""

    word: str
    person: PersonId
    at: Utc


class Move(Record):
    """A due moment that was moved, by whom and why, with the customer's consent where it was a promise."""

    was: Utc
    now: Utc
    by: PersonId
    reason: str
    consent: str = ""
    at: Utc


class TaskCard(Record):
    """What the CRM was last told of a step's task: whether it is open, whose it is, and until when."""

    open: bool
    person: PersonId | None = None
    due: Utc | None = None


class Step(Record):
    """One occurrence of a plan's step in a case. Moments are UTC and absent while their anchor is unknown.

    ``origin`` is what offsets from ``opened`` count from: the opening of the case, or the moment at which the playbook of
    the step was triggered on a running case. ``warn_from`` is since when the time to a moved due moment counts.
    ``commitment`` is the promise that the step belongs to; such a step is owned by a person, not only by a role.
    ``shift`` is how far holds have moved the rhythm of a recurring step.
    ``page`` is the id of the document that was prepared for it.
    ``breached_at`` is the due moment at which a promised turn was broken.
    ``round`` grows each time the step is opened again.
    """

    step_id: str
    occurrence: int = 1
    recurring: bool = False
    round: int = 1
    origin: Utc | None = None
    shift: timedelta = timedelta()
    state: StepState = StepState.WAITING
    person: PersonId | None = None
    opens: Utc | None = None
    due: Utc | None = None
    warn: Utc | None = None
    warn_from: Utc | None = None
    pinned_due: bool = False
    breached_at: Utc | None = None
    opened_at: Utc | None = None
    ended_at: Utc | None = None
    ended_by: PersonId | None = None
    evidence: Evidence | None = None
    reason: str = ""
    told: tuple[Told, ...] = ()
    moves: tuple[Move, ...] = ()
    task: TaskCard | None = None
    tasks_opened: int = 0
    automatic_failed: bool = False
    automatic_refused: bool = False
    page: str = ""
    page_failed: bool = False
    by_hand: bool = False
    commitment: str = ""
    revision: int = Field(default=0)

    @property
    def id(self) -> str:
        """The id that commands name: the plan's step id, with ``/n`` where the step recurs."""
        return f"{self.step_id}/{self.occurrence}" if self.recurring else self.step_id

    @property
    def ended(self) -> bool:
        """Whether nothing more is owed for this occurrence."""
        return self.state in (StepState.DONE, StepState.SKIPPED, StepState.FAILED)

    def was_told(self, word: str) -> bool:
        """Whether that word went out for the present due moment and owner."""
        return any(told.word == word for told in self.told)


Evidence.model_rebuild()
