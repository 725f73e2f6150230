"""The daily stand-up of a team: what is due, late, blocked and promised across its cases (SAVE-23)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.people import PersonId


class Section(StrEnum):
    """Under which heading a line stands; each thing stands under one."""

    LATE = "late"
    TODAY = "today"
    BLOCKED = "blocked"
    PROMISED = "promised"


class StandupLine(Record):
    """One thing to speak of: what, in which case, who owes it and until when (UTC). ``at`` is the case's own time.

    ``why`` says what it waits for.
    """

    section: Section
    account_id: str
    case_id: str
    subject: str
    step: str = ""
    person: PersonId | None = None
    role: str = ""
    due: Utc | None = None
    at: Utc
    why: str = ""


class InboxWaiting(Record):
    """How many of those that came in wait to be sorted, and when the oldest was received (UTC)."""

    waiting: int = 0
    oldest: Utc | None = None
    late: bool = False


class Standup(Record):
    """What a team speaks of on a day that ends at ``until`` (UTC), and the cases that it has open.

    ``inbox`` is what came in and belongs to no case yet, so that it is everybody's.
    """

    at: Utc
    until: Utc
    cases: tuple[str, ...] = ()
    inbox: InboxWaiting = InboxWaiting()
    lines: tuple[StandupLine, ...] = ()

    def of(self, section: Section) -> tuple[StandupLine, ...]:
        """The lines under one heading, in their order."""
        return tuple(line for line in self.lines if line.section is section)
