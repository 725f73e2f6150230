"""Runs the migrations on the database that the program names, or that ``-x url=`` does."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlmodel import SQLModel

from adapters import postgres
from adapters.database import open_database
from models import tables
from models.tables.columns import Shaped, UtcMoment

assert tables, "the tables register themselves with SQLModel when they are imported"


def _address() -> str:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise CommandError("name the database: alembic -x url=sqlite+aiosqlite:///.followthrough/followthrough.db ...")
    return str(url)


def _plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """A migration names plain types, so that it still means the same when the code has moved on."""
    if kind == "type" and isinstance(item, UtcMoment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Shaped):
        return "sa.JSON()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=_plain_type,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "postgresql":
            postgres.compare_by_code_point(connection)


async def _upgrade() -> None:
    database = open_database(_address(), statement_seconds=None)
    try:
        async with database.engine.execution_options(writing=True).begin() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


asyncio.run(_upgrade())
