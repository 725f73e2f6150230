"""The use of accounts as a grid: for each day before today a column of all accounts, side by side in one series.

What is asked of single days is a slice then, and what is asked of many days is counted across whole columns: no row is
grouped, and no account is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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

    def on(self, metric: Metric, day: int) -> pl.Series:
        """What each account had so many days ago."""
        return self.cells[metric].slice(day * self.accounts, self.accounts)

    def counted(self, metric: Metric, days: Iterable[int], least: int) -> pl.Series:
        """On how many of these days each account had so much; with ``least`` 0, on how many it was measured."""
        columns = [self.on(metric, day).alias(str(day)) for day in days if day < self.days]
        marks = [(pl.col(column.name) >= least).cast(pl.Int32) for column in columns]
        nothing = pl.lit(0, pl.Int32).repeat_by(self.accounts).explode()
        return pl.DataFrame(columns).select(n=pl.sum_horizontal(marks) if marks else nothing).to_series().cast(pl.Int64)

    def latest(self, marked: pl.Series) -> pl.Series:
        """The fewest days ago of which a series like the cells is true; null where of none."""
        columns = [marked.slice(day * self.accounts, self.accounts).alias(str(day)) for day in range(self.days)]
        days = [pl.when(pl.col(str(day))).then(pl.lit(day, pl.Int32)) for day in range(self.days)]
        return pl.DataFrame(columns).select(n=pl.coalesce(days)).to_series()

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
    place = near["account"] + (number(today) - near["day"].cast(pl.Int64)) * accounts
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
