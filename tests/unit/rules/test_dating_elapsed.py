"""Elapsed time: hours as they pass, days and months on the customer's wall clock (AMB-4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.calendar import Calendar, Clock, Offset
from rules import dating
from tests.unit.rules.calendars import BERLIN, KUALA_LUMPUR, NEW_YORK, NO_HOURS, wall


def after(anchor: datetime, offset: str, calendar: Calendar, clock: Clock = Clock.ELAPSED) -> datetime:
    return dating.moment(anchor, Offset.model_validate(offset), clock, calendar)


@pytest.mark.parametrize(
    ("calendar", "friday", "monday"),
    [
        (BERLIN, (2026, 3, 27), (2026, 3, 30)),  # clocks go forward on 29 March
        (BERLIN, (2026, 10, 23), (2026, 10, 26)),  # and back on 25 October
        (NEW_YORK, (2026, 3, 6), (2026, 3, 9)),  # forward on 8 March
        (NEW_YORK, (2026, 10, 30), (2026, 11, 2)),  # back on 1 November
    ],
)
def test_in_three_days_is_the_same_hour_of_the_day_across_a_change_of_the_clock(calendar, friday, monday):
    assert after(wall(calendar, *friday, 15, 30), "P3D", calendar) == wall(calendar, *monday, 15, 30)


@pytest.mark.parametrize(
    ("calendar", "start", "end"),
    [
        (BERLIN, (2026, 3, 28, 12), (2026, 3, 30, 13)),
        (BERLIN, (2026, 10, 24, 12), (2026, 10, 26, 11)),
        (NEW_YORK, (2026, 3, 7, 12), (2026, 3, 9, 13)),
        (NEW_YORK, (2026, 10, 31, 12), (2026, 11, 2, 11)),
    ],
)
def test_48_hours_are_48_hours_as_they_pass_whatever_the_clock_does(calendar, start, end):  # SAVE-2
    due = after(wall(calendar, *start), "PT48H", calendar)
    assert due - wall(calendar, *start) == timedelta(hours=48)
    assert due == wall(calendar, *end)


def test_a_wall_time_that_does_not_exist_moves_forward_with_the_clock():
    # 02:30 on 29 March is missing in Berlin; 03:30 summer time is what the clock shows then
    assert after(wall(BERLIN, 2026, 3, 28, 2, 30), "P1D", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert after(wall(NEW_YORK, 2026, 3, 7, 2, 30), "P1D", NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_a_wall_time_that_happens_twice_is_its_first_occurrence():
    assert after(wall(BERLIN, 2026, 10, 24, 2, 30), "P1D", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert after(wall(NEW_YORK, 2026, 10, 31, 1, 30), "P1D", NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "offset", "end"),
    [
        ((2027, 1, 31), "P1M", (2027, 2, 28)),
        ((2028, 1, 31), "P1M", (2028, 2, 29)),  # a leap year
        ((2028, 2, 29), "P1Y", (2029, 2, 28)),
        ((2028, 2, 29), "P4Y", (2032, 2, 29)),
        ((2026, 8, 31), "P6M", (2027, 2, 28)),
        ((2026, 10, 31), "P1M", (2026, 11, 30)),
        ((2026, 11, 30), "P3M", (2027, 2, 28)),
        ((2026, 12, 15), "P1M", (2027, 1, 15)),
        ((2028, 2, 28), "P1D", (2028, 2, 29)),
        ((2027, 2, 28), "P1D", (2027, 3, 1)),
        ((2027, 12, 31), "P2W", (2028, 1, 14)),
    ],
)
def test_a_day_that_the_month_lacks_becomes_its_last_day(start, offset, end):
    assert after(wall(KUALA_LUMPUR, *start, 10), offset, KUALA_LUMPUR) == wall(KUALA_LUMPUR, *end, 10)


def test_months_come_before_days_and_days_before_hours():
    assert after(wall(BERLIN, 2027, 1, 31, 9), "P1M1DT2H", BERLIN) == wall(BERLIN, 2027, 3, 1, 11)


def test_the_local_day_of_the_account_counts_not_that_of_utc():
    late_evening_in_utc = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)  # 07:00 on the 16th in Kuala Lumpur
    due = after(late_evening_in_utc, "P1D", KUALA_LUMPUR, Clock.DAY_END)
    assert due == wall(KUALA_LUMPUR, 2026, 11, 17, 23, 59)


@pytest.mark.parametrize(
    ("calendar", "start", "offset", "end"),
    [
        (BERLIN, (2026, 3, 28, 10), "P1D", (2026, 3, 29, 23, 59)),  # the short day still ends at 23:59
        (BERLIN, (2026, 10, 24, 10), "P1D", (2026, 10, 25, 23, 59)),  # and so does the long one
        (NEW_YORK, (2026, 3, 7, 0), "P0D", (2026, 3, 7, 23, 59)),
        (KUALA_LUMPUR, (2026, 11, 16, 23, 59), "P3D", (2026, 11, 19, 23, 59)),
        (KUALA_LUMPUR, (2028, 2, 1, 9), "P28D", (2028, 2, 29, 23, 59)),
    ],
)
def test_a_milestone_named_by_its_day_ends_with_that_local_day(calendar, start, offset, end):  # AMB-5, PLAY-17
    assert after(wall(calendar, *start), offset, calendar, Clock.DAY_END) == wall(calendar, *end)


def test_a_calendar_without_working_hours_counts_business_time_as_it_passes():
    start = wall(NO_HOURS, 2026, 11, 20, 15)
    assert after(start, "PT8H", NO_HOURS, Clock.BUSINESS) == start + timedelta(hours=8)


def test_later_counts_in_utc():
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert dating.later(start, Offset(days=1, minutes=30)) == datetime(2026, 3, 29, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(("percent", "hours"), [(75, 36), (50, 24), (1, 0.48), (99, 47.52)])
def test_a_share_of_the_time_between_two_moments(percent, hours):  # AMB-37
    start = datetime(2026, 11, 16, 1, tzinfo=UTC)
    assert dating.fraction(start, start + timedelta(hours=48), percent) == start + timedelta(hours=hours)


def test_no_share_of_a_time_that_runs_backwards():
    start = datetime(2026, 11, 16, 1, tzinfo=UTC)
    assert dating.fraction(start, start - timedelta(hours=5), 75) == start
