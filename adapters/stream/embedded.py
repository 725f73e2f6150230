"""The messages of a stream in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import flat, insert_new
from models.facts import Origin
from models.stream import CallType, StreamMessage
from models.tables import StreamRow

_AT_ONCE = 500


class EmbeddedStream:
    """StreamPort on our own table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, messages: Sequence[StreamMessage], origin: Origin) -> frozenset[str]:
        """See StreamPort."""
        first = {message.message_id: message for message in reversed(messages)}
        async with self._database.writing() as session:
            known: set[str] = set()
            for some in _parts(first):
                ids = select(StreamRow.message_id).where(col(StreamRow.message_id).in_(some))
                known |= set(await session.scalars(ids))
            rows = [_row(message, origin) for id_, message in first.items() if id_ not in known]
            await insert_new(session, rows)
        return frozenset(first) - known

    async def stored(self, ids: Collection[str]) -> tuple[StreamMessage, ...]:
        """See StreamPort."""
        return await self._where(col(StreamRow.message_id), ids)

    async def of_days(self, days: Collection[tuple[str, date]]) -> tuple[StreamMessage, ...]:
        """See StreamPort."""
        wanted = set(days)
        between = (
            (col(StreamRow.day) >= min(day for _, day in wanted), col(StreamRow.day) <= max(day for _, day in wanted))
            if wanted
            else ()
        )
        found = await self._where(col(StreamRow.account_id), {account for account, _ in wanted}, *between)
        return tuple(message for message in found if (message.account_id, message.at.date()) in wanted)

    async def accounts_of(self, users: Collection[str]) -> Mapping[str, str]:
        """See StreamPort."""
        saying = col(StreamRow.type).in_((CallType.GROUP.value, CallType.IDENTIFY.value))
        return {one.user_id: one.account_id for one in await self._where(col(StreamRow.user_id), users, saying)}

    async def _where(self, column: Any, values: Collection[str], *more: Any) -> tuple[StreamMessage, ...]:
        rows: list[StreamRow] = []
        async with self._database.reading() as session:
            for some in _parts(values):
                rows += await session.scalars(select(StreamRow).where(column.in_(some), *more))
        found = [StreamMessage.model_validate(row, from_attributes=True) for row in rows]
        return tuple(sorted(found, key=lambda message: (message.at, message.message_id)))


def _row(message: StreamMessage, origin: Origin) -> StreamRow:
    return StreamRow(**flat(message), day=message.at.date(), **flat(origin))


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    """The values a few hundred at a time, since a statement takes only so many."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
