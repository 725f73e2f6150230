"""The scores of accounts in columns: one for today, and one for each day before of which there is any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from rules.detection.columns import UNMEASURED, Columns
from rules.detection.windows import number


@dataclass(frozen=True)
class History(Columns):
    """The scores, and of each column how many days ago it was; the first is of today."""

    ago: pl.Series
    cells: pl.Series

    @cached_property
    def known(self) -> pl.Series:
        """Whether there is a score, of each cell."""
        return self.cells >= 0

    def within(self, first: int, last: int) -> list[int]:
        """The columns from ``first`` to ``last`` days ago."""
        return [day for day, ago in enumerate(self.ago) if first <= ago <= last]

    def at(self, cells: pl.Series, days: pl.Series, accounts: pl.Series) -> pl.Series:
        """Of each of these accounts the cell of its own day; null where it has none."""
        return cells.gather(days.cast(pl.UInt32) * self.accounts + accounts)

    def highest(self, last: int) -> pl.Series:
        """The highest score of each account in the last so many days."""
        columns = [self.column(self.cells, day).alias(str(day)) for day in self.within(0, last)]
        return pl.DataFrame(columns).select(pl.max_horizontal(pl.all())).to_series()

    def begun(self, days: pl.Series, accounts: pl.Series) -> pl.Series:
        """Of each of these accounts the first day after its own of which it has a score, where there is one."""
        days = days - 1
        while not (known := self.at(self.known, days, accounts)).all():
            days = days.zip_with(known, days - 1)
        return days


def history(scores: pl.DataFrame, health: pl.DataFrame, today: date) -> History:
    """The scores of ``account, day, score`` until today, with those of ``health`` for today where none was given.

    ``health`` has a row for each account, by its number. Each account and day is in ``scores`` once at most.
    """
    given = scores.filter(pl.col("score").is_not_null()) if scores["score"].null_count() else scores
    accounts, ago = health.height, number(today) - given["day"].to_physical()
    there = sorted({0, *ago.unique()})
    column_of = pl.repeat(0, there[-1] + 1, dtype=pl.UInt32, eager=True).scatter(there, range(len(there)))
    place = column_of.gather(ago) * accounts + given["account"]
    earlier = pl.repeat(float(UNMEASURED), (len(there) - 1) * accounts, dtype=pl.Float64, eager=True)
    cells = pl.concat([health["score"].fill_null(UNMEASURED), earlier]).scatter(place, given["score"])
    return History(accounts, len(there), pl.Series(there, dtype=pl.Int32), cells)
