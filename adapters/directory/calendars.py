"""Calendar snapshots: working hours, the region's weekend and its public holidays, as a case carries them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.calendar import Calendar
from models.directory import OFFICE_HOURS, WorkingTime
from models.faults import PermanentFault

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY = 5


class Years(tuple[int, int]):
    """The first and the last year that a snapshot covers, both included."""

    __slots__ = ()

    @classmethod
    def around(cls, moment: datetime) -> Years:
        """From the year before a moment to the third year after it, which outlasts a case with its retention."""
        return cls((moment.year - 1, moment.year + 3))


@lru_cache(maxsize=512)
def snapshot(works: WorkingTime, years: Years) -> Calendar:
    """The calendar of someone's working time; holidays on days off are left out.

    Raises ``PermanentFault("BadCalendar")`` for a time zone or a region that nobody knows.
    """
    check_zone(works.time_zone)
    region = region_holidays(works.region, years)
    week = works.week or tuple(() if _day_off(region, years, day) else works.hours for day in range(7))
    free = sorted(region) if region is not None else []
    return Calendar(
        id=_name(works),
        time_zone=works.time_zone,
        week=week,
        holidays=tuple(day for day in free if week[day.weekday()]),
    )


def check_zone(time_zone: str) -> None:
    """Pass for an IANA time zone; raises ``PermanentFault("BadCalendar")`` for anything else."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        sentence = f"'{time_zone}' is not a time zone; write one like Asia/Kuala_Lumpur or UTC"
        raise PermanentFault("BadCalendar", sentence) from error


def region_holidays(region: str, years: Years) -> HolidayBase | None:
    """The public holidays of a region such as ``MY-14`` or ``ID``; None without a region.

    Raises ``PermanentFault("BadCalendar")`` for a region that the holiday library does not know.
    """
    if not region:
        return None
    import holidays  # takes its time to load, and not every command dates something

    country, _, subdivision = region.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, years=range(years[0], years[1] + 1))
    except NotImplementedError as error:
        sentence = f"'{region}' is not a holiday region; write a country and its part, like MY-14, ID, US-CA or GB-ENG"
        raise PermanentFault("BadCalendar", sentence) from error


def _day_off(region: HolidayBase | None, years: Years, weekday: int) -> bool:
    if region is None:
        return weekday >= _SATURDAY
    # Weekends have moved by law (Johor in 2025); the middle of the second year, in which the case opens, decides.
    middle = date(years[0] + 1, 7, 1)
    return bool(region.is_weekend(middle + timedelta(days=(weekday - middle.weekday()) % 7)))


def _name(works: WorkingTime) -> str:
    base = f"{works.region or 'none'}:{works.time_zone}"
    if works.week is None and works.hours == OFFICE_HOURS:
        return base
    own = hashlib.sha256(works.model_dump_json(include={"hours", "week"}).encode()).hexdigest()[:8]
    return f"{base}:{own}"
