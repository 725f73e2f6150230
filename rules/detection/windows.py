"""Stretches of days that end today, right at the ends of months (T-ALERTS)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import polars as pl

from models.calendar import Offset


def back(today: date, stretch: Offset) -> date:
    """The day a stretch before today; a month before 31 March is the last day of February."""
    months = today.year * 12 + today.month - 1 - stretch.months
    year, month = divmod(months, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=stretch.days)


def ago(today: date) -> pl.Expr:
    """How many days before today the column ``day`` lies."""
    return pl.lit(number(today), pl.Int32) - pl.col("day").cast(pl.Int32)


def number(day: date) -> int:
    """The day as a count from 1 January 1970."""
    return (day - date(1970, 1, 1)).days


def iso_week(column: str = "day") -> pl.Expr:
    """A running number of the ISO week; the first of January 1970 was a Thursday."""
    return (pl.col(column).cast(pl.Int32) + 3) // 7
