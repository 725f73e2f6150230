"""When something received that could not be worked is tried again, and when a person has to look at it."""

from __future__ import annotations

from datetime import datetime, timedelta

_PAUSES = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 1_800, 3_600))
_PATIENCE = timedelta(days=3)


def next_try(received_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` attempts (UTC); None where it has waited long enough for a person to look."""
    pause = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return None if now + pause > received_at + _PATIENCE else now + pause
