"""Rows as files that people can open: CSV that no spreadsheet runs, and JSON that any program reads, a line per row."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pydantic_core import to_json

from adapters.product_data.port import ProductTable, Row
from models.export import ExportFile

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_STARTS = tuple(f"\n{sign}" for sign in _RUNS)
_NUMBERS = {int, float}
_QUOTE = '"'
_BOM = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as something else
_AT_ONCE = 5_000
_CHUNK = 1 << 20
REMARKS = (
    "CSV: UTF-8 with a byte order mark, so that spreadsheets read every letter; comma, quotes doubled; an empty cell is "
    "an absent value or an empty text, which the JSON file tells apart.",
    "CSV: a text that a spreadsheet would run (it begins with = + - @, a tab or a return) has an apostrophe before it; "
    "the JSON file has it as it is.",
    "JSON: an array with one object on each line, UTF-8; times in ISO 8601, binary values in hexadecimal digits.",
)


class _Hashed:
    """A binary file that knows the SHA-256 and the size of what was written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


def write_table(
    folder: Path, table: ProductTable, rows: Iterable[Row], look: Callable[[int], None]
) -> tuple[ExportFile, ...]:
    """Write the rows of a table as CSV and as JSON, a few thousand at a time; ``look`` is told how many there are.

    Gives both files, also for a table without rows.
    """
    count = 0
    with _whole(folder / f"{table.name}.csv") as flat, _whole(folder / f"{table.name}.json") as shaped:
        flat.write(_BOM + _lines([[name] for name in table.columns]))
        shaped.write(b"[")
        for some in _batches(rows):
            flat.write(_lines(list(zip(*some, strict=True))))
            shaped.write(_objects(table.columns, some, first=count == 0))
            count += len(some)
            look(count)
        shaped.write(b"\n]\n")
    return (_file(f"{table.name}.csv", flat, count), _file(f"{table.name}.json", shaped, count))


def digest_of(path: Path, look: Callable[[], None] = lambda: None) -> tuple[str, int]:
    """SHA-256 (hex) and size of a file, read a little at a time."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            look()
    return digest.hexdigest(), size


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while some := list(islice(stream, _AT_ONCE)):
        yield some


@contextmanager
def _whole(path: Path) -> Iterator[_Hashed]:
    """A file that is there under its name only once it is whole and on the disk."""
    begun = path.with_name(f"{path.name}.part")
    with begun.open("wb", buffering=_CHUNK) as file:
        yield _Hashed(file)
        file.flush()
        os.fsync(file.fileno())
    begun.replace(path)


def _file(name: str, written: _Hashed, rows: int) -> ExportFile:
    return ExportFile(name=name, sha256=written.digest.hexdigest(), bytes=written.size, rows=rows)


def _lines(columns: Sequence[Sequence[Any]]) -> bytes:
    """Lines of CSV from columns: what is to be quoted is found by the column, which is twice as fast as by the cell."""
    texts = [_texts(column, alone=len(columns) == 1) for column in columns]
    return ("\r\n".join(map(",".join, zip(*texts, strict=True))) + "\r\n").encode()


def _texts(column: Sequence[Any], alone: bool) -> Sequence[str]:
    kinds = set(map(type, column))
    if kinds <= _NUMBERS and not alone:
        return list(map(str, column))
    written = _harmless(column) if kinds == {str} else [_cell(value) for value in column]
    joined = "\n".join(written)
    if not (alone or any(sign in joined for sign in ',"\r') or joined.count("\n") >= len(written)):
        return written
    return [f'"{text.replace(_QUOTE, _QUOTE * 2)}"' for text in written]


def _harmless(texts: Sequence[str]) -> Sequence[str]:
    joined = "\n".join(("", *texts))
    if not any(start in joined for start in _STARTS):
        return texts
    return [_cell(text) for text in texts]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUNS) else value
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return to_json(value, fallback=str).decode()
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, (bytes, bytearray, memoryview)) else str(value)


def _objects(columns: tuple[str, ...], rows: list[Row], first: bool) -> bytes:
    lines = [_object(dict(zip(columns, row, strict=True))) for row in rows]
    return (b"\n" if first else b",\n") + b",\n".join(lines)


def _object(row: dict[str, Any]) -> bytes:
    return to_json(row, inf_nan_mode="strings", bytes_mode="hex", fallback=_plain)
