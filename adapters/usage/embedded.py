"""The history of use in Parquet files under the home folder, by bucket of accounts and by month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import polars as pl

from adapters.usage.bucketed import Bucketed, apart
from adapters.usage.partition import SCHEMA, Partition
from models.facts import Origin, UsageDay

USAGE = "usage"
"""Its folder below the home folder."""

_ORIGIN = ("source", "received_at")


class EmbeddedUsage(Bucketed):
    """UsagePort on ``folder``, which holds ``bucket=NN/YYYY-MM/*.parquet``. Several processes may work on it."""

    async def put(self, days: Sequence[UsageDay], origin: Origin) -> None:
        """See UsagePort."""
        if days:
            await self.put_frame(_frame(days), origin)

    async def put_frame(self, frame: pl.DataFrame, origin: Origin) -> None:
        """See UsagePort."""
        if frame.is_empty():
            return
        for name, kind in SCHEMA.items():
            if frame.schema.get(name) != kind:
                raise ValueError(f"the column {name} is {frame.schema.get(name)}; it must be {kind}")
        received = pl.lit(origin.received_at).cast(pl.Datetime("us", "UTC"))
        await apart(self._add, frame.with_columns(source=pl.lit(origin.source), received_at=received))

    async def days(self, account_id: str, since: date, until: date) -> tuple[UsageDay, ...]:
        """See UsagePort."""
        return tuple(sorted(await self.days_of((account_id,), since, until), key=lambda day: day.day))

    async def days_of(self, accounts: Collection[str], since: date, until: date) -> tuple[UsageDay, ...]:
        """See UsagePort."""
        wanted = pl.col("account_id").is_in(list(accounts)), pl.col("day").is_between(since, until, closed="left")

        def read() -> tuple[UsageDay, ...]:
            buckets = sorted({self.bucket(account) for account in accounts})
            rows = [found.filter(*wanted) for bucket in buckets for found in self._rows(bucket, since, until)]
            frames = pl.collect_all(rows)
            return tuple(_day(row) for frame in frames for row in frame.iter_rows(named=True))

        return await apart(read)

    async def latest(self, account_id: str) -> tuple[UsageDay, Origin] | None:
        """See UsagePort."""

        def read() -> dict[str, Any] | None:
            for month in reversed(self._months(self.bucket(account_id))):
                rows = Partition(month).scan()
                if rows is None:
                    continue
                own = rows.filter(pl.col("account_id") == account_id).sort("day").tail(1).collect()
                if not own.is_empty():
                    return own.row(0, named=True)
            return None

        row = await apart(read)
        return (_day(row), Origin.model_validate(row)) if row else None

    def scan(self, bucket: int, since: date, until: date) -> pl.LazyFrame:
        """See UsagePort."""
        between = pl.col("day").is_between(since, until, closed="left")
        parts = [rows.filter(between) for rows in self._rows(bucket, since, until, tuple(SCHEMA))]
        return pl.concat(parts) if parts else pl.LazyFrame(schema=SCHEMA)


def _frame(days: Sequence[UsageDay]) -> pl.DataFrame:
    own = sorted({name for day in days for name in day.more})
    rows = [(*(getattr(day, name) for name in SCHEMA), *(day.more.get(name) for name in own)) for day in days]
    return pl.DataFrame(rows, schema={**SCHEMA, **dict.fromkeys(own, pl.Float64)}, orient="row")


def _day(row: dict[str, Any]) -> UsageDay:
    own = {name: value for name, value in row.items() if name not in (*SCHEMA, *_ORIGIN) and value is not None}
    return UsageDay(**{name: row[name] for name in SCHEMA}, more=own)
