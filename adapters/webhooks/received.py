"""The register of what other systems sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import insert_new
from models.base import Utc
from models.faults import PermanentFault
from models.people import PersonId
from models.plain_text import as_line
from models.tables import ReceivedRow
from models.webhooks import Received, ReceivedState, Source, Worked


class ReceivedEvents:
    """ReceivedPort on our own table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, received: Sequence[Received]) -> int:
        """See ReceivedPort."""
        async with self._database.writing() as session:
            fresh = {(one.source, one.id): one for one in reversed(received)}
            for source, event_id in list(fresh):
                if await session.get(ReceivedRow, (source, event_id)):
                    del fresh[source, event_id]
            rows = [ReceivedRow(**dict(one.model_copy(update={"due_at": one.received_at}))) for one in fresh.values()]
            await insert_new(session, rows)
        return len(fresh)

    async def claim(self, now: Utc, lease: timedelta, limit: int) -> tuple[Received, ...]:
        """See ReceivedPort."""
        due = select(ReceivedRow).where(col(ReceivedRow.due_at) <= now)
        async with self._database.reading() as session:  # the usual answer is nothing, and takes no lock
            if await session.scalar(due.options(defer(ReceivedRow.body)).limit(1)) is None:  # type: ignore[arg-type]
                return ()
        ordered = due.order_by(col(ReceivedRow.received_at), col(ReceivedRow.source), col(ReceivedRow.id))
        async with self._database.writing() as session:
            rows = (await session.scalars(ordered.limit(limit))).all()
            for row in rows:
                row.due_at, row.attempts = now + lease, row.attempts + 1
            return tuple(Received.model_validate(row, from_attributes=True) for row in rows)

    async def done(self, one: Received, worked: Worked, at: Utc) -> None:
        """See ReceivedPort."""
        end = {"state": ReceivedState.DONE, "body": b"", "due_at": None, "done_at": at}
        own = {"account_id": worked.account_id or one.account_id, "effect": worked.effect, "said": as_line(worked.said)}
        await self._change(one, **end, **own)

    async def not_done(self, one: Received, said: str, due_at: Utc | None) -> None:
        """See ReceivedPort."""
        state = ReceivedState.WAITING if due_at else ReceivedState.FAILED
        await self._change(one, state=state, said=as_line(said), due_at=due_at)

    async def has_effect(self, effect: str) -> bool:
        """See ReceivedPort."""
        async with self._database.reading() as session:
            known = select(ReceivedRow.id).where(col(ReceivedRow.effect) == effect).limit(1)
            return await session.scalar(known) is not None

    async def entries(self, states: Sequence[ReceivedState], limit: int) -> tuple[Received, ...]:
        """See ReceivedPort."""
        wanted = select(*_SHOWN).order_by(col(ReceivedRow.received_at).desc(), col(ReceivedRow.id)).limit(limit)
        if states:
            wanted = wanted.where(col(ReceivedRow.state).in_(states))
        async with self._database.reading() as session:
            return tuple(Received.model_validate(dict(row)) for row in (await session.execute(wanted)).mappings())

    async def again(self, source: Source, event_id: str, now: Utc) -> Received:
        """See ReceivedPort."""
        async with self._database.writing() as session:
            row = await _failed(session, source, event_id)
            row.state, row.due_at, row.attempts = ReceivedState.WAITING, now, 0
            return Received.model_validate(row, from_attributes=True)

    async def dismiss(self, source: Source, event_id: str, by: PersonId, why: str, at: Utc) -> Received:
        """See ReceivedPort."""
        async with self._database.writing() as session:
            row = await _failed(session, source, event_id)
            row.state, row.settled_by, row.said, row.done_at = ReceivedState.DISMISSED, by, why, at
            row.body, row.due_at = b"", None
            return Received.model_validate(row, from_attributes=True)

    async def count(self, state: ReceivedState) -> int:
        """See ReceivedPort."""
        async with self._database.reading() as session:
            counted = select(func.count()).select_from(ReceivedRow).where(col(ReceivedRow.state) == state)
            return await session.scalar(counted) or 0

    async def _change(self, one: Received, **values: Any) -> None:
        row = (col(ReceivedRow.source) == one.source, col(ReceivedRow.id) == one.id)
        async with self._database.writing() as session:
            await session.execute(update(ReceivedRow).where(*row).values(**values))


_SHOWN = tuple(col(getattr(ReceivedRow, name)) for name in Received.model_fields if name != "body")


async def _failed(session: AsyncSession, source: Source, event_id: str) -> ReceivedRow:
    row = await session.get(ReceivedRow, (source, event_id))
    if row is None or row.state != ReceivedState.FAILED:
        sentence = f"nothing from {source} with the id '{event_id}' waits for a person; see 'webhooks received'"
        raise PermanentFault("UnknownEvent", sentence)
    return row
