"""Cells of accounts side by side in one series: for each day a column of all accounts by their numbers, newest first.

What is asked of single days is a slice then, and what is asked of many days goes by whole columns: no row is grouped, and
no account is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

UNMEASURED = -1
"""Less than any count or score: the account has none of that day."""


@dataclass(frozen=True)
class Columns:
    """How many accounts each column has, and how many columns there are."""

    accounts: int
    days: int

    def column(self, cells: pl.Series, day: int) -> pl.Series:
        """The cells of one day."""
        return cells.slice(day * self.accounts, self.accounts)

    def latest(self, marked: pl.Series, days: Iterable[int] | None = None) -> pl.Series:
        """The first of these days, or of all, of which a series like the cells is true; null where of none."""
        found = pl.repeat(None, self.accounts, dtype=pl.Int32, eager=True)
        for day in sorted(range(self.days) if days is None else days, reverse=True):
            found = same(day).zip_with(self.column(marked, day), found)
        return found


@cache
def same(day: int) -> pl.Series:
    """The same number for every account."""
    return pl.Series([day], dtype=pl.Int32)
