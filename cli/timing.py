"""When a person gets round to a step: within its time, or after it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from models.calendar import Calendar
from models.people import PersonId, Team
from rules.dating import last_working, next_working

_WARNED = 0.72
_MINUTE = timedelta(minutes=1)
_LONG = timedelta(days=2, hours=12)


@dataclass(frozen=True)
class Slot:
    """A step as somebody has it before them: since when, until when (UTC), and their working time."""

    start: datetime
    due: datetime
    calendar: Calendar

    def at(self, share: float) -> datetime:
        """The moment at which that share of the time has passed."""
        return self.start + (self.due - self.start) * share


def diligent(slot: Slot, luck: Random) -> datetime:
    """Some hours after the step came, before its reminder where working hours allow; soon where it is late already."""
    if slot.due - slot.start < timedelta(minutes=10):
        return _whole(next_working(slot.start + timedelta(minutes=luck.randint(40, 200)), slot.calendar))
    wished = slot.at(luck.uniform(0.08 if slot.due - slot.start < _LONG else 0.25, 0.62))
    decent = next_working(wished, slot.calendar) + timedelta(minutes=luck.randint(4, 50))
    if decent <= slot.at(_WARNED):
        return _whole(decent)
    before = last_working(wished, slot.calendar) - timedelta(minutes=luck.randint(4, 50))
    return _whole(before if before > slot.start else decent if decent < slot.due else wished)


def late(slot: Slot, luck: Random, *, first: bool, often: bool) -> datetime | None:
    """After the breach, or at the last minute, or never (None). A first contact comes a day and more too late.

    ``often`` is false for small routines such as a standup, which late people rather leave out.
    """
    if first:
        return _settling(slot, luck, luck.randint(25 * 60, 33 * 60))
    mood = luck.random()
    if mood > 0.92 or (not often and mood > 0.5):
        return None
    if mood > 0.55 or not often:
        return _whole(_by_day(slot, slot.at(luck.uniform(0.8, 0.97)), luck))
    return _settling(slot, luck, luck.randint(60, 28 * 60))


def _settling(slot: Slot, luck: Random, late_by: int) -> datetime:
    """So many minutes after the due moment, in working hours, and not all at the stroke of nine."""
    decent = next_working(slot.due + timedelta(minutes=late_by), slot.calendar)
    return _whole(decent + timedelta(minutes=luck.randint(4, 90)))


def _by_day(slot: Slot, wished: datetime, luck: Random) -> datetime:
    """In working hours where the step's time allows, the next ones before the last ones."""
    some = timedelta(minutes=luck.randint(4, 90))
    decent, before = next_working(wished, slot.calendar) + some, last_working(wished, slot.calendar) - some
    return decent if decent < slot.due else before if before > slot.start else wished


def working(team: Team, person: PersonId, at: datetime) -> datetime:
    """``at`` where that person works then, else the start of their next shift."""
    known = team.person(person)
    return _whole(next_working(at, team.calendar(known.calendar if known else "")))


def _whole(at: datetime) -> datetime:
    """The full minute, so that the milliseconds of a machine decide nothing."""
    return at.replace(second=0, microsecond=0) + _MINUTE
