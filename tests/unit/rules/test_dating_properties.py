"""What holds for every offset, anchor and calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Clock, Offset
from rules import dating
from tests.unit.rules.calendars import NO_HOURS, WORKING, in_hours

anchors = st.integers(0, 3 * 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
offsets = st.builds(Offset, months=st.integers(0, 6), days=st.integers(0, 40), minutes=st.integers(0, 60 * 24 * 9))
calendars = st.sampled_from(WORKING)


@given(offsets)
def test_an_offset_reads_what_it_wrote(offset):
    assert Offset.model_validate(str(offset)) == offset
    assert Offset.model_validate_json(offset.model_dump_json()) == offset


@given(anchors, st.integers(0, 60 * 24 * 40), st.sampled_from((*WORKING, NO_HOURS)))
def test_elapsed_hours_are_exact(anchor, minutes, calendar):
    assert dating.moment(anchor, Offset(minutes=minutes), Clock.ELAPSED, calendar) - anchor == timedelta(
        minutes=minutes
    )


@given(anchors, offsets, calendars)
def test_a_business_moment_lies_in_working_hours(anchor, offset, calendar):
    assert in_hours(dating.moment(anchor, offset, Clock.BUSINESS, calendar), calendar)


@given(anchors, offsets, st.sampled_from(Clock), calendars)
def test_nothing_is_due_before_its_anchor(anchor, offset, clock, calendar):
    assert dating.moment(anchor, offset, clock, calendar) >= anchor


@given(anchors, offsets, st.integers(0, 5000), st.sampled_from(Clock), calendars)
def test_a_longer_offset_is_never_due_earlier(anchor, offset, more, clock, calendar):
    longer = offset.model_copy(update={"minutes": offset.minutes + more})
    assert dating.moment(anchor, longer, clock, calendar) >= dating.moment(anchor, offset, clock, calendar)


@given(anchors, offsets, st.integers(0, 30), st.sampled_from(Clock), calendars)
def test_more_days_are_never_due_earlier(anchor, offset, more, clock, calendar):
    longer = offset.model_copy(update={"days": offset.days + more})
    assert dating.moment(anchor, longer, clock, calendar) >= dating.moment(anchor, offset, clock, calendar)


@given(anchors, offsets, calendars)
def test_a_day_end_is_2359_on_the_wall(anchor, offset, calendar):
    local = dating.moment(anchor, offset, Clock.DAY_END, calendar).astimezone(ZoneInfo(calendar.time_zone))
    assert (local.hour, local.minute) == (23, 59)


@given(anchors, calendars)
def test_the_next_working_moment_is_the_first_one(anchor, calendar):
    at = dating.next_working(anchor, calendar)
    assert in_hours(at, calendar)
    between = (anchor + timedelta(minutes=n) for n in range(0, int((at - anchor).total_seconds() // 60), 7))
    ends = {shift.end for day in calendar.week for shift in day}  # a shift that just ended is no time to remind
    assert all(not in_hours(m, calendar) or _wall(m, calendar) in ends for m in between)


@given(anchors, st.integers(1, 60 * 40), calendars)
def test_business_minutes_add_up(anchor, minutes, calendar):
    """Counting a and then b gives the same moment as counting both at once."""
    whole = dating.moment(anchor, Offset(minutes=minutes + 90), Clock.BUSINESS, calendar)
    first = dating.moment(anchor, Offset(minutes=90), Clock.BUSINESS, calendar)
    assert dating.moment(first, Offset(minutes=minutes), Clock.BUSINESS, calendar) == whole


@given(anchors, st.integers(0, 14 * 24 * 60), st.integers(1, 99))
def test_the_share_lies_between_start_and_end(start, minutes, percent):
    end = start + timedelta(minutes=minutes)
    assert start <= dating.fraction(start, end, percent) <= end


def _wall(at, calendar):
    return at.astimezone(ZoneInfo(calendar.time_zone)).time()
