"""Time as the process speaks of it: offsets, working hours and holidays."""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from typing import Any

from pydantic import Field, model_serializer, model_validator

from models.base import Record

_ISO = re.compile(
    r"^P(?!$)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?$"
)

_LONGEST = {"years": 100, "months": 1_200, "weeks": 5_200, "days": 36_500, "hours": 876_000, "minutes": 52_560_000}


class Offset(Record):
    """A length of time, written as an ISO-8601 duration such as ``PT48H``, ``P3D`` or ``P6M``.

    Hours and minutes are elapsed time. Days and months are calendar days and months on the wall clock of the
    calendar that dates them, so that "in 7 days" is the same hour of the day also across a change of the clock.
    None is written that is longer than a hundred years.
    """

    months: int = 0
    days: int = 0
    minutes: int = 0

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = _ISO.match(value)
        if not found:
            raise ValueError(f"'{value}' is not a duration; write it like PT48H, P3D, P2W or P6M")
        part = {name: int(number or 0) for name, number in found.groupdict().items()}
        if part["seconds"] % 60:
            raise ValueError(f"'{value}' is finer than a minute; write whole minutes, like PT1M")
        if any(part[name] > most for name, most in _LONGEST.items()):
            raise ValueError(f"'{value}' is longer than a hundred years")
        return {
            "months": part["years"] * 12 + part["months"],
            "days": part["weeks"] * 7 + part["days"],
            "minutes": part["hours"] * 60 + part["minutes"] + part["seconds"] // 60,
        }

    @model_serializer
    def _write(self) -> str:
        return str(self)

    def __str__(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        day = (f"{self.months}M" if self.months else "") + (f"{self.days}D" if self.days else "")
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        return f"P{day}" + (f"T{clock}" if clock else "") if day or clock else "PT0H"


ZERO = Offset()


class Clock(StrEnum):
    """How an offset counts."""

    ELAPSED = "elapsed"
    BUSINESS = "business"
    DAY_END = "day_end"


class Shift(Record):
    """One stretch of work in a local day; ``end`` is later than ``start``."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ordered(self) -> Shift:
        if self.end <= self.start:
            raise ValueError(f"working hours end at {self.end}, which is not after their start {self.start}")
        return self


class Calendar(Record):
    """A snapshot of someone's working time: zone, shifts by weekday (0 is Monday), and the holidays as dates."""

    id: str = "utc"
    time_zone: str = "UTC"
    week: tuple[tuple[Shift, ...], ...] = Field(default=((),) * 7, min_length=7, max_length=7)
    holidays: tuple[date, ...] = ()
