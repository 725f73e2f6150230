"""One partition of the history of use: a month of a bucket, in Parquet files that never change once they have a name."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from models.facts import MEASURES

KEYS = ("account_id", "day")
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "day": pl.Date,
    **dict.fromkeys(MEASURES, pl.Int64),
}
"""What every file has; measures of a company's own are further columns, with ``source`` and ``received_at``."""

MOST_ADDED = 8
_LOCK, _WHOLE, _ADDED, _DRAFT = "lock", "whole", "added", ".draft"
_ROWS_PER_GROUP = 65_536


@contextmanager
def bucket_lock(folder: Path) -> Iterator[None]:
    """Have a bucket for oneself among all processes; waits for its turn, and ends with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bucket_folders(folder: Path) -> list[Path]:
    """The folders of the buckets that have something."""
    return sorted(folder.glob("bucket=*"))


def month_folders(bucket: Path) -> list[Path]:
    """The folders of the months of a bucket, the earliest first."""
    return sorted(path for path in bucket.glob("????-??") if path.is_dir())


def current_files(bucket: Path) -> list[Path]:
    """The files of a bucket that count; its lock keeps them there."""
    return [file for month in month_folders(bucket) for file in Partition(month).current()]


class Partition:
    """The files of a month: one that is whole, what was added after it, and the ones before it for readers at work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> list[Path]:
        """The files that count, in the order of writing: the last whole one and what came after."""
        files = self.files()
        wholes = [n for n, file in enumerate(files) if file.stem.endswith(_WHOLE)]
        return files[wholes[-1] :] if wholes else files

    def files(self) -> list[Path]:
        """Every finished file in the order of writing, also those that a compaction has replaced."""
        return sorted(self.folder.glob("*.parquet"))

    def scan(self, columns: Sequence[str] | None = None) -> pl.LazyFrame | None:
        """The rows, each account and day once; None where there are none. All columns, or the named ones."""
        files = [_columns(pl.scan_parquet(file), columns) for file in self.current()]
        if len(files) < 2:
            return files[0] if files else None
        whole, *added = files
        new = pl.concat(added, how="diagonal")
        untouched = whole.join(new, on=KEYS, how="anti")
        touched = pl.concat([whole.join(new, on=KEYS, how="semi"), new], how="diagonal")
        return pl.concat([untouched, last_measures(touched)], how="diagonal")

    def add(self, frame: pl.DataFrame) -> None:
        """Write rows behind those that are there; compacts where there are many files. The caller has the lock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        first = not self.files()
        self._write(frame, _WHOLE if first else _ADDED)
        if len(self.current()) > MOST_ADDED:
            self.compact()

    def compact(self) -> None:
        """Put all files into one. Those that counted until now stay once more, for whoever reads them."""
        counted = self.current()
        rows = self.scan()
        if rows is None or len(counted) < 2:
            return
        before = [file for file in self.files() if file not in counted]
        self._write(rows.collect(), _WHOLE)
        for file in before:
            file.unlink()

    def erase(self, account_id: str) -> int:
        """Write the month without an account and remove every other file; gives how many days there were."""
        rows = self.scan()
        gone = self.days_of(account_id)
        if rows is None or not gone:
            return 0
        others = [*self.files(), *self.folder.glob(f"*{_DRAFT}")]
        left = rows.filter(pl.col("account_id") != account_id).collect()
        if not left.is_empty():
            self._write(left, _WHOLE)
        for file in others:
            file.unlink(missing_ok=True)
        return gone

    def days_of(self, account_id: str) -> int:
        """How many days of an account lie in any file, also in those that do not count any more."""
        own = pl.col("account_id") == account_id
        days = [pl.scan_parquet(file).filter(own).select("day") for file in self.files()]
        return int(pl.concat(days).collect().n_unique()) if days else 0

    def _write(self, frame: pl.DataFrame, kind: str) -> None:
        for left_over in self.folder.glob(f"*{_DRAFT}"):
            left_over.unlink()
        number = int(self.files()[-1].stem.split("-")[0]) + 1 if self.files() else 1
        draft = self.folder / f"{number:08}-{kind}{_DRAFT}"
        ordered = frame.sort(KEYS)
        with draft.open("wb") as file:
            ordered.write_parquet(file, row_group_size=_ROWS_PER_GROUP)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(draft.with_suffix(".parquet"))


def last_measures(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Each account and day once: of every column the last value that was given, in the order of the rows."""
    return rows.group_by(KEYS, maintain_order=True).agg(pl.all().drop_nulls().last())


def _columns(rows: pl.LazyFrame, columns: Sequence[str] | None) -> pl.LazyFrame:
    return rows if columns is None else rows.select(columns)
