"""The promise register: what was promised to the customer, by whom, until when, and how far it has come (SAVE-27..30)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.people import PersonId


class PromiseSource(StrEnum):
    """Where a promise was given."""

    CALL = "call"
    MESSAGE = "message"
    OFFER = "offer"


class PromiseKind(StrEnum):
    """What a promise is about; one about the roadmap needs those who build it to confirm it (DIS-31)."""

    GENERAL = "general"
    ROADMAP = "roadmap"


class PromiseState(StrEnum):
    """Where a promise stands (SAVE-29). ``breached`` is still owed; ``dropped`` is owed no more, with its reason.

    ``withdrawn`` never was a promise: it was entered by mistake, and counts neither as kept nor as broken.
    """

    OPEN = "open"
    DONE = "done"
    COMMUNICATED = "communicated"
    CUSTOMER_CONFIRMED = "customer_confirmed"
    BREACHED = "breached"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class Commitment(Record):
    """A promise to the customer, with one owner and a date (SAVE-29).

    Its id is that of the step that delivers it. ``breached_at`` stays, whatever becomes of the promise later; ``reason``
    says why it was dropped or withdrawn.
    """

    id: str
    title: str
    owner: PersonId
    due: Utc
    state: PromiseState = PromiseState.OPEN
    source: PromiseSource | None = None
    kind: PromiseKind = PromiseKind.GENERAL
    made_by: PersonId | None = None
    made_at: Utc | None = None
    evidence: str = ""
    breached_at: Utc | None = None
    done_at: Utc | None = None
    communicated_at: Utc | None = None
    confirmed_at: Utc | None = None
    reason: str = ""
    revision: int = 0

    @property
    def told_step(self) -> str:
        """The id of the step in which the customer is told that it is done."""
        return f"{self.id}_told"

    @property
    def seen_step(self) -> str:
        """The id of the step in which the customer confirms that they see it."""
        return f"{self.id}_seen"
