"""Calendars of plainly fictional offices, for the tests of dating."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.calendar import Calendar, Shift

NINE_TO_SIX = (Shift(start=time(9), end=time(18)),)
TWO_SHIFTS = (Shift(start=time(9), end=time(12, 30)), Shift(start=time(13, 30), end=time(18)))
NIGHT = (Shift(start=time(1), end=time(5)),)

BERLIN = Calendar(
    id="de",
    time_zone="Europe/Berlin",
    week=(NINE_TO_SIX,) * 5 + ((), ()),
    holidays=(date(2026, 5, 1), date(2026, 12, 25), date(2026, 12, 26)),
)
NEW_YORK = Calendar(id="us", time_zone="America/New_York", week=(NINE_TO_SIX,) * 5 + ((), ()))
KUALA_LUMPUR = Calendar(id="my", time_zone="Asia/Kuala_Lumpur", week=(TWO_SHIFTS,) * 5 + ((), ()))
RIYADH = Calendar(  # Friday and Saturday are the weekend
    id="sa",
    time_zone="Asia/Riyadh",
    week=(NINE_TO_SIX,) * 4 + ((), (), NINE_TO_SIX),
)
BERLIN_NIGHTS = BERLIN.model_copy(update={"id": "de-night", "week": (NIGHT,) * 7, "holidays": ()})
NO_HOURS = Calendar(id="none", time_zone="Europe/Berlin")

WORKING = (BERLIN, NEW_YORK, KUALA_LUMPUR, RIYADH, BERLIN_NIGHTS)


def wall(calendar: Calendar, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A wall-clock moment of the calendar's zone, in UTC."""
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(calendar.time_zone))
    return local.astimezone(UTC)


def in_hours(at: datetime, calendar: Calendar) -> bool:
    """Whether ``at`` lies in a shift of the calendar, both ends included; written apart from the code under test."""
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    if local.date() in calendar.holidays:
        return False
    now = local.time()
    return any(shift.start <= now <= shift.end for shift in calendar.week[local.weekday()])
