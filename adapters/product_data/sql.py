"""The product's data in a SQL database: tables with the columns ``account_id`` and, for changes, ``updated_at``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, Table, create_engine, delete, func, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from adapters.product_data.port import ProductTable, Row
from models.export import Section
from models.faults import PermanentFault, TransientFault

_OWNER, _CHANGED = "account_id", "updated_at"
_AT_ONCE = 5_000
_FILE_NAME = re.compile(r"^[A-Za-z0-9_]{1,80}$")
_RIGHT = f"name it {{section}}_{{name}}, with a section of {', '.join(Section)}, and give it the column {_OWNER}"


class SqlProductData:
    """ProductDataPort on a database whose tables are named ``{section}_{name}``, such as ``content_documents``.

    A table that has only one of the two, the name or the owner, stops an export: it would be left out in silence.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def tables(self) -> tuple[ProductTable, ...]:
        """See ProductDataPort."""
        return tuple(_as_named(table) for table in self._described())

    def rows(self, table: ProductTable, account_id: str, since: datetime | None) -> Iterator[Row]:
        """See ProductDataPort."""
        with _faults_named():
            source = Table(table.name, MetaData(), autoload_with=self._engine)
            wanted = select(*(source.c[name] for name in table.columns)).where(source.c[_OWNER] == account_id)
            if since is not None and table.tells_changes:
                wanted = wanted.where(source.c[_CHANGED] >= _comparable(source.c[_CHANGED], since))
            with self._engine.connect().execution_options(stream_results=True, yield_per=_AT_ONCE) as connection:
                for some in connection.execute(wanted.order_by(*source.primary_key.columns)).partitions():
                    yield from some

    def erase(self, account_id: str) -> int:
        """See ProductDataPort."""
        with _faults_named(), self._engine.begin() as connection:
            return sum(_erased(connection, table, account_id) for table in self._described())

    def _described(self) -> tuple[Table, ...]:
        """The tables of customers as the database describes them now: a worker lives longer than a table."""
        found = MetaData()
        with _faults_named():
            found.reflect(self._engine)
        named = {name: table for name, table in sorted(found.tables.items()) if _section(name) or _OWNER in table.c}
        for name, table in named.items():
            if not (_section(name) and _OWNER in table.c and _FILE_NAME.match(name)):
                raise PermanentFault("ProductData", f"the product's table '{name}' belongs to no customer; {_RIGHT}")
        return tuple(named.values())


def _as_named(table: Table) -> ProductTable:
    section = _section(table.name)
    assert section is not None
    columns = tuple(column.name for column in table.columns if column.name != _OWNER)
    return ProductTable(name=table.name, section=section, columns=columns, tells_changes=_CHANGED in table.c)


def _section(name: str) -> Section | None:
    prefix, found, _ = name.partition("_")
    return Section(prefix) if found and prefix in set(Section) else None


def _comparable(column: Column[Any], since: datetime) -> datetime | str:
    """The moment as the column keeps it: with its zone, without one in UTC, or as text in UTC."""
    if not isinstance(column.type, DateTime):
        return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return since if column.type.timezone else since.astimezone(UTC).replace(tzinfo=None)


def _erased(connection: Any, table: Table, account_id: str) -> int:
    own = table.c[_OWNER] == account_id
    found = connection.scalar(select(func.count()).select_from(table).where(own))
    connection.execute(delete(table).where(own))
    return int(found or 0)


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise TransientFault(f"the product's database cannot be read ({type(error.orig).__name__})") from error
    except SQLAlchemyError as error:
        sentence = f"the product's database is not usable ({type(error).__name__}); look at its tables"
        raise PermanentFault("ProductData", sentence) from error
