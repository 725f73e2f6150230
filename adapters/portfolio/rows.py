"""One file of a portfolio: from bytes to typed rows, with every fault named by line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic

from pydantic import ValidationError

from adapters.portfolio.cells import UnfitError
from adapters.portfolio.sheet import Line, parse_sheet, shown
from adapters.portfolio.table import Column, RowT, Table
from models import misfit
from models.portfolio import Locale, RowError, RowNote


@dataclass
class Rows(Generic[RowT]):
    """The good rows of a file, and what was found while reading it."""

    good: list[RowT] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)


def read_rows(table: Table[RowT], data: bytes, today: date) -> Rows[RowT]:
    """The rows of ``data``; good ones are kept, each broken one becomes an error. Never raises.

    ``today`` is the last day that a fact may have. A header that does not fit stops the file with one error.
    """
    sheet = parse_sheet(table.file, data)
    found: Rows[RowT] = Rows(errors=list(sheet.errors))
    if not sheet.lines:
        if not found.errors:
            found.errors.append(_header_error(table, 1, "the file is empty"))
        return found
    header, *lines = sheet.lines
    fault = _header_fault(table, header.cells)
    if fault:
        return Rows(errors=[_header_error(table, header.number, fault)])
    names = tuple(_column_name(cell) for cell in header.cells)
    for line in lines:
        _take(table, names, line, today, found)
    _refuse_repeats(table, found)
    found.errors.sort(key=lambda error: error.line)
    return found


def _column_name(cell: str) -> str:
    return cell.lower().replace(" ", "_")


def _header_fault(table: Table[RowT], header: tuple[str, ...]) -> str:
    """What is wrong with the header, in one sentence; empty where it fits. Optional columns may be absent."""
    names = [_column_name(cell) for cell in header]
    known = {column.name for column in table.columns}
    missing = [column.name for column in table.columns if not column.optional and column.name not in names]
    unknown = [shown(name) for name in names if name not in known]
    twice = sorted({shown(name) for name in names if names.count(name) > 1})
    parts = {"lacks": missing, "has the unknown column": unknown, "repeats": twice}
    faults = [f"{what} {', '.join(which)}" for what, which in parts.items() if which]
    return "the header " + " and ".join(faults) if faults else ""


def _header_error(table: Table[RowT], line: int, wrong: str) -> RowError:
    names = ",".join(column.name for column in table.columns)
    optional = ", ".join(column.name for column in table.columns if column.optional)
    right = f"the header {names}" + (f" (may be left out: {optional})" if optional else "")
    return RowError(file=table.file, line=line, wrong=wrong, right=right)


def _take(table: Table[RowT], names: tuple[str, ...], line: Line, today: date, found: Rows[RowT]) -> None:
    if len(line.cells) != len(names):
        wrong = f"the row has {len(line.cells)} cells and the header {len(names)}"
        right = "as many cells as the header, with text that holds a comma in double quotes"
        found.errors.append(RowError(file=table.file, line=line.number, wrong=wrong, right=right))
        return
    given = dict(zip(names, line.cells, strict=True))
    values, errors = _values(table, given, line.number, today)
    row = None if errors else _build(table, values, errors)
    found.errors.extend(errors)
    if row is not None:
        found.good.append(row)
        found.notes.extend(_fallbacks(table, given, line.number))


def _values(table: Table[RowT], given: dict[str, str], line: int, today: date) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {"line": line}
    errors = []
    for column in table.columns:
        cell = given.get(column.name, "")
        if not cell and column.optional:
            continue
        try:
            values[column.fills] = _value(column, cell, today)
        except UnfitError as fault:
            wrong = f"{shown(cell)} does not fit" if cell else "the cell is empty"
            errors.append(RowError(file=table.file, line=line, field=column.name, wrong=wrong, right=fault.right))
    return values, errors


def _value(column: Column, cell: str, today: date) -> Any:
    value = column.read(cell) if cell else None
    if value is None or value == ():
        raise UnfitError("a value; the column may not be empty")
    if column.past and _later(value, today):
        raise UnfitError(f"a day that is not after {today}, since a fact cannot lie in the future")
    return value


def _later(value: Any, today: date) -> bool:
    if isinstance(value, datetime):
        return value >= datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1)
    return isinstance(value, date) and value > today


def _build(table: Table[RowT], values: dict[str, Any], errors: list[RowError]) -> RowT | None:
    line = values["line"]
    try:
        row = table.model.model_validate(values)
    except ValidationError as fault:
        errors.extend(_model_errors(table, line, fault))
        return None
    broken = [check for check in table.checks if not check.holds(row)]
    for check in broken:
        errors.append(RowError(file=table.file, line=line, field=check.field, wrong=check.wrong, right=check.right))
    return None if broken else row


def _model_errors(table: Table[RowT], line: int, fault: ValidationError) -> Iterator[RowError]:
    for part in fault.errors(include_url=False):
        name = str(part["loc"][0]) if part["loc"] else ""
        wrong = f"{shown(str(part['input']))} does not fit"
        yield RowError(file=table.file, line=line, field=name, wrong=wrong, right=misfit.told(part))


def _fallbacks(table: Table[RowT], given: dict[str, str], line: int) -> Iterator[RowNote]:
    cell = given.get("locale", "")
    language = cell.lower().replace("_", "-").split("-")[0]
    if cell and language not in set(Locale):
        text = f"nothing is written in the locale {shown(cell)}, so {Locale.EN} is used; known are {', '.join(Locale)}"
        yield RowNote(file=table.file, line=line, field="locale", text=text)


def _refuse_repeats(table: Table[RowT], found: Rows[RowT]) -> None:
    """Of several rows with one key the first is kept."""
    first: dict[tuple[Any, ...], RowT] = {}
    for row in found.good:
        key = tuple(getattr(row, name) for name in table.key)
        kept = first.setdefault(key, row)
        if kept is not row:
            found.errors.append(_repeat_error(table, row, kept))
    found.good = list(first.values())


def _repeat_error(table: Table[RowT], row: RowT, kept: RowT) -> RowError:
    name = " and ".join(table.key)
    values = " ".join(str(getattr(row, part)) for part in table.key)
    return RowError(
        file=table.file,
        line=row.line,
        field=table.key[0],
        wrong=f"{name} {shown(values)} was given before, on line {kept.line}",
        right="each row once",
    )
