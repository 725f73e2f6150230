"""What the use of the product says: sums, averages and trends over a stated period. A day without a measure is no zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from statistics import fmean, median

from models.brief_policy import TrendRules
from models.facts import UsageFact
from models.usage import Measure, Period, Shape, Trend, Week

Series = Mapping[date, float]
"""The measured days of one metric."""

_WEEK = 7


def metrics(facts: Iterable[UsageFact]) -> tuple[str, ...]:
    """The metrics that were ever measured, by name."""
    return tuple(sorted({fact.metric for fact in facts}))


def series(facts: Iterable[UsageFact], metric: str, period: Period) -> Series:
    """The measured days of a metric in a period, in order."""
    found = {fact.day: fact.value for fact in facts if fact.metric == metric and period.holds(fact.day)}
    return dict(sorted(found.items()))


def measure(facts: Iterable[UsageFact], metric: str, period: Period) -> Measure:
    """What a metric came to in a period (SAVE-10)."""
    values = tuple(series(facts, metric, period).values())
    average = fmean(values) if values else None
    return Measure(metric=metric, period=period, measured_days=len(values), total=sum(values), average=average)


def change_pct(before: float | None, after: float | None) -> int | None:
    """By how many percent something grew or shrank; None where there is nothing to compare with."""
    return round((after - before) / before * 100) if before and after is not None else None


def weeks(facts: Iterable[UsageFact], metric: str, period: Period, rules: TrendRules) -> tuple[Week, ...]:
    """The period week by week, counted back from its end; a first week that does not fit is left out."""
    days = series(facts, metric, period)
    starts = [period.until - timedelta(days=_WEEK * n) for n in range(period.days // _WEEK, 0, -1)]
    return tuple(
        Week(since=start, level=_level(_stretch(days, start, _WEEK), rules.week_least_days)) for start in starts
    )


def trend(facts: Iterable[UsageFact], metric: str, period: Period, rules: TrendRules) -> Trend:
    """Whether a metric held, rose, declined gradually or dropped, and on which day (CONV-10)."""
    kept = tuple(facts)
    days = series(kept, metric, period)
    found = Trend(metric=metric, period=period, measured_days=len(days), weeks=weeks(kept, metric, period, rules))
    if not days:
        return found
    found = found.model_copy(update={"last_measured": max(days)})
    if (max(days) - min(days)).days + 1 < 2 * rules.window_days:
        return found
    return found.model_copy(update=_course(days, rules))


def _course(days: Series, rules: TrendRules) -> dict[str, object]:
    first = _level(_stretch(days, min(days), rules.window_days), rules.least_days)
    last = _level(_stretch(days, _start_of_last(days, rules), rules.window_days), rules.least_days)
    change = change_pct(first, last)
    if change is None:
        return {"first": first, "last": last}
    broke = _sharpest_fall(days, rules)
    course: dict[str, object] = {"first": first, "last": last, "change_pct": change}
    course["shape"] = _shape(change, broke is not None, rules)
    return course | ({"broke_on": broke[0], "broke_pct": broke[1]} if broke else {})


def _shape(change: int, broke: bool, rules: TrendRules) -> Shape:
    if change <= -rules.steady_pct:
        return Shape.SUDDEN_DROP if broke else Shape.GRADUAL_DECLINE
    if broke:
        return Shape.DIPPED
    return Shape.RISING if change >= rules.steady_pct else Shape.STEADY


def _start_of_last(days: Series, rules: TrendRules) -> date:
    return max(days) - timedelta(days=rules.window_days - 1)


def _sharpest_fall(days: Series, rules: TrendRules) -> tuple[date, int] | None:
    """The measured day before and after which the use differs most, and the fall there in percent; None without a drop."""
    falls = [(day, *fall) for day in days if day <= _start_of_last(days, rules) and (fall := _fall(days, day, rules))]
    if not falls:
        return None
    day, percent, _ = max(falls, key=lambda each: each[2])
    return day, percent


def _fall(days: Series, day: date, rules: TrendRules) -> tuple[int, float] | None:
    """By how many percent the middle fell at a day, and by how much the mean did; None where that is no drop."""
    before = _stretch(days, day - timedelta(days=rules.window_days), rules.window_days)
    after = _stretch(days, day, rules.window_days)
    change = change_pct(_level(before, rules.least_days), _level(after, rules.least_days))
    if change is None or change > -rules.drop_pct:
        return None
    return -change, fmean(before) - fmean(after)


def _stretch(days: Series, start: date, length: int) -> tuple[float, ...]:
    wanted = (start + timedelta(days=n) for n in range(length))
    return tuple(days[day] for day in wanted if day in days)


def _level(values: tuple[float, ...], least: int) -> float | None:
    return median(values) if len(values) >= least else None
