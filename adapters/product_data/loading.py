"""A product database from CSV files, a table per file, for trying things out; the same files twice change nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, create_engine, delete, inspect, select

from adapters.portfolio.sheet import parse_sheet
from models.access import Holder
from models.base import Record
from models.export import Section
from models.portfolio import FileReport, RowError, RowNote

ACCESS = "access.csv"
_ID, _OWNER = "id", "account_id"
_FOLDER = "product"

Row = dict[str, str]
Known = Mapping[str, Row]
"""The rows of a table by their id."""


class ProductLoaded(Record):
    """What became of the files of a product, and what was refused or left out of them."""

    files: tuple[FileReport, ...] = ()
    errors: tuple[RowError, ...] = ()
    notes: tuple[RowNote, ...] = ()


class _Sheet(Record):
    """A file as it was read: its columns, and its rows with their lines."""

    file: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]
    errors: tuple[RowError, ...] = ()


def load_product(folder: Path, url: str) -> ProductLoaded:
    """Write each ``{section}_{name}.csv`` of a folder into a table of that name.

    Of a table the rows of those accounts are replaced that the file names; nobody else's are touched. A file with other
    columns than its table is refused as a whole, a row with the id of another customer's row by itself.
    """
    engine = create_engine(url)
    done = [_load(engine, _sheet(file)) for file in _tables(folder)]
    engine.dispose()
    files = tuple(report for report, _ in done)
    return ProductLoaded(files=files, errors=tuple(error for _, errors in done for error in errors))


def holders(folder: Path) -> tuple[Holder, ...]:
    """The people and keys of ``access.csv``; none where there is no such file."""
    file = folder / ACCESS
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(Holder.model_validate(row) for row in csv.DictReader(lines))


def _tables(folder: Path) -> Iterable[Path]:
    return (file for file in sorted(folder.glob("*.csv")) if file.stem.partition("_")[0] in set(Section))


def _sheet(file: Path) -> _Sheet:
    name = f"{_FOLDER}/{file.name}"
    read = parse_sheet(name, file.read_bytes())
    columns = read.lines[0].cells if read.lines else ()
    rows = tuple((line.number, dict(zip(columns, line.cells, strict=False))) for line in read.lines[1:])
    return _Sheet(file=name, table=file.stem, columns=columns, rows=rows, errors=read.errors)


def _load(engine: Engine, sheet: _Sheet) -> tuple[FileReport, list[RowError]]:
    if sheet.errors and not sheet.columns:
        return FileReport(file=sheet.file), list(sheet.errors)
    wrong = _wrong_columns(engine, sheet)
    if wrong:
        return FileReport(file=sheet.file, refused=len(sheet.rows)), [wrong]
    table = Table(sheet.table, MetaData(), *(Column(name, Text, primary_key=name == _ID) for name in sheet.columns))
    table.create(engine, checkfirst=True)
    with engine.begin() as connection:
        known = {row[_ID]: dict(row) for row in connection.execute(select(table)).mappings()}
        errors = [*sheet.errors, *_wrong_rows(sheet, known)]
        refused = {error.line for error in errors}
        good = [row for line, row in sheet.rows if line not in refused]
        _replace(connection, table, good, kept_out={row.get(_ID, "") for line, row in sheet.rows if line in refused})
    return _report(sheet, good, known, len(refused)), errors


def _wrong_columns(engine: Engine, sheet: _Sheet) -> RowError | None:
    if not {_ID, _OWNER} <= set(sheet.columns):
        right = f"a header with the columns {_ID} and {_OWNER}"
        return RowError(file=sheet.file, line=1, wrong=f"its columns are {_listed(sheet.columns)}", right=right)
    there = inspect(engine)
    if not there.has_table(sheet.table):
        return None
    columns = [column["name"] for column in there.get_columns(sheet.table)]
    if sorted(columns) == sorted(sheet.columns):
        return None
    right = f"the columns of the table '{sheet.table}' that is there: {_listed(columns)}"
    return RowError(file=sheet.file, line=1, wrong=f"its columns are {_listed(sheet.columns)}", right=right)


def _wrong_rows(sheet: _Sheet, known: Known) -> Iterator[RowError]:
    seen: set[str] = set()
    for line, row in sheet.rows:
        wrong = _wrong(sheet, row, known, seen)
        if wrong:
            right = f"{len(sheet.columns)} cells, with an {_ID} that no other row and no other customer has"
            yield RowError(file=sheet.file, line=line, wrong=wrong, right=right)
        seen.add(row.get(_ID, ""))


def _wrong(sheet: _Sheet, row: Row, known: Known, seen: set[str]) -> str:
    if len(row) != len(sheet.columns) or not row[_ID] or not row[_OWNER]:
        return f"the row lacks a cell, its {_ID} or its {_OWNER}"
    if row[_ID] in seen:
        return f"the {_ID} '{row[_ID]}' is there twice"
    held = known.get(row[_ID])
    return f"'{row[_ID]}' is a row of {held[_OWNER]}" if held and held[_OWNER] != row[_OWNER] else ""


def _replace(connection: Connection, table: Table, rows: Sequence[Row], kept_out: set[str]) -> None:
    """The rows of these accounts become those given, but for a row whose new version was refused."""
    for account in dict.fromkeys(row[_OWNER] for row in rows):
        own = [row for row in rows if row[_OWNER] == account]
        gone = table.c[_OWNER] == account
        connection.execute(delete(table).where(gone, table.c[_ID].not_in(kept_out - {row[_ID] for row in own})))
        connection.execute(table.insert(), own)


def _report(sheet: _Sheet, good: Sequence[Row], known: Known, refused: int) -> FileReport:
    created = sum(row[_ID] not in known for row in good)
    unchanged = sum(known.get(row[_ID]) == row for row in good)
    changed = len(good) - created - unchanged
    return FileReport(file=sheet.file, created=created, changed=changed, unchanged=unchanged, refused=refused)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(columns) or "none"
