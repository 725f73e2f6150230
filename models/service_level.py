"""A service level that was promised in writing, and what a week of tickets came to (PLAY-65, PLAY-66)."""

from __future__ import annotations

from pydantic import Field

from models.base import Id, Record, Request, Utc
from models.calendar import Offset


class ServiceLevel(Request):
    """Within how long support answers a ticket, in what share of them, and over what time that is measured.

    ``agreed_in`` is the content, of the step that the measuring counts from, which says the hours that were agreed.
    """

    respond_within: Offset
    agreed_in: Id | None = None
    target_percent: int = Field(default=100, ge=1, le=100)
    window: Offset


class Attained(Record):
    """What was attained over the tickets whose answer fell due from ``since`` until ``until`` (UTC, the end included).

    ``percent`` is rounded down, so that 100 means every one; None where no answer fell due.
    """

    since: Utc
    until: Utc
    due: int = 0
    met: int = 0
    missed: tuple[str, ...] = ()
    percent: int | None = None
    kept: bool = True
