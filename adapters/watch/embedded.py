"""The facts of the portfolio from our own tables and histories."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from adapters.database import Database
from adapters.health.embedded import EmbeddedHealth
from adapters.usage.bucketed import Bucketed, apart, in_order
from adapters.usage.embedded import EmbeddedUsage
from adapters.watch.reading import SHAPES, as_signals, frame, newest_ticket, queries, spoken
from models.base import Utc
from models.detection import Reach
from models.faults import PermanentFault
from models.sweep import Span, Stock
from rules.detection.frames import Facts

SWEEPS = "sweeps"
"""The folder of stocks below the home folder."""

_DONE = "done"
_KEPT_SECONDS = 2 * 86_400


class EmbeddedWatch:
    """WatchPort on our own tables; a stock is a folder of Parquet files, a file for each frame and bucket."""

    def __init__(self, database: Database, usage: EmbeddedUsage, health: EmbeddedHealth, folder: Path) -> None:
        self._database, self._usage, self._health, self._folder = database, usage, health, folder

    async def take_stock(self, key: str, at: Utc, reach: Reach, beat: Callable[[], None] = lambda: None) -> Stock:
        """See WatchPort. A stock that a sweep left behind is removed after two days."""
        await asyncio.to_thread(self._clear)
        for name, query in queries(at, reach).items():
            folder = self._folder / key / name
            if (folder / _DONE).exists():
                continue
            async with self._database.reading() as session:
                rows = await frame(session, name, query, beat)
            await apart(_put_aside, folder, rows, self._usage)
        return Stock(accounts=await apart(self._counts, key))

    async def facts(self, span: Span, reach: Reach) -> Facts:
        """See WatchPort."""
        tables = await (self._of_account(span, reach) if span.account_id else apart(self._stock, span))
        buckets = (self._usage.bucket(span.account_id),) if span.account_id else span.buckets
        today = span.at.date()
        scores = await self._health.scores(buckets, today - timedelta(days=reach.scores), today)
        usage = await apart(self._used, span, buckets, reach)
        if span.account_id:
            scores = scores.filter(pl.col("account_id") == span.account_id)
        also = (as_signals(tables.pop("unpaid")), spoken(tables.pop("tagged")))
        tables["signals"] = pl.concat([tables["signals"], *also])
        last = await (self._last_ticket(span, reach) if span.account_id else apart(self._last_put_aside, span))
        return Facts(usage=usage, scores=scores, last_ticket=last.date() if last else None, **tables)

    async def forget(self, key: str) -> None:
        """See WatchPort."""
        await asyncio.to_thread(shutil.rmtree, self._folder / key, ignore_errors=True)

    async def _of_account(self, span: Span, reach: Reach) -> dict[str, pl.DataFrame]:
        async with self._database.reading() as session:
            asked = queries(span.at, reach, span.account_id)
            return {name: await frame(session, name, query) for name, query in asked.items()}

    async def _last_ticket(self, span: Span, reach: Reach) -> datetime | None:
        async with self._database.reading() as session:
            found: datetime | None = await session.scalar(newest_ticket(span.at, reach))
            return found

    def _last_put_aside(self, span: Span) -> datetime | None:
        files = sorted((self._folder / span.key / "tickets").glob("*.parquet"))
        parts = (pl.scan_parquet(file).select(pl.col("opened_at").max()) for file in files)
        return max((last for part in pl.collect_all(parts) if (last := part.item())), default=None)

    def _stock(self, span: Span) -> dict[str, pl.DataFrame]:
        return {name: self._part(span, name) for name in SHAPES}

    def _part(self, span: Span, name: str) -> pl.DataFrame:
        folder = self._folder / span.key / name
        if not (folder / _DONE).exists():
            raise PermanentFault("NoStock", f"the stock '{span.key}' has no {name}; start the sweep again")
        files = [folder / _file(bucket) for bucket in span.buckets]
        return pl.concat([SHAPES[name].to_frame(), *(pl.read_parquet(file) for file in files if file.exists())])

    def _clear(self) -> None:
        for left in self._folder.glob("*"):
            if left.stat().st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)

    def _counts(self, key: str) -> tuple[int, ...]:
        files = [self._folder / key / "accounts" / _file(bucket) for bucket in range(self._usage.buckets)]
        return tuple(pl.scan_parquet(file).select(pl.len()).collect().item() if file.exists() else 0 for file in files)

    def _used(self, span: Span, buckets: tuple[int, ...], reach: Reach) -> pl.DataFrame:
        """The measured days until yesterday: today is not over, and half a day looks like a fall."""
        today = span.at.date()
        parts = [self._usage.scan(bucket, today - timedelta(days=reach.usage), today) for bucket in buckets]
        if span.account_id:
            parts = [part.filter(pl.col("account_id") == span.account_id) for part in parts]
        return in_order(pl.concat(pl.collect_all(parts)))


def _put_aside(folder: Path, rows: pl.DataFrame, places: Bucketed) -> None:
    """Write a table by bucket; it counts once the mark is there, so that a crash leaves no half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for bucket, part in places.bucketed(rows).items():
        part.write_parquet(folder / _file(bucket))
    (folder / _DONE).touch()


def _file(bucket: int) -> str:
    return f"{bucket:02}.parquet"
