"""The scores of accounts as columns: one for each day that has any, so that no row is grouped and no account looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from rules.detection.windows import number

UNKNOWN = -1.0
"""Less than any score: the account has none of that day."""


@dataclass(frozen=True)
class History:
    """Of so many accounts the scores by how many days ago they were given; in each column one row for each account."""

    accounts: int
    columns: dict[int, pl.Series]

    def oldest_first(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, pl.Series]]:
        """The columns from ``first`` to ``last`` days ago."""
        there = (ago for ago in self.columns if ago >= first and (last is None or ago <= last))
        return ((ago, self.columns[ago]) for ago in sorted(there, reverse=True))

    def newest_first(self) -> Iterator[tuple[int, pl.Series]]:
        """All columns."""
        return ((ago, self.columns[ago]) for ago in sorted(self.columns))

    def latest(self, first: int = 0, last: int | None = None) -> tuple[pl.Series, pl.Series]:
        """The last score of each account in a stretch, UNKNOWN where there is none, and how many days ago it was."""
        score, when = self.unknown(), self.never()
        for ago, column in self.oldest_first(first, last):
            known = column >= 0
            score, when = column.zip_with(known, score), days(ago).zip_with(known, when)
        return score, when

    def highest(self, last: int) -> pl.Series:
        """The highest score of each account in the last so many days, UNKNOWN where there is none."""
        columns = [column.alias(str(ago)) for ago, column in self.oldest_first(last=last)]
        return pl.DataFrame([self.unknown(), *columns]).select(pl.max_horizontal(pl.all())).to_series()

    def of(self, accounts: pl.Series) -> History:
        """That of these accounts alone, by their numbers."""
        return History(len(accounts), {ago: column.gather(accounts) for ago, column in self.columns.items()})

    def unknown(self) -> pl.Series:
        """No score of any account."""
        return pl.repeat(UNKNOWN, self.accounts, dtype=pl.Float64, eager=True)

    def never(self) -> pl.Series:
        """No day of any account."""
        return pl.repeat(None, self.accounts, dtype=pl.Int32, eager=True)


def days(ago: int | None) -> pl.Series:
    """The same number of days for every account, or none."""
    return pl.Series([ago], dtype=pl.Int32)


def history(scores: pl.DataFrame, health: pl.DataFrame, today: date) -> History:
    """The scores of ``account, day, score`` until today, with those of ``health`` for today where none was given.

    ``health`` has a row for each account, by its number. Each account and day is in ``scores`` once at most.
    """
    given = scores.filter(pl.col("score").is_not_null()) if scores["score"].null_count() else scores
    ago = number(today) - given["day"].to_physical()
    there = ago.unique().to_list()
    columns = dict(zip(there, _columns(given, ago, there, health.height), strict=True))
    counted = health["score"].fill_null(UNKNOWN)
    of_today = columns.get(0, counted)
    return History(health.height, columns | {0: of_today.zip_with(of_today >= 0, counted)})


def _columns(given: pl.DataFrame, ago: pl.Series, there: list[int], accounts: int) -> Iterable[pl.Series]:
    """A column for each of the days, all of them cut from one series."""
    slots = pl.repeat(0, max(there, default=0) + 1, dtype=pl.UInt32, eager=True).scatter(there, range(len(there)))
    place = slots.gather(ago) * accounts + given["account"]
    cells = pl.repeat(UNKNOWN, len(there) * accounts, dtype=pl.Float64, eager=True).scatter(place, given["score"])
    return [cells.slice(slot * accounts, accounts) for slot in range(len(there))]
