"""Whatever a file holds, reading it gives rows and errors, never an exception."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.portfolio import tables
from adapters.portfolio.read import read_portfolio
from adapters.portfolio.rows import read_rows
from adapters.portfolio.running import read_running
from adapters.portfolio.tables import Table

TODAY = date(2026, 11, 15)
TABLES = [table for table in vars(tables).values() if isinstance(table, Table)]
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
DATES = ["2026-11-01", "9999-12-31", "2100-12-31", "2026-11-01T00:00:00Z", "0001-01-01T00:00:00-23:59"]
NUMBERS = ["7", "-0", "NaN", "١٢", "1.5", "9999-12-31T23:59:59-14:00"]
WORDS = ["acc-1", "usr-1", "yes", "low", "MY-14", "USD", "UTC", "x@y.example", "Sun-Wed", "Mon 09:00-12:00"]
SIGNS = ["", " ", "/", ";", ",", '"', "=", "|", "a|b", "a\r\nb", "\x00"]
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([*DATES, *NUMBERS, *WORDS, *SIGNS]),
)


def written(header: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def header_of(table: Table[Any]) -> list[str]:
    return [column.name for column in table.columns]


@each_table
@settings(deadline=None)
@given(data=st.binary(max_size=200), headed=st.booleans())
def test_arbitrary_bytes_are_rows_or_reported_errors(table: Table[Any], data: bytes, headed: bool) -> None:
    found = read_rows(table, written(header_of(table), []) + data if headed else data, TODAY)
    blank = headed and all(char.isspace() or char in ',"' for char in data.decode(errors="replace"))
    assert found.good or found.errors or blank
    assert all(error.file == table.file and error.wrong and error.right for error in found.errors)


@each_table
@settings(deadline=None)
@given(data=st.data())
def test_every_row_under_a_good_header_is_kept_or_named_by_its_line(table: Table[Any], data: st.DataObject) -> None:
    width = len(header_of(table))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    found = read_rows(table, written(header_of(table), rows), TODAY)
    lines = {row.line for row in found.good} | {error.line for error in found.errors}
    assert len(lines) == len(filled)


@settings(max_examples=40, deadline=None)
@given(
    files=st.dictionaries(st.sampled_from([table.file for table in TABLES]), st.binary(max_size=120)),
    ids=st.lists(st.text(max_size=8), max_size=5),
)
def test_a_folder_of_anything_is_read_to_its_end(files: dict[str, bytes], ids: list[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows = [[value, value, "1", "USD", "UTC"] for value in ids]
        (folder / "accounts.csv").write_bytes(written(["id", "name", "arr", "currency", "time_zone"], rows))
        for file, data in files.items():
            (folder / file).write_bytes(data)
        portfolio = read_portfolio(folder, TODAY)
        running = read_running(folder, portfolio, TODAY)
    assert portfolio.errors[0].file == "people.csv" or "people.csv" in files
    assert all(str(error) for error in (*portfolio.errors, *running.errors))
