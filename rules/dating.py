"""From an offset, an anchor and a calendar to one absolute moment in UTC."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from models.calendar import Calendar, Clock, Offset

_SEARCH_DAYS = 400  # longer than any run of days without work; a calendar without working hours counts elapsed time


def moment(anchor: datetime, offset: Offset, clock: Clock, calendar: Calendar) -> datetime:
    """The moment (UTC) that lies ``offset`` after ``anchor``, counted by ``clock`` in ``calendar`` (AMB-4).

    ``elapsed``: months and days on the wall clock of the calendar's zone, then hours as they pass. A wall time that
    does not exist moves forward with the clock; a day that the month lacks becomes its last day. ``business``: working
    days and working hours. ``day_end``: as elapsed, then 23:59 of that local day (AMB-5).
    """
    if clock is Clock.BUSINESS and any(calendar.week):
        return _business(anchor, offset, calendar)
    reached = _on_the_wall(anchor, offset, calendar) + timedelta(minutes=offset.minutes)
    return _day_end(reached, calendar) if clock is Clock.DAY_END else reached


def ahead(anchor: datetime, offset: Offset, clock: Clock, calendar: Calendar) -> datetime:
    """The moment (UTC) that lies ``offset`` before ``anchor``, on the wall clock of the calendar; ``day_end`` as above."""
    back = Offset(months=-offset.months, days=-offset.days)
    reached = _on_the_wall(anchor, back, calendar) - timedelta(minutes=offset.minutes)
    return _day_end(reached, calendar) if clock is Clock.DAY_END else reached


def later(at: datetime, offset: Offset) -> datetime:
    """``at`` plus ``offset`` as it passes, in UTC."""
    return moment(at, offset, Clock.ELAPSED, Calendar())


def earlier(at: datetime, offset: Offset) -> datetime:
    """``offset`` before ``at`` as it passes, in UTC; months count as 30 days."""
    return at - timedelta(days=offset.days + 30 * offset.months, minutes=offset.minutes)


def next_working(at: datetime, calendar: Calendar) -> datetime:
    """``at`` (UTC) where it falls into working hours, else the start of the next shift."""
    first = next(_shifts(at, calendar), None)
    return max(at, first[0]) if first else at


def last_working(at: datetime, calendar: Calendar) -> datetime:
    """The end of the last shift that is over by ``at`` (UTC), within a week before; ``at`` where there is none."""
    over = [end for _, end in _shifts(at - timedelta(days=7), calendar, until=at) if end <= at]
    return over[-1] if over else at


def fraction(start: datetime, end: datetime, percent: int) -> datetime:
    """The moment (UTC) at which ``percent`` of the time from ``start`` to ``end`` has passed, to the second."""
    seconds = int((end - start).total_seconds()) * percent // 100
    return start + timedelta(seconds=max(seconds, 0))


def local_day(at: datetime, calendar: Calendar) -> date:
    """The day on which ``at`` falls in the calendar's zone."""
    return at.astimezone(_zone(calendar)).date()


def day_begins(day: date, calendar: Calendar) -> datetime:
    """The first moment (UTC) of a day in the calendar's zone."""
    return _local(day, time(), calendar)


def _zone(calendar: Calendar) -> ZoneInfo:
    return ZoneInfo(calendar.time_zone)


def _local(day: date, at: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, at, tzinfo=_zone(calendar)).astimezone(UTC)


def _on_the_wall(anchor: datetime, offset: Offset, calendar: Calendar) -> datetime:
    if not (offset.months or offset.days):
        return anchor.astimezone(UTC)
    local = anchor.astimezone(_zone(calendar))
    day = add_months(local.date(), offset.months) + timedelta(days=offset.days)
    return local.combine(day, local.timetz()).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """That day so many months on; a day that the month lacks becomes its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day_end(at: datetime, calendar: Calendar) -> datetime:
    return _local(at.astimezone(_zone(calendar)).date(), time(23, 59), calendar)


def _business(anchor: datetime, offset: Offset, calendar: Calendar) -> datetime:
    reached = _on_the_wall(anchor, Offset(months=offset.months), calendar)
    reached = _working_days(reached, offset.days, calendar) if offset.days else reached
    return _working_minutes(reached, offset.minutes, calendar)


def _working_days(at: datetime, days: int, calendar: Calendar) -> datetime:
    """The ``days``-th working day after the local day of ``at``, at the same wall time where that is working time."""
    local = at.astimezone(_zone(calendar))
    day = local.date()
    ahead = (day + timedelta(days=n) for n in range(1, _SEARCH_DAYS + days * 7))
    working = next(islice((candidate for candidate in ahead if _is_working(candidate, calendar)), days - 1, None))
    shifts = calendar.week[working.weekday()]
    wall = min(max(local.time().replace(tzinfo=None), shifts[0].start), shifts[-1].end)
    return _local(working, wall, calendar)


def _working_minutes(at: datetime, minutes: int, calendar: Calendar) -> datetime:
    left = timedelta(minutes=minutes)
    for start, end in _shifts(at, calendar, inclusive=minutes == 0):
        begin = max(at, start)
        if begin + left <= end:
            return begin + left
        left -= end - begin
    return at + left


def _is_working(day: date, calendar: Calendar) -> bool:
    return bool(calendar.week[day.weekday()]) and day not in calendar.holidays


def _shifts(
    at: datetime, calendar: Calendar, *, inclusive: bool = False, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Shifts (UTC) that end after ``at``, in order; with ``inclusive`` also one that ends exactly then."""
    day = at.astimezone(_zone(calendar)).date() - timedelta(days=1)
    idle = 0
    while idle < _SEARCH_DAYS:
        shifts = calendar.week[day.weekday()] if _is_working(day, calendar) else ()
        for shift in shifts:
            start, end = _local(day, shift.start, calendar), _local(day, shift.end, calendar)
            if until and start > until:
                return
            if end > at or (inclusive and end == at):
                yield start, end
        day, idle = day + timedelta(days=1), 0 if shifts else idle + 1
