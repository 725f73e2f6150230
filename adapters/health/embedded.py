"""The history of health in Parquet files, like that of use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from adapters.usage.bucketed import Bucketed, apart, in_order
from adapters.usage.partition import KEYS
from models.health import ComponentScore, HealthScore, ScoreState

HEALTH = "health"
"""Its folder below the home folder."""

_WEIGHT, _VALUE = "weight_", "value_"
_SCORES = {"account_id": pl.String, "day": pl.Date, "score": pl.Float64}


class EmbeddedHealth(Bucketed):
    """HealthPort on ``folder``, which holds ``bucket=NN/YYYY-MM/*.parquet``. Several processes may work on it."""

    async def put(self, health: pl.DataFrame, components: pl.DataFrame) -> None:
        """See HealthPort."""
        if not health.is_empty():
            await apart(self._add, health.join(_wide(components), on=KEYS, how="left"))

    async def scores(self, buckets: Collection[int], since: date, until: date) -> pl.DataFrame:
        """See HealthPort."""

        def read() -> pl.DataFrame:
            parts = [part for bucket in buckets for part in self._rows(bucket, since, until)]
            wanted = [_within(part, since, until).filter(_scored()).select(list(_SCORES)) for part in parts]
            return in_order(pl.concat(pl.collect_all(wanted))) if wanted else pl.DataFrame(schema=_SCORES)

        return await apart(read)

    async def unscored(self, day: date) -> Mapping[str, float]:
        """See HealthPort."""

        def read() -> dict[str, float]:
            parts = [
                part for bucket in range(self.buckets) for part in self._rows(bucket, day, day + timedelta(days=1))
            ]
            wanted = [_within(part, day, day + timedelta(days=1)).filter(~_scored()) for part in parts]
            frames = pl.collect_all([part.select("account_id", "available_percent") for part in wanted])
            return dict(sorted(row for frame in frames for row in frame.iter_rows()))

        return await apart(read)

    async def history(self, account_id: str, since: date, until: date) -> tuple[HealthScore, ...]:
        """See HealthPort."""

        def read() -> list[dict[str, Any]]:
            own = pl.col("account_id") == account_id
            rows = self._rows(self.bucket(account_id), since, until)
            frames = pl.collect_all([_within(part, since, until).filter(own) for part in rows])
            return [row for frame in frames for row in frame.iter_rows(named=True)]

        return tuple(_score(row) for row in sorted(await apart(read), key=lambda row: row["day"]))


def _wide(components: pl.DataFrame) -> pl.DataFrame:
    """One row an account, with the weight and the value of each component; a day is one file's row."""
    names = components["component"].unique().sort()
    own = [pl.col("component") == name for name in names]
    weights = [
        pl.col("weight").filter(one).first().fill_null(0.0).alias(f"{_WEIGHT}{name}")
        for name, one in zip(names, own, strict=True)
    ]
    values = [
        pl.col("value").filter(one).first().alias(f"{_VALUE}{name}") for name, one in zip(names, own, strict=True)
    ]
    return components.group_by(KEYS).agg(*weights, *values)


def _within(rows: pl.LazyFrame, since: date, until: date) -> pl.LazyFrame:
    return rows.filter(pl.col("day").is_between(since, until, closed="left"))


def _scored() -> pl.Expr:
    """Of a day that was scored, and judged anew without enough facts, the first score does not count any more."""
    return pl.col("state") == ScoreState.SCORED.value


def _score(row: dict[str, Any]) -> HealthScore:
    state = ScoreState(row["state"])
    names = sorted(name.removeprefix(_WEIGHT) for name, value in row.items() if name.startswith(_WEIGHT) and value)
    components = (ComponentScore(name=name, weight=row[_WEIGHT + name], value=row[_VALUE + name]) for name in names)
    scored = state is ScoreState.SCORED
    return HealthScore(
        account_id=row["account_id"],
        day=row["day"],
        state=state,
        score=row["score"] if scored else None,
        band=row["band"] if scored else "",
        available_percent=row["available_percent"],
        components=tuple(components),
    )
