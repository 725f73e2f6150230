"""What the embedded ports share: rows by natural key, and effects that happen once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Table, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.tables import ReceiptRow
from models.work import Receipt


def table_of(row: SQLModel | type[SQLModel]) -> Table:
    """The table of a row or of its class."""
    table: Table = row.__table__  # type: ignore[union-attr]
    return table


def insert_into(session: AsyncSession, table: Table) -> Any:
    """An INSERT of the session's database that knows ON CONFLICT; both have it, SQLAlchemy types them apart."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def upsert(
    session: AsyncSession,
    rows: Sequence[SQLModel],
    revised: bool = False,
    beside: Sequence[str] = (),
) -> None:
    """Insert rows of one table, or replace those of the same natural key.

    With ``revised`` a stored row gives way only to one of the same or a later ``revision``; with columns ``beside`` the
    matter only to one that differs in another column.
    """
    if not rows:
        return
    table = table_of(rows[0])
    statement = insert_into(session, table)
    changes = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    guard = table.c.revision <= statement.excluded.revision if revised else None
    if beside:
        matter = [name for name in changes if name not in beside]
        guard = or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in matter))
    statement = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes, where=guard)
    await session.execute(statement, _values(table, rows))


async def insert_new(session: AsyncSession, rows: Sequence[SQLModel]) -> None:
    """Insert rows of one table; those whose natural key is there already stay as they are."""
    if rows:
        table = table_of(rows[0])
        await session.execute(insert_into(session, table).on_conflict_do_nothing(), _values(table, rows))


def _values(table: Table, rows: Sequence[SQLModel]) -> list[dict[str, Any]]:
    return [{column.name: getattr(row, column.name) for column in table.columns} for row in rows]


async def once(session: AsyncSession, key: str, at: datetime, effect: Callable[[], Awaitable[str]]) -> Receipt:
    """Run an effect of the session's transaction once ever for a key; ``effect`` gives the receipt's id.

    The same key again, also from another session at the same moment, returns the first receipt as replayed. An effect
    that raises leaves no receipt.
    """
    table = table_of(ReceiptRow)
    claim = insert_into(session, table).values(key=key, id="", at=at).on_conflict_do_nothing().returning(table.c.key)
    if (await session.execute(claim)).scalar_one_or_none() is None:
        first = await session.get_one(ReceiptRow, key)
        return Receipt(id=first.id, at=first.at, replayed=True)
    receipt_id = await effect()
    await session.execute(update(ReceiptRow).where(col(ReceiptRow.key) == key).values(id=receipt_id))
    return Receipt(id=receipt_id, at=at)


def stable_id(prefix: str, key: str) -> str:
    """An id that is the same for the same key, such as ``inv-5f2c...``."""
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def flat(record: BaseModel, *nested: str) -> dict[str, Any]:
    """The fields of a record as column values, with the named inner models unfolded."""
    outer = {name: value for name, value in record if name not in nested}
    return outer | {name: value for part in nested for name, value in getattr(record, part)}
