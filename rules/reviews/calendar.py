"""Periods of the calendar: in which one a moment lies, which days a review looks back on, when the next one begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.case import RefusalType
from models.review import Cadence, ReviewSpec
from rules.refusal import Refused

_DAY = timedelta(days=1)
_WORKING_DAYS = 5


def period_of(cadence: Cadence, day: date) -> str:
    """The period of that cadence in which a day lies, by name."""
    if cadence is Cadence.DAILY:
        return day.isoformat()
    if cadence is Cadence.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{day:%Y-%m}" if cadence is Cadence.MONTHLY else f"{day:%Y}-Q{(day.month + 2) // 3}"


def period_at(spec: ReviewSpec, at: datetime, time_zone: str) -> str:
    """The period of a review in which a moment (UTC) lies, by the clock of that time zone."""
    return period_of(spec.cadence, at.astimezone(ZoneInfo(time_zone)).date())


def first_day(period: str) -> date:
    """The first day of a period. Raises ``Refused(BadPayload)`` for one that no calendar has."""
    try:
        return _first_day(period)
    except ValueError:
        shown = "a day like 2026-11-27, a week like 2026-W48, a month like 2026-11 or a quarter like 2026-Q4"
        raise Refused(RefusalType.BAD_PAYLOAD, f"'{period}' is no period; write {shown}") from None


def looked_back_on(period: str) -> tuple[date, date]:
    """The first day, and the day after the last one, of the whole period before this one."""
    begins = first_day(period)
    last = begins - _DAY
    return _first_day(period_of(cadence_of(period), last)), begins


def cadence_of(period: str) -> Cadence:
    """How often there is such a period."""
    rest = period[5:]
    if rest.startswith(("W", "Q")):
        return Cadence.WEEKLY if rest[0] == "W" else Cadence.QUARTERLY
    return Cadence.DAILY if "-" in rest else Cadence.MONTHLY


def next_after(spec: ReviewSpec, at: datetime, time_zone: str) -> datetime:
    """When a review is asked for next (UTC), after that moment (UTC)."""
    zone = ZoneInfo(time_zone)
    day = at.astimezone(zone).date()
    while (moment := _asked_on(spec, day, zone)) is None or moment <= at:
        day += _DAY
    return moment


def _asked_on(spec: ReviewSpec, day: date, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) at which it is asked for on that day; None on a day that is not its own."""
    if spec.cadence is Cadence.DAILY:
        its_own = day.isoweekday() <= _WORKING_DAYS
    elif spec.cadence is Cadence.WEEKLY:
        its_own = day.isoweekday() == spec.day
    else:
        its_own = day.day == spec.day and (spec.cadence is Cadence.MONTHLY or day.month % 3 == 1)
    return datetime.combine(day, time(spec.hour, spec.minute), zone).astimezone(UTC) if its_own else None


def _first_day(period: str) -> date:
    year, rest = int(period[:4]), period[5:]
    match cadence_of(period):
        case Cadence.DAILY:
            return date.fromisoformat(period)
        case Cadence.WEEKLY:
            return date.fromisocalendar(year, int(rest[1:]), 1)
        case Cadence.MONTHLY:
            return date(year, int(rest), 1)
        case Cadence.QUARTERLY:
            return date(year, int(rest[1:]) * 3 - 2, 1)
