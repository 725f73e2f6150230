"""The end that a text names, as the first day without the service; one that can be read in two ways is asked about."""

from __future__ import annotations

from datetime import date

import pytest

from rules.inbound.dates import end_named
from tests.unit.rules.inbound.rules import SHIPPED

RECEIVED = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("cancel as of 31 december 2026", date(2026, 12, 31)),
        ("cancel as of the 1st of january 2027", date(2027, 1, 1)),
        ("cancel effective december 31, 2026", date(2026, 12, 31)),
        ("cancel from 2027-01-31", date(2027, 1, 31)),
        ("cancel on 31 january", date(2027, 1, 31)),
        ("cancel by 25/12/2026", date(2026, 12, 25)),
        ("cancel by 12/25/2026", date(2026, 12, 25)),
        ("we stay until 31 december 2026", date(2027, 1, 1)),
        ("cancel at the end of january 2027", date(2027, 2, 1)),
        ("cancel at the end of this month", date(2026, 12, 1)),
        ("cancel by the end of the year", date(2027, 1, 1)),
        ("batalkan mulai 31 disember 2026", date(2026, 12, 31)),
        ("batalkan pada hujung bulan disember", date(2027, 1, 1)),
        ("kami kekal sehingga 31 mac 2027", date(2027, 4, 1)),
        ("berhenti per tanggal 31 desember 2026", date(2026, 12, 31)),
        ("berhenti akhir bulan ini", date(2026, 12, 1)),
        ("effective 1 november 2026", date(2026, 11, 1)),
    ],
)
def test_an_end_is_read_as_the_first_day_without_the_service(said: str, day: date) -> None:
    assert end_named((said,), RECEIVED, SHIPPED.dates).day == day


@pytest.mark.parametrize(
    "said",
    [
        "as we said on 3 november 2026, cancel our contract",
        "cancel contract 2026-4711",
        "cancel on 31 february 2027",
        "cancel by 2026-13-45",
        "cancel from 31 december 9999",
        "cancel our contract",
    ],
)
def test_other_days_are_no_end(said: str) -> None:
    assert end_named((said,), RECEIVED, SHIPPED.dates).day is None


def test_a_day_without_a_year_is_one_ahead_and_never_one_that_was_lately() -> None:
    july = RECEIVED.replace(year=2026, month=7, day=1)
    assert end_named(("we stay until 31 january",), july, SHIPPED.dates).day == date(2027, 2, 1)
    assert end_named(("cancel as of 20 june",), july, SHIPPED.dates).day is None


def test_a_date_that_may_be_two_days_and_two_different_ends_are_asked_about() -> None:
    twofold = end_named(("cancel by 05/12/2026",), RECEIVED, SHIPPED.dates)
    assert (twofold.day, twofold.remark) == (None, "'05/12/2026' may be two days; ask which is meant")
    several = end_named(("cancel from 1 january 2027", "we stay until 31 january 2027"), RECEIVED, SHIPPED.dates)
    assert several.day is None
    assert "2027-01-01, 2027-02-01" in several.remark


def test_the_same_end_in_two_words_is_one_end() -> None:
    said = ("cancel from 1 january 2027", "we stay until 31 december 2026")
    assert end_named(said, RECEIVED, SHIPPED.dates).day == date(2027, 1, 1)
