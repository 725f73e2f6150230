"""A CSV file as records with true line numbers, whatever bytes it holds."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from models.base import Record
from models.portfolio import RowError

_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_SHOWN = 60


class Line(Record):
    """One record of a file: the line it starts on, and its cells as text."""

    number: int
    cells: tuple[str, ...]


class Sheet(Record):
    """The records of a file, the header first, and the lines that are no CSV."""

    lines: tuple[Line, ...] = ()
    errors: tuple[RowError, ...] = ()


def shown(cell: str) -> str:
    """The cell in quotes for an error sentence, shortened and without control characters."""
    plain = "".join(char if char.isprintable() else "?" for char in cell)
    return f"'{plain[:_LONGEST_SHOWN]}...'" if len(plain) > _LONGEST_SHOWN else f"'{plain}'"


def parse_sheet(file: str, data: bytes) -> Sheet:
    """The records of ``data``. Never raises: bytes that are no UTF-8 and broken quotes come back as errors."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return Sheet(errors=(_foreign_encoding(file, data, fault),))
    lines: list[Line] = []
    errors: list[RowError] = []
    for part in _records(file, text):
        if isinstance(part, RowError):
            errors.append(part)
        elif any(cell.strip() for cell in part.cells):
            lines.append(part)
    return Sheet(lines=tuple(lines), errors=tuple(errors))


def _records(file: str, text: str) -> Iterator[Line | RowError]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield _broken_record(file, start, fault)
            continue
        yield Line(number=start, cells=tuple(cell.strip() for cell in cells))


def _broken_record(file: str, line: int, fault: csv.Error) -> RowError:
    return RowError(
        file=file,
        line=line,
        wrong=f"the row that starts here is no CSV ({fault})",
        right='a cell in "double quotes" that are closed, with a quote inside written twice',
    )


def _foreign_encoding(file: str, data: bytes, fault: UnicodeDecodeError) -> RowError:
    if data.startswith(_FOREIGN_MARKS):
        wrong, line = "the file is UTF-16", 1
    else:
        line = data.count(b"\n", 0, fault.start) + 1
        wrong = f"the file is not UTF-8 (byte 0x{data[fault.start]:02X} on this line; it may be Windows-1252)"
    return RowError(file=file, line=line, wrong=wrong, right="a file saved as UTF-8, in Excel as 'CSV UTF-8'")
