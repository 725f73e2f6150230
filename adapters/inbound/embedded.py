"""The register of what came in, in the database."""

from __future__ import annotations

from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import insert_new, upsert
from models.faults import PermanentFault
from models.inbound import OPEN_STATES, Kept
from models.tables import ArrivalRow


class EmbeddedInbox:
    """InboxPort on our own tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, kept: Kept) -> Kept | None:
        """See InboxPort."""
        async with self._database.writing() as session:
            known = await session.get(ArrivalRow, kept.id)
            if known is None:
                await insert_new(session, [_row(kept)])
            return known.kept if known else None

    async def put(self, kept: Kept) -> None:
        """See InboxPort."""
        async with self._database.writing() as session:
            await upsert(session, [_row(kept)])

    async def find(self, arrival_id: str) -> Kept:
        """See InboxPort."""
        async with self._database.reading() as session:
            row = await session.get(ArrivalRow, arrival_id)
        if row is None:
            sentence = f"nothing that came in has the id '{arrival_id}'; see 'cancel inbox --all'"
            raise PermanentFault("UnknownArrival", sentence)
        return row.kept

    async def listed(self, *, everything: bool = False) -> tuple[Kept, ...]:
        """See InboxPort."""
        wanted = select(ArrivalRow).order_by(col(ArrivalRow.id))
        if not everything:
            wanted = wanted.where(col(ArrivalRow.state).in_([state.value for state in OPEN_STATES]))
        async with self._database.reading() as session:
            found = [row.kept for row in await session.scalars(wanted)]
        return tuple(sorted(found, key=lambda one: one.received_at))


def _row(kept: Kept) -> ArrivalRow:
    account = kept.judged.account_id
    return ArrivalRow(id=kept.id, account_id=account, state=kept.state, kept_at=kept.kept_at, kept=kept)
