"""A small product and its exports, for tests; and none, for tests of letters that speak of none."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from adapters.product_data.port import ProductTable, Row
from adapters.product_data.sql import SqlProductData
from models.export import ExportProgress, Manifest, PrepareExport
from settings import CHECKOUT

NO_EXPORTS: Any = None
MESSAGES = CHECKOUT / "playbooks" / "messages"
NO_INVOICES: Any = None
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "acc-0001"
_TABLES = """
create table account_users (id text primary key, account_id text, name text, updated_at text);
create table content_notes (id text primary key, account_id text, body text, size integer, updated_at text);
create table content_shares (id text primary key, account_id text, with_whom text);
create table usage_days (id text primary key, account_id text, logins integer, updated_at text);
create table reports_made (id text primary key, account_id text, title text, updated_at text);
"""


class Product:
    """A product's database that a test fills."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "product.db"
        self.run(_TABLES)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def run(self, statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            connection.executescript(statements)

    def put(self, table: str, *rows: tuple[Any, ...]) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for row in rows:
                connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)


class Watched(SqlProductData):
    """The product, which remembers what was read of it and may fall silent in the middle of a table."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.read: list[str] = []
        self.dies_at: tuple[str, int] | None = None

    def rows(self, table: ProductTable, account_id: str, since: datetime | None) -> Iterator[Row]:
        self.read.append(table.name)
        for number, row in enumerate(super().rows(table, account_id, since)):
            if self.dies_at == (table.name, number):
                raise ConnectionResetError
            yield row


def asked(key: str = "case-1/data_export/prepare_export", **more: Any) -> PrepareExport:
    until = AT + timedelta(days=90)
    return PrepareExport(
        **{"key": key, "case_id": "case-1", "account_id": ACCOUNT, "at": AT, "link_until": until} | more
    )


def silent(progress: ExportProgress) -> None:
    """Nobody listens."""


def manifest_of(archive: BinaryIO | Path) -> Manifest:
    with zipfile.ZipFile(archive) as packed:
        return Manifest.model_validate_json(packed.read("manifest.json"))


def lines_of(archive: BinaryIO | Path, table: str) -> list[list[str]]:
    """The CSV of a table as a spreadsheet reads it, with its heads."""
    with zipfile.ZipFile(archive) as packed:
        text = packed.read(f"{table}.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def objects_of(archive: BinaryIO | Path, table: str) -> list[dict[str, Any]]:
    """The JSON of a table."""
    with zipfile.ZipFile(archive) as packed:
        found: list[dict[str, Any]] = json.loads(packed.read(f"{table}.json"))
    return found


def ids(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]
