"""The product's data in a SQL database: tables with the columns ``account_id`` and, for changes, ``updated_at``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, delete, func, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from adapters.product_data.port import ProductTable, Row
from models.export import Section
from models.faults import PermanentFault, TransientFault

_OWNER, _CHANGED = "account_id", "updated_at"
_AT_ONCE = 5_000


class SqlProductData:
    """ProductDataPort on a database whose tables are named ``{section}_{name}``, such as ``content_documents``."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def tables(self) -> tuple[ProductTable, ...]:
        """See ProductDataPort."""
        return tuple(self._as_named(table) for table in self._known.values())

    def rows(self, table: ProductTable, account_id: str, since: datetime | None) -> Iterator[Row]:
        """See ProductDataPort."""
        source = self._known[table.name]
        wanted = select(*(source.c[name] for name in table.columns)).where(source.c[_OWNER] == account_id)
        if since is not None and _CHANGED in source.c:
            wanted = wanted.where(source.c[_CHANGED] >= since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
        ordered = wanted.order_by(*source.primary_key.columns)
        with self._engine.connect() as connection:
            streamed = connection.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(ordered)
            for row in streamed:
                yield tuple(row)

    def erase(self, account_id: str) -> int:
        """See ProductDataPort."""
        with self._engine.begin() as connection:
            return sum(self._erased(connection, table, account_id) for table in self._known.values())

    def _erased(self, connection: Any, table: Table, account_id: str) -> int:
        own = table.c[_OWNER] == account_id
        found = connection.scalar(select(func.count()).select_from(table).where(own))
        connection.execute(delete(table).where(own))
        return int(found or 0)

    @cached_property
    def _known(self) -> dict[str, Table]:
        """The tables of customers, as the database describes them."""
        found = MetaData()
        try:
            found.reflect(self._engine)
        except OperationalError as error:
            raise TransientFault(f"the product's database cannot be read ({type(error.orig).__name__})") from error
        except SQLAlchemyError as error:
            raise PermanentFault(
                "ProductData", f"the product's database is not usable: {type(error).__name__}"
            ) from error
        return {name: table for name, table in sorted(found.tables.items()) if _section(name) and _OWNER in table.c}

    def _as_named(self, table: Table) -> ProductTable:
        section = _section(table.name)
        assert section is not None
        columns = tuple(column.name for column in table.columns if column.name != _OWNER)
        return ProductTable(name=table.name, section=section, columns=columns)


def _section(name: str) -> Section | None:
    prefix = name.partition("_")[0]
    return Section(prefix) if prefix in set(Section) else None
