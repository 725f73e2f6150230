"""The use of accounts as a grid: for each day before today a column of all accounts, side by side in one series.

What is asked of single days is a slice then, and what is asked of many days is counted across whole columns: no row is
grouped, and no account is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from models.triggers import Metric
from rules.detection.windows import number

UNMEASURED = -1
_WEEKDAYS = 7
_NOTHING = pl.lit(None, pl.Float64)


@dataclass(frozen=True)
class Grid:
    """The cells of each metric: day 0 is today, and of a day the accounts by their numbers. -1 was not measured."""

    accounts: int
    days: int
    cells: dict[Metric, pl.Series]
    _marked: dict[tuple[Metric, int], pl.Series] = field(default_factory=dict)

    def on(self, metric: Metric, day: int) -> pl.Series:
        """What each account had so many days ago."""
        return self.cells[metric].slice(day * self.accounts, self.accounts)

    def counted(self, metric: Metric, days: Iterable[int], least: int) -> pl.Series:
        """On how many of these days each account had so much; with ``least`` 0, on how many it was measured."""
        looked_at = [day for day in days if day < self.days]
        if not looked_at:
            return pl.repeat(0, self.accounts, dtype=pl.Int64, eager=True)
        return self._columns(self._marks(metric, least), looked_at).sum_horizontal().cast(pl.Int64)

    def latest(self, marked: pl.Series) -> pl.Series:
        """The fewest days ago of which a series like the cells is true; null where of none."""
        ages = self._ages.zip_with(marked, pl.Series([self.days], dtype=pl.Int32))
        found = self._columns(ages, range(self.days)).min_horizontal().cast(pl.Int32)
        return found.set(found == self.days, None)

    @cached_property
    def _ages(self) -> pl.Series:
        """Of each cell how many days ago it is."""
        return pl.int_range(self.accounts * self.days, dtype=pl.Int32, eager=True) // max(self.accounts, 1)

    def _marks(self, metric: Metric, least: int) -> pl.Series:
        """1 in each cell that has so much, else 0; found once, since many stretches are counted."""
        key = (metric, least)
        if key not in self._marked:
            self._marked[key] = (self.cells[metric] >= least).cast(pl.Int32)
        return self._marked[key]

    def _columns(self, cells: pl.Series, days: Iterable[int]) -> pl.DataFrame:
        size = self.accounts
        return pl.DataFrame([cells.slice(day * size, size).alias(str(day)) for day in days])

    def middles(self, metric: Metric, first: int, days: int) -> pl.Series:
        """The medians by weekday of the days from ``first`` on: first all accounts of its weekday, then of the day before.

        Null where a weekday was not measured.
        """
        weeks = -(-days // _WEEKDAYS)
        size = _WEEKDAYS * self.accounts
        cells = self.cells[metric].slice(first * self.accounts, days * self.accounts)
        padded = cells.extend_constant(UNMEASURED, weeks * size - len(cells))
        return _middle(pl.DataFrame([padded.slice(week * size, size).alias(str(week)) for week in range(weeks)]))


def grid(usage: pl.DataFrame, accounts: int, today: date, days: int) -> Grid:
    """The last so many days of ``account, day`` and the metrics. Each account and day is there once at most."""
    ago = number(today) - usage["day"].cast(pl.Int64)
    near = usage if (ago < days).all() else usage.filter(ago < days)
    place = (near["account"] + (number(today) - near["day"].cast(pl.Int64)) * accounts).cast(pl.UInt32)
    empty = pl.repeat(UNMEASURED, accounts * days, dtype=pl.Int32, eager=True)
    cells = {metric: empty.clone().scatter(place, near[metric].cast(pl.Int32)) for metric in Metric}
    return Grid(accounts=accounts, days=days, cells=cells)


def _middle(weeks: pl.DataFrame) -> pl.Series:
    """Of each row the middle of what was measured, or the mean of the two middle ones."""
    width = weeks.width
    measured = pl.sum_horizontal((pl.col(name) >= 0).cast(pl.Int32) for name in weeks.columns)
    ordered = _ordered(weeks.with_columns(measured=measured), width)
    found = _NOTHING
    for count in range(1, width + 1):
        low, high = (pl.col(str(width - count + at)).cast(pl.Float64) for at in ((count - 1) // 2, count // 2))
        found = pl.when(pl.col("measured") == count).then((low + high) / 2).otherwise(found)
    return ordered.select(middle=found).to_series()


def _ordered(weeks: pl.DataFrame, width: int) -> pl.DataFrame:
    """Each row in rising order, by comparing whole columns."""
    for layer in _network(width):
        pairs = [(pl.col(str(low)), pl.col(str(high))) for low, high in layer]
        lower = [pl.min_horizontal(one, other).alias(one.meta.output_name()) for one, other in pairs]
        higher = [pl.max_horizontal(one, other).alias(other.meta.output_name()) for one, other in pairs]
        weeks = weeks.with_columns(*lower, *higher)
    return weeks


def _network(width: int) -> Iterator[list[tuple[int, int]]]:
    """Which columns are compared, layer by layer: Batcher's odd-even merge sort."""
    run = 1
    while run < width:
        step = run
        while step >= 1:
            starts = range(step % run, width - step, 2 * step)
            near = ((start + n, start + n + step) for start in starts for n in range(min(step, width - start - step)))
            yield [(low, high) for low, high in near if low // (2 * run) == high // (2 * run)]
            step //= 2
        run *= 2
