"""The attained service level of a stretch of time, computed from tickets (PLAY-65, PLAY-66)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.calendar import Offset
from models.facts import Ticket
from models.service_level import Attained, ServiceLevel
from rules.dating import later

_QUIET = "no answer to a ticket fell due"


def attained(tickets: Sequence[Ticket], level: ServiceLevel, since: datetime, until: datetime) -> Attained:
    """How many of the answers that fell due after ``since`` and by ``until`` (UTC) came in time.

    A ticket counts in the one stretch in which its answer fell due, so that weeks side by side count each ticket once.
    Where a first response was not recorded, the resolution is the answer.
    """
    due = [ticket for ticket in tickets if since < _deadline(ticket, level.respond_within) <= until]
    missed = tuple(ticket.id for ticket in due if not _in_time(ticket, level.respond_within))
    met = len(due) - len(missed)
    percent = met * 100 // len(due) if due else None
    kept = percent is None or percent >= level.target_percent
    return Attained(since=since, until=until, due=len(due), met=met, missed=missed, percent=percent, kept=kept)


def told(found: Attained, level: ServiceLevel) -> str:
    """The result in one sentence, as evidence: the share, the figures, the days, and which tickets were late."""
    days = f"{found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    if found.percent is None:
        return f"{_QUIET} from {days}"
    within = f"{found.percent} % ({found.met} of {found.due}) answered within {level.respond_within} from {days}"
    return f"{within}, target {level.target_percent} %" + (f"; late: {_some(found.missed)}" if found.missed else "")


def quiet(text: str) -> bool:
    """Whether what ``told`` said is that there was nothing to keep."""
    return text.startswith(_QUIET)


def _deadline(ticket: Ticket, within: Offset) -> datetime:
    return later(ticket.opened_at, within)


def _in_time(ticket: Ticket, within: Offset) -> bool:
    answers = [at for at in (ticket.answered_at, ticket.closed_at) if at]
    return bool(answers) and min(answers) <= _deadline(ticket, within)


def _some(ids: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more
