"""Rows as files that people can open: CSV that no spreadsheet runs, JSON that any program reads, a line per row."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from adapters.product_data.port import ProductTable, Row
from models.export import ExportFile

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_BOM = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as something else
_LOOK_EVERY = 100_000
_CHUNK = 1 << 20
REMARKS = (
    "CSV: UTF-8 with a byte order mark, comma, quotes doubled; an empty cell is an absent value.",
    "CSV: a text that a spreadsheet would run (it begins with = + - @, a tab or a return) has an apostrophe before it; "
    "the JSON file has it as it is.",
    "JSON: one object per line (JSON Lines), UTF-8, times in ISO 8601.",
)


class _Hashed:
    """A binary file that knows the SHA-256 and the size of what was written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, text: str) -> int:
        data = text.encode("utf-8")
        return self.write_bytes(data)

    def write_bytes(self, data: bytes) -> int:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


def write_table(
    folder: Path, table: ProductTable, rows: Iterable[Row], look: Callable[[], None]
) -> tuple[ExportFile, ...]:
    """Write the rows of a table as CSV and as JSON; ``look`` is called now and then. Gives both files; none if empty."""
    count = 0
    with _whole(folder / f"{table.name}.csv") as flat, _whole(folder / f"{table.name}.jsonl") as shaped:
        flat.write_bytes(_BOM)
        writer = csv.writer(flat)
        writer.writerow(table.columns)
        for count, row in enumerate(rows, 1):
            writer.writerow(map(_harmless, row))
            shaped.write(
                json.dumps(dict(zip(table.columns, row, strict=True)), default=_plain, ensure_ascii=False) + "\n"
            )
            if count % _LOOK_EVERY == 0:
                look()
    return (_file(f"{table.name}.csv", flat, count), _file(f"{table.name}.jsonl", shaped, count))


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size of a file, read a little at a time."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


@contextmanager
def _whole(path: Path) -> Iterator[_Hashed]:
    """A file that is there under its name only once it is whole."""
    begun = path.with_name(f"{path.name}.part")
    with begun.open("wb", buffering=_CHUNK) as file:
        yield _Hashed(file)
    begun.replace(path)


def _file(name: str, written: _Hashed, rows: int) -> ExportFile:
    return ExportFile(name=name, sha256=written.digest.hexdigest(), bytes=written.size, rows=rows)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
