"""The use of accounts as a grid: a column for each day, and what is counted and compared across them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from models.triggers import Metric
from rules.detection.checks import MOST
from rules.detection.columns import UNMEASURED, Columns
from rules.detection.windows import number

_WEEKDAYS = 7

Step = tuple[int, int, bool, bool]
"""Two columns to compare, and whether the lower and the higher of them are asked for later."""


@dataclass(frozen=True)
class Grid(Columns):
    """The cells of each metric; day 0 is today."""

    cells: dict[Metric, pl.Series]
    _marked: dict[tuple[Metric, int], pl.Series] = field(default_factory=dict)

    def on(self, metric: Metric, day: int) -> pl.Series:
        """What each account had so many days ago."""
        if day < self.days:
            return self.column(self.cells[metric], day)
        return pl.repeat(UNMEASURED, self.accounts, dtype=pl.Int32, eager=True)

    def counted(self, metric: Metric, days: Iterable[int], least: int) -> pl.Series:
        """On how many of these days each account had so much; with ``least`` 0, on how many it was measured."""
        marks = self._marks(metric, least)
        columns = [self.column(marks, day).alias(str(day)) for day in days if day < self.days]
        if not columns:
            return pl.repeat(0, self.accounts, dtype=pl.Int64, eager=True)
        return pl.DataFrame(columns).sum_horizontal().cast(pl.Int64)

    def _marks(self, metric: Metric, least: int) -> pl.Series:
        """1 in each cell that has so much, else 0; found once, since many stretches are counted."""
        key = (metric, least)
        if key not in self._marked:
            self._marked[key] = (self.cells[metric] >= least).cast(pl.Int16)
        return self._marked[key]

    def middles(self, metric: Metric, first: int, days: int) -> pl.Series:
        """The medians by weekday of the days from ``first`` on: first all accounts of its weekday, then of the day before.

        Null where a weekday was not measured.
        """
        size = _WEEKDAYS * self.accounts
        cells = self.cells[metric].slice(first * self.accounts, days * self.accounts)
        weeks = -(-len(cells) // size) if len(cells) else 1
        padded = cells.extend_constant(UNMEASURED, weeks * size - len(cells))
        return _middle([padded.slice(week * size, size) for week in range(weeks)])


def grid(usage: pl.DataFrame, accounts: int, today: date, days: int) -> Grid:
    """The last so many days of ``account, day`` and the metrics, or as many as there are.

    Each account and day is there once at most, and no number is beyond MOST.
    """
    ago = number(today) - usage["day"].to_physical()
    oldest = _whole(ago.max())
    if oldest >= days:
        usage, ago, oldest = usage.filter(ago < days), ago.filter(ago < days), days - 1
    place = ago.reinterpret(signed=False) * accounts + usage["account"]
    size = accounts * (oldest + 1)
    cells = {metric: _scattered(usage[metric], place, size) for metric in Metric}
    return Grid(accounts=accounts, days=oldest + 1, cells=cells)


def _whole(found: object) -> int:
    return found if isinstance(found, int) else 0


def _scattered(counts: pl.Series, place: pl.Series, size: int) -> pl.Series:
    narrow = counts.cast(pl.Int32, wrap_numerical=True)  # none is beyond MOST, so that none needs to be looked at again
    return pl.repeat(UNMEASURED, size, dtype=pl.Int32, eager=True).scatter(place, narrow)


def _middle(weeks: Sequence[pl.Series]) -> pl.Series:
    """Of each row the middle of what was measured, or the mean of the two middle ones; null where nothing was.

    What was not measured counts in turns as least and as most, so that the middle lies at the same place in every row.
    """
    below = (len(weeks) - 1) // 2
    above = min(below + 1, len(weeks) - 1)
    filled, two = _filled(weeks)
    ordered = _ordered(filled, (below, above))
    low, high = ordered[below].cast(pl.Float64), ordered[above].cast(pl.Float64)
    middle = ((low + high) / 2).zip_with(two, low)
    return middle.set(low == UNMEASURED, None)


def _filled(weeks: Sequence[pl.Series]) -> tuple[list[pl.Series], pl.Series]:
    """The weeks with a number everywhere, and of which rows an even number was measured."""
    high = pl.repeat(len(weeks) % 2 == 0, len(weeks[0]), dtype=pl.Boolean, eager=True)
    most, filled = pl.Series([MOST], dtype=pl.Int32), []
    for week in weeks:
        missing = week == UNMEASURED
        filled.append(most.zip_with(missing & high, week))
        high = high ^ missing
    return filled, high


def _ordered(weeks: list[pl.Series], wanted: Iterable[int]) -> list[pl.Series]:
    """The columns, of which the wanted ones hold what would be there if each row were in rising order."""
    for at, beyond, lower, higher in _steps(len(weeks), wanted):
        one, other = weeks[at], weeks[beyond]
        rising = one <= other
        if lower:
            weeks[at] = one.zip_with(rising, other)
        if higher:
            weeks[beyond] = other.zip_with(rising, one)
    return weeks


def _steps(width: int, wanted: Iterable[int]) -> list[Step]:
    """The comparisons of the network on which a wanted column depends."""
    asked, steps = set(wanted), list[Step]()
    for low, high in reversed(list(_network(width))):
        if {low, high} & asked:
            steps.append((low, high, low in asked, high in asked))
            asked |= {low, high}
    return steps[::-1]


def _network(width: int) -> Iterator[tuple[int, int]]:
    """Which columns are compared, one pair after another: Batcher's odd-even merge sort."""
    run = 1
    while run < width:
        step = run
        while step >= 1:
            starts = range(step % run, width - step, 2 * step)
            near = ((start + n, start + n + step) for start in starts for n in range(min(step, width - start - step)))
            yield from ((low, high) for low, high in near if low // (2 * run) == high // (2 * run))
            step //= 2
        run *= 2
