"""What the use of the product says: sums, gaps, period edges, and whether something happened or it just faded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.brief_policy import TrendRules
from models.facts import UsageFact
from models.usage import Period, Shape
from rules import usage
from tests.unit.rules.briefing import DAYS, LAST_90, used

RULES = TrendRules()


def by_weekday(day: date, level: float) -> float:
    return level if day.weekday() < 5 else level / 10


def shape_of(value: object) -> Shape:
    return usage.trend(used(value), "active_users", LAST_90, RULES).shape  # type: ignore[arg-type]


@given(at=st.integers(20, 75), low=st.floats(0, 50))
def test_conv_10_a_sudden_drop_is_told_with_the_very_day_it_happened(at: int, low: float) -> None:
    found = usage.trend(used(lambda day: low if day >= DAYS[at] else 100.0), "active_users", LAST_90, RULES)
    assert (found.shape, found.broke_on) == (Shape.SUDDEN_DROP, DAYS[at])


def test_conv_10_a_drop_is_found_among_weekends() -> None:
    monday = date(2026, 10, 5)
    found = usage.trend(used(lambda day: by_weekday(day, 40 if day >= monday else 120)), "active_users", LAST_90, RULES)
    assert found.shape == Shape.SUDDEN_DROP
    assert found.broke_on is not None
    assert abs((found.broke_on - monday).days) <= 2


def test_conv_10_a_slow_fade_is_gradual_and_names_no_day() -> None:
    found = usage.trend(used(lambda day: 100 - 0.7 * (day - DAYS[0]).days), "active_users", LAST_90, RULES)
    assert (found.shape, found.broke_on) == (Shape.GRADUAL_DECLINE, None)
    assert found.change_pct is not None and found.change_pct < -50


def test_conv_10_a_holiday_that_is_over_is_a_dip_and_no_decline() -> None:
    assert shape_of(lambda day: 20.0 if 30 <= (day - DAYS[0]).days < 45 else 100.0) == Shape.DIPPED


def test_conv_10_weekends_alone_are_no_trend() -> None:
    assert shape_of(lambda day: by_weekday(day, 50)) == Shape.STEADY


@given(st.sets(st.integers(0, 89), max_size=45))
def test_days_that_were_not_measured_are_no_zeros_and_make_no_drop(gaps: set[int]) -> None:
    measured = used(lambda day: None if (day - DAYS[0]).days in gaps else 80.0)
    found = usage.trend(measured, "active_users", LAST_90, RULES)
    assert found.shape in (Shape.STEADY, Shape.NOT_MEASURED)
    assert found.measured_days == 90 - len(gaps)
    assert usage.measure(measured, "active_users", LAST_90).average == 80.0


def test_a_customer_of_three_weeks_has_no_trend_yet() -> None:
    assert shape_of(lambda day: 80.0 if day >= DAYS[-21] else None) == Shape.NOT_MEASURED
    assert shape_of(lambda day: None) == Shape.NOT_MEASURED


@given(st.lists(st.integers(0, 1000), min_size=90, max_size=90), st.integers(1, 89))
def test_a_period_and_its_rest_add_up_to_the_whole(values: list[int], cut: int) -> None:
    measured = used(lambda day: float(values[(day - DAYS[0]).days]))
    edge = DAYS[cut]
    parts = (Period(since=LAST_90.since, until=edge), Period(since=edge, until=LAST_90.until))
    totals = [usage.measure(measured, "active_users", part).total for part in parts]
    assert sum(totals) == usage.measure(measured, "active_users", LAST_90).total == sum(values)


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    edge = [LAST_90.since - timedelta(days=1), LAST_90.since, LAST_90.last, LAST_90.until]
    days = [UsageFact(account_id="acc-1", day=day, metric="logins", value=1.0) for day in edge]
    assert usage.measure(days, "logins", LAST_90).measured_days == 2
    assert usage.measure(days, "logins", LAST_90.before).measured_days == 1


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    assert LAST_90.before == Period(since=date(2026, 5, 20), until=LAST_90.since)
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(since=LAST_90.since, until=LAST_90.since)


def test_a_week_of_which_too_little_was_measured_has_no_level() -> None:
    measured = used(lambda day: None if day >= DAYS[-7] or DAYS[-14] <= day < DAYS[-11] else 5.0)
    found = usage.weeks(measured, "active_users", LAST_90, RULES)
    assert len(found) == 12
    assert [week.level for week in found[-3:]] == [5.0, None, None]
