"""An outcome that was stated wrongly, and the case that puts it right."""

from __future__ import annotations

from models.base import Given, Id, Record, Request, Text, Utc


class Correction(Request):
    """The save ``case_id`` was closed as ``outcome`` wrongly: who says so, when (UTC) and why.

    The outcome is None where the recovery of that save was never told it.
    """

    case_id: Id
    outcome: Id | None = None
    by: Id
    at: Given
    why: Text

    @property
    def closed_as(self) -> str:
        """What was wrong, in words: that the save was ``closed as saved_full``."""
        return f"closed as {self.outcome}" if self.outcome else "closed wrongly"

    @property
    def was_not(self) -> str:
        """What holds instead, in words: that the save ``was not saved_full``."""
        return f"was not {self.outcome or 'won'}"


class Corrected(Record):
    """What puts the outcome of a save right: the save ``case_id``, with the right ``outcome`` as soon as it is closed."""

    case_id: str
    outcome: str | None = None
    by: str
    at: Utc
    why: str
