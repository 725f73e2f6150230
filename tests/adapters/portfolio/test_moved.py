"""The sample is shown as if it were exported on the day before: all that it tells lies as far apart as it did."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from adapters.portfolio.moved import moved
from adapters.portfolio.read import read_portfolio
from models.portfolio import Portfolio

SAMPLE, LAST_DAY = Path(__file__).resolve().parents[3] / "sample", date(2026, 11, 15)
GAP = timedelta(days=11)


def days_of(portfolio: Portfolio) -> list[tuple[str, str, date]]:
    rows = ((name, row) for name, found in portfolio for row in found)
    return [(name, field, value) for name, row in rows for field, value in row if isinstance(value, date)]


def test_every_day_and_moment_is_later_by_the_same_days() -> None:
    before = read_portfolio(SAMPLE, LAST_DAY)
    found, later = days_of(before), days_of(moved(before, GAP))
    assert {name for name, _, _ in found} == {
        *("absences", "accounts", "usage", "tickets", "nps", "inbound"),
        *("signals", "payments", "figures"),
    }
    assert [(name, field, value + GAP) for name, field, value in found] == later


def test_nothing_else_changes() -> None:
    before = read_portfolio(SAMPLE, LAST_DAY)
    assert moved(before, timedelta(0)) == before


def test_two_periods_of_the_sample_can_be_compared() -> None:  # CONV-11
    rows = read_portfolio(SAMPLE, LAST_DAY).usage
    measured = {row.day for row in rows if row.account == "acc-0013"}
    assert {LAST_DAY - timedelta(days=back) for back in range(180)} <= measured
