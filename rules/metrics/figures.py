"""Shares, medians and percentiles that say so where there is nothing to count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from models.calendar import Offset
from models.metrics import Reading
from models.metrics_policy import Target
from rules.dating import later

_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
NINTH = Fraction(9, 10)


def share(name: str, part: int, whole: int, target: Target | None = None) -> Reading:
    """``part`` of ``whole``; nothing is measured where the whole is nothing."""
    if whole == 0:
        return Reading(name=name)
    aim = target.percent if target else None
    meets = None if aim is None else part * 100 >= aim * whole
    return Reading(name=name, part=part, whole=whole, share=part / whole, meets=meets)


def lengths(name: str, times: Sequence[timedelta], target: Target | None = None) -> Reading:
    """The median and the 90th percentile; where the target is a time, how many kept within it as well."""
    if not times:
        return Reading(name=name)
    typical, limit = middle(times), target and target.within
    read = Reading(name=name, whole=len(times), median=typical, p90=percentile(times, NINTH))
    if not limit:
        return read
    kept = sum(time <= length(limit) for time in times)
    return read.model_copy(update={"part": kept, "share": kept / len(times), "meets": typical <= length(limit)})


def percentile(times: Sequence[timedelta], rank: Fraction) -> timedelta:
    """The smallest of ``times`` that at least ``rank`` of them do not exceed (nearest rank)."""
    return sorted(times)[ceil(rank * len(times)) - 1]


def middle(times: Sequence[timedelta]) -> timedelta:
    """The median; of an even number of times the mean of the two in the middle."""
    ordered, half = sorted(times), len(times) // 2
    return ordered[half] if len(times) % 2 else (ordered[half - 1] + ordered[half]) / 2


def length(offset: Offset) -> timedelta:
    """About how long an offset is; a month is taken from the turn of a year on."""
    return later(_EPOCH, offset) - _EPOCH


def spoken(offset: Offset) -> str:
    """A length of time as people say it: ``48 hours``, ``90 days``, ``12 months``."""
    hours = offset.minutes // 60
    parts = ((offset.months, "month"), (offset.days, "day"), (hours, "hour"), (offset.minutes % 60, "minute"))
    return " ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count)
