"""Writing: what was read is what a spreadsheet and a program read again, whatever is in a cell."""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.writing import write_table
from adapters.product_data.port import ProductTable, Row
from models.export import Section

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
CELL = st.one_of(TEXT, st.sampled_from(["=1", ",", '"', "\r\n", "", "'"]), st.integers(), st.none(), st.booleans())
RUNS = ("=", "+", "-", "@", "\t", "\r")


def written(columns: tuple[str, ...], rows: list[Row]) -> tuple[list[list[str]], Any]:
    table = ProductTable(name="content_x", section=Section.CONTENT, columns=columns)
    with tempfile.TemporaryDirectory() as folder:
        write_table(Path(folder), table, rows, lambda count: None)
        with (Path(folder) / "content_x.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        return lines, json.loads((Path(folder) / "content_x.json").read_bytes())


def shown(cell: Any) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RUNS) else cell
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("width", [1, 3])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_was_read_is_read_again(width: int, data: st.DataObject) -> None:
    rows: list[Row] = data.draw(st.lists(st.tuples(*[CELL] * width), max_size=6))
    columns = ("id", "a", "b")[:width]
    lines, objects = written(columns, rows)
    assert lines == [list(columns), *([shown(cell) for cell in row] for row in rows)]
    assert objects == [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("value", "in_csv", "in_json"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00Z"),
        (Decimal("12.30"), "12.30", "12.30"),
        (b"\x00\xff", "00ff", "00ff"),
        (UUID(int=7), str(UUID(int=7)), str(UUID(int=7))),
        ({"a": [1, None]}, '{"a":[1,null]}', {"a": [1, None]}),
        (float("nan"), "nan", "NaN"),
        (2**70, str(2**70), 2**70),
    ],
)
def test_a_value_of_another_kind_is_written_so_that_people_can_read_it(value: Any, in_csv: str, in_json: Any) -> None:
    lines, objects = written(("id",), [(value,)])
    assert (lines[1][0], objects[0]["id"]) == (in_csv, in_json)


def test_a_table_of_many_rows_is_one_array() -> None:
    lines, objects = written(("id",), [(number,) for number in range(12_001)])
    assert len(lines) - 1 == len(objects) == 12_001
