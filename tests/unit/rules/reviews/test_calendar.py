"""In which period a moment lies, what a review looks back on, and when it is asked for next (RISK-121, METR-8..10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.review import Cadence, ReviewSpec
from rules.refusal import Refused
from rules.reviews.calendar import cadence_of, first_day, looked_back_on, next_after, period_at, period_of

days = st.dates(date(2001, 1, 2), date(2199, 12, 30))
moments = st.integers(0, 189 * 365 * 24 * 60).map(
    lambda minute: datetime(2001, 1, 2, tzinfo=UTC) + timedelta(minutes=minute)
)
zones = st.sampled_from(["UTC", "Asia/Kuala_Lumpur", "America/Los_Angeles", "Europe/Berlin"])
LONGEST = {Cadence.DAILY: 3, Cadence.WEEKLY: 7, Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92}


@st.composite
def specs(draw: st.DrawFn) -> ReviewSpec:
    cadence = draw(st.sampled_from(Cadence))
    day = 1 if cadence is Cadence.DAILY else draw(st.integers(1, 7 if cadence is Cadence.WEEKLY else 28))
    hour = draw(st.integers(4, 23))  # no clock is moved then
    return ReviewSpec.model_validate(
        {"name": "r", "scope": "company", "cadence": cadence, "day": day, "hour": hour, "catch_up": "P1D"}
    )


@given(st.sampled_from(Cadence), days)
def test_a_day_lies_in_its_period_and_the_name_says_how_often_it_comes(cadence: Cadence, day: date):
    period = period_of(cadence, day)
    assert first_day(period) <= day < first_day(period) + timedelta(days=LONGEST[cadence] + 1)
    assert period_of(cadence, first_day(period)) == period
    assert cadence_of(period) is cadence


@given(st.sampled_from(Cadence), days)
def test_what_is_looked_back_on_ends_where_the_period_begins(cadence: Cadence, day: date):
    since, until = looked_back_on(period_of(cadence, day))
    assert until == first_day(period_of(cadence, day))
    assert period_of(cadence, since) == period_of(cadence, until - timedelta(days=1)) != period_of(cadence, until)


@given(specs(), moments, zones)
def test_it_is_asked_for_at_its_hour_and_in_the_next_period_at_the_latest(spec: ReviewSpec, at: datetime, zone: str):
    found = next_after(spec, at, zone)
    assert at < found <= at + timedelta(days=LONGEST[spec.cadence] + 1)
    assert found.astimezone(ZoneInfo(zone)).hour == spec.hour


@given(specs(), moments, zones)
def test_each_time_it_is_asked_for_is_another_period(spec: ReviewSpec, at: datetime, zone: str):
    first = next_after(spec, at, zone)
    assert period_at(spec, first, zone) != period_at(spec, next_after(spec, first, zone), zone)


def test_the_week_of_a_moment_is_that_of_the_companys_clock():
    spec = ReviewSpec.model_validate(
        {"name": "r", "scope": "company", "cadence": "weekly", "hour": 8, "catch_up": "P1D"}
    )
    sunday_evening = datetime(2026, 11, 29, 17, tzinfo=UTC)
    assert period_at(spec, sunday_evening, "UTC") == "2026-W48"
    assert period_at(spec, sunday_evening, "Asia/Kuala_Lumpur") == "2026-W49"


@pytest.mark.parametrize("period", ["2026-W60", "2026-13", "2026-02-30", "0000-01"])
def test_a_period_that_no_calendar_has_is_refused(period: str):
    with pytest.raises(Refused, match="is no period; write a day like"):
        first_day(period)
