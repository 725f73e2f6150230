"""Business time: working hours with several shifts a day, weekends and public holidays (AMB-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.calendar import Calendar, Clock, Offset, Shift
from rules import dating
from tests.unit.rules.calendars import BERLIN, BERLIN_NIGHTS, KUALA_LUMPUR, NEW_YORK, NO_HOURS, RIYADH, wall


def business(anchor: datetime, offset: str, calendar: Calendar) -> datetime:
    return dating.moment(anchor, Offset.model_validate(offset), Clock.BUSINESS, calendar)


@pytest.mark.parametrize(
    ("calendar", "start", "offset", "end"),
    [
        (BERLIN, (2026, 11, 16, 10), "PT4H", (2026, 11, 16, 14)),
        (BERLIN, (2026, 11, 16, 10), "PT8H", (2026, 11, 16, 18)),  # closing time is still in time
        (BERLIN, (2026, 11, 16, 16), "PT4H", (2026, 11, 17, 11)),
        (BERLIN, (2026, 11, 20, 16), "PT4H", (2026, 11, 23, 11)),  # over a weekend
        (BERLIN, (2026, 11, 21, 13), "PT4H", (2026, 11, 23, 13)),  # from a Saturday
        (BERLIN, (2026, 4, 30, 17), "PT2H", (2026, 5, 4, 10)),  # 1 May is a holiday, then a weekend
        (KUALA_LUMPUR, (2026, 11, 16, 12), "PT1H", (2026, 11, 16, 14)),  # lunch does not count
        (KUALA_LUMPUR, (2026, 11, 16, 13), "PT1H", (2026, 11, 16, 14, 30)),  # nor does it when one starts in it
        (KUALA_LUMPUR, (2026, 11, 16, 9), "PT8H", (2026, 11, 16, 18)),
        (RIYADH, (2026, 11, 19, 17), "PT2H", (2026, 11, 22, 10)),  # Thursday to Sunday
        (RIYADH, (2026, 11, 20, 12), "PT1H", (2026, 11, 22, 10)),  # a Friday is no working day there
        (NEW_YORK, (2026, 10, 30, 17), "PT10H", (2026, 11, 2, 18)),
    ],
)
def test_business_hours_pass_only_while_somebody_works(calendar, start, offset, end):
    assert business(wall(calendar, *start), offset, calendar) == wall(calendar, *end)


@pytest.mark.parametrize(
    ("calendar", "start", "offset", "end"),
    [
        (BERLIN, (2026, 11, 16, 10), "P1D", (2026, 11, 17, 10)),
        (BERLIN, (2026, 11, 20, 10), "P1D", (2026, 11, 23, 10)),
        (BERLIN, (2026, 11, 20, 10), "P5D", (2026, 11, 27, 10)),
        (BERLIN, (2026, 12, 23, 10), "P2D", (2026, 12, 28, 10)),  # two holidays, one of them on a Saturday
        (BERLIN, (2026, 11, 16, 7), "P1D", (2026, 11, 17, 9)),  # before the day began: at its start
        (BERLIN, (2026, 11, 16, 22), "P1D", (2026, 11, 17, 18)),  # after it ended: at its end
        (KUALA_LUMPUR, (2026, 11, 16, 13), "P1D", (2026, 11, 17, 13, 30)),  # at lunch: after lunch
        (RIYADH, (2026, 11, 18, 10), "P2D", (2026, 11, 22, 10)),  # Wednesday, Thursday, Sunday
        (BERLIN, (2026, 3, 27, 10), "P1D", (2026, 3, 30, 10)),  # over the change of the clock
        (NEW_YORK, (2026, 10, 30, 10), "P1D", (2026, 11, 2, 10)),
    ],
)
def test_business_days_skip_weekends_and_public_holidays(calendar, start, offset, end):
    assert business(wall(calendar, *start), offset, calendar) == wall(calendar, *end)


def test_a_business_month_lands_in_working_hours():
    assert business(wall(BERLIN, 2026, 10, 22, 11), "P1M", BERLIN) == wall(
        BERLIN, 2026, 11, 23, 9
    )  # 22 Nov is a Sunday


def test_a_night_shift_is_as_long_as_it_really_is_when_the_clock_changes():
    # 01:00-05:00 has three hours on the night of spring and five on the night of autumn
    spring, autumn = wall(BERLIN, 2026, 3, 29, 1), wall(BERLIN, 2026, 10, 25, 1)
    assert business(spring, "PT3H", BERLIN_NIGHTS) == wall(BERLIN, 2026, 3, 29, 5)
    assert business(autumn, "PT5H", BERLIN_NIGHTS) == wall(BERLIN, 2026, 10, 25, 5)
    assert business(spring, "PT4H", BERLIN_NIGHTS) == wall(BERLIN, 2026, 3, 30, 2)


def test_no_business_time_at_all_is_the_next_moment_of_work():
    assert business(wall(BERLIN, 2026, 11, 21, 13), "PT0H", BERLIN) == wall(BERLIN, 2026, 11, 23, 9)
    assert business(wall(BERLIN, 2026, 11, 20, 18), "PT0H", BERLIN) == wall(BERLIN, 2026, 11, 20, 18)


def test_a_reminder_waits_for_working_hours():
    assert dating.next_working(wall(BERLIN, 2026, 11, 16, 11), BERLIN) == wall(BERLIN, 2026, 11, 16, 11)
    assert dating.next_working(wall(BERLIN, 2026, 11, 16, 3), BERLIN) == wall(BERLIN, 2026, 11, 16, 9)
    assert dating.next_working(wall(BERLIN, 2026, 11, 16, 18), BERLIN) == wall(BERLIN, 2026, 11, 17, 9)
    assert dating.next_working(wall(RIYADH, 2026, 11, 20, 9), RIYADH) == wall(RIYADH, 2026, 11, 22, 9)


def test_the_end_of_the_last_shift_that_is_over():
    assert dating.last_working(wall(BERLIN, 2026, 11, 22, 12), BERLIN) == wall(BERLIN, 2026, 11, 20, 18)
    assert dating.last_working(wall(KUALA_LUMPUR, 2026, 11, 16, 13), KUALA_LUMPUR) == wall(
        KUALA_LUMPUR, 2026, 11, 16, 12, 30
    )
    assert dating.last_working(wall(BERLIN, 2026, 11, 16, 18), BERLIN) == wall(BERLIN, 2026, 11, 16, 18)


def test_without_working_hours_every_moment_is_as_good():
    at = wall(NO_HOURS, 2026, 11, 22, 3)
    assert dating.next_working(at, NO_HOURS) == at == dating.last_working(at, NO_HOURS)


def test_a_long_shutdown_is_waited_for():
    shutdown = tuple(date(2026, 6, 1) + timedelta(days=n) for n in range(300))
    closed = BERLIN.model_copy(update={"holidays": shutdown})
    assert business(wall(BERLIN, 2026, 6, 1, 9), "PT1H", closed) == wall(BERLIN, 2027, 3, 29, 10)


def test_a_shift_ends_after_it_starts():
    with pytest.raises(ValueError, match="working hours end at 09:00:00, which is not after their start 18:00:00"):
        Shift(start=time(18), end=time(9))


def test_a_count_of_more_than_a_year_is_counted_to_its_end():
    mondays = BERLIN.model_copy(update={"week": ((Shift(start=time(9), end=time(10)),),) + ((),) * 6})
    due = business(datetime(2026, 1, 1, tzinfo=UTC), "PT100H", mondays)
    assert due == wall(BERLIN, 2027, 11, 29, 10)  # the hundredth Monday
