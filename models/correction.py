"""An outcome that was stated wrongly, and the case that puts it right."""

from __future__ import annotations

from models.base import Given, Id, Record, Request, Text, Utc


class Correction(Request):
    """The save ``case_id`` was closed as ``outcome`` wrongly: who says so, when (UTC) and why."""

    case_id: Id
    outcome: Id
    by: Id
    at: Given
    why: Text


class Corrected(Record):
    """What puts the outcome of a save right: the save ``case_id``, with the right ``outcome`` as soon as it is closed."""

    case_id: str
    outcome: str | None = None
    by: str
    at: Utc
    why: str
