"""A moment or a length of time that no calendar bears is refused where it is read, not where it is counted with."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from models.base import Given, Utc
from models.calendar import Offset

MOMENT = TypeAdapter(Given)


@pytest.mark.parametrize(
    "text", ["2026-03-29T02:30:00+02:00", "2000-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"]
)
def test_a_moment_of_our_time_is_kept_in_utc(text):
    assert MOMENT.validate_python(text).utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_moment_of_another_age_is_refused(text):
    with pytest.raises(ValidationError, match="a moment lies in the years 2000 to 2199"):
        MOMENT.validate_python(text)


def test_what_a_case_counts_on_from_the_latest_moment_is_still_a_moment():
    assert TypeAdapter(Utc).validate_python("2200-01-02T22:00:00Z").year == 2200
    with pytest.raises(ValidationError, match="a year that a calendar has"):
        TypeAdapter(Utc).validate_python("9999-12-31T23:59:59-12:00")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValidationError, match="timezone"):
        MOMENT.validate_python("2026-05-01T09:00:00")


@pytest.mark.parametrize("text", ["P101Y", "P1201M", "P36501D", "PT9999999H"])
def test_nothing_is_due_in_more_than_a_hundred_years(text):
    with pytest.raises(ValidationError, match="longer than a hundred years"):
        Offset.model_validate(text)


def test_a_hundred_years_are_a_length():
    assert Offset.model_validate("P100Y").months == 1_200
