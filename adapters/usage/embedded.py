"""The history of use in Parquet files under the home folder, by bucket of accounts and by month."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from adapters.usage.partition import KEYS, SCHEMA, Partition, bucket_lock, last_measures, month_folders
from models.facts import Origin, UsageDay
from models.faults import PermanentFault, TransientFault

BUCKETS = 32
"""For ever: an account is looked for where it was put."""

USAGE = "usage"
"""Its folder below the home folder."""

_ORIGIN = ("source", "received_at")
T = TypeVar("T")


class EmbeddedUsage:
    """UsagePort on ``folder``, which holds ``bucket=NN/YYYY-MM/*.parquet``. Several processes may work on it."""

    buckets = BUCKETS

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def bucket(self, account_id: str) -> int:
        """See UsagePort."""
        return zlib.crc32(account_id.encode()) % BUCKETS

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
        await _apart(self._put, frame.with_columns(source=pl.lit(origin.source), received_at=received))

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

        return await _apart(read)

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

        row = await _apart(read)
        return (_day(row), Origin.model_validate(row)) if row else None

    def scan(self, bucket: int, since: date, until: date) -> pl.LazyFrame:
        """See UsagePort."""
        between = pl.col("day").is_between(since, until, closed="left")
        parts = [rows.filter(between) for rows in self._rows(bucket, since, until, tuple(SCHEMA))]
        return pl.concat(parts) if parts else pl.LazyFrame(schema=SCHEMA)

    async def erase(self, account_id: str) -> int:
        """See UsagePort."""
        bucket = self.bucket(account_id)

        def erase() -> int:
            with bucket_lock(self._of(bucket)):
                return sum(Partition(month).erase(account_id) for month in self._months(bucket))

        return await _apart(erase)

    async def remains(self, account_id: str) -> int:
        """See UsagePort."""
        months = self._months(self.bucket(account_id))
        return await _apart(lambda: sum(Partition(month).days_of(account_id) for month in months))

    def _put(self, frame: pl.DataFrame) -> None:
        accounts = frame["account_id"].unique()
        places = pl.DataFrame(
            {"account_id": accounts, "bucket": [self.bucket(account) for account in accounts]},
            schema_overrides={"bucket": pl.Int32},
        )
        month = pl.col("day").dt.strftime("%Y-%m")
        placed = frame.join(places, on="account_id", how="left", maintain_order="left").with_columns(month=month)
        for (bucket,), rows in placed.partition_by("bucket", as_dict=True, include_key=False).items():
            with bucket_lock(self._of(int(bucket))):
                for (name,), own in rows.partition_by("month", as_dict=True, include_key=False).items():
                    Partition(self._of(int(bucket)) / str(name)).add(_once(own))

    def _rows(
        self, bucket: int, since: date, until: date, columns: Sequence[str] | None = None
    ) -> Iterator[pl.LazyFrame]:
        """The rows of the months that a stretch of days touches."""
        first, last = f"{since:%Y-%m}", f"{until - timedelta(days=1):%Y-%m}"
        for month in self._months(bucket):
            rows = Partition(month).scan(columns) if first <= month.name <= last else None
            if rows is not None:
                yield rows

    def _months(self, bucket: int) -> list[Path]:
        return month_folders(self._of(bucket))

    def _of(self, bucket: int) -> Path:
        return self._folder / f"bucket={bucket:02}"


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    twice = rows.select(KEYS).is_duplicated().any()
    return last_measures(rows.lazy()).collect() if twice else rows


def _frame(days: Sequence[UsageDay]) -> pl.DataFrame:
    own = sorted({name for day in days for name in day.more})
    rows = [(*(getattr(day, name) for name in SCHEMA), *(day.more.get(name) for name in own)) for day in days]
    return pl.DataFrame(rows, schema={**SCHEMA, **dict.fromkeys(own, pl.Float64)}, orient="row")


def _day(row: dict[str, Any]) -> UsageDay:
    own = {name: value for name, value in row.items() if name not in (*SCHEMA, *_ORIGIN) and value is not None}
    return UsageDay(**{name: row[name] for name in SCHEMA}, more=own)


async def _apart(work: Callable[..., T], *given: Any) -> T:
    """Run it on a thread, with what goes wrong named."""
    with _faults_named():
        return await asyncio.to_thread(work, *given)


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransientFault(
            "the files of the usage history are out of reach; the same call may go through later"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise PermanentFault(
            "BadUsage", f"a file of the usage history is damaged ({error}); restore a backup"
        ) from error
