"""A product database from CSV files, a table per file, for trying things out; the same files twice change nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, Text, create_engine, delete

from models.access import Holder
from models.export import Section

ACCESS = "access.csv"


def load_product(folder: Path, url: str) -> int:
    """Write each ``{section}_{name}.csv`` of a folder into a table of that name; gives how many rows there are."""
    engine, known, rows = create_engine(url), MetaData(), 0
    for file in _tables(folder):
        with file.open(encoding="utf-8", newline="") as lines:
            found = list(csv.DictReader(lines))
        columns = [
            Column(name, Text, primary_key=name == "id") for name in (found[0] if found else ("id", "account_id"))
        ]
        table = Table(file.stem, known, *columns)
        table.create(engine, checkfirst=True)
        with engine.begin() as connection:
            connection.execute(delete(table))
            if found:
                connection.execute(table.insert(), found)
        rows += len(found)
    engine.dispose()
    return rows


def holders(folder: Path) -> tuple[Holder, ...]:
    """The people and keys of ``access.csv``; none where there is no such file."""
    file = folder / ACCESS
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(Holder.model_validate(row) for row in csv.DictReader(lines))


def _tables(folder: Path) -> Iterable[Path]:
    return (file for file in sorted(folder.glob("*.csv")) if file.stem.partition("_")[0] in set(Section))
