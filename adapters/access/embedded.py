"""The access register in the database."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.access.receipts import Change, once_changed
from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat, upsert
from models.access import (
    RANK,
    AccessChange,
    AccessReceipt,
    AccessState,
    Holder,
    HolderKind,
    InternalSystem,
    Level,
    Reach,
    ReduceAccess,
)
from models.case import RefusalType
from models.faults import PermanentFault
from models.tables import AccessRow, AccountRow, InternalAccessRow

ADMINS = ("admin", "owner")
"""The roles that are reduced last, unless settings name others."""


class EmbeddedAccess:
    """AccessPort on our own tables, for ``kinds`` of holders. An account without listed people has nobody to change."""

    def __init__(
        self, database: Database, now: Now = utc_now, kinds: Collection[HolderKind] = tuple(HolderKind)
    ) -> None:
        self._database = database
        self._now = now
        self._kinds = kinds

    async def put_holder(self, holder: Holder) -> None:
        """See AccessPort."""
        async with self._database.writing() as session:
            await _check(session, holder.account_id)
            await upsert(session, [AccessRow(**flat(holder))])

    async def reduce(self, request: ReduceAccess) -> AccessReceipt:
        """See AccessPort. Keys are reduced with everybody."""

        def concerned(row: AccessRow) -> bool:
            return request.reach is Reach.ALL or (row.kind == HolderKind.PERSON and row.role not in ADMINS)

        return await self._lowered(request, Level.READ_ONLY, concerned)

    async def revoke(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort."""
        return await self._lowered(request, Level.NONE, lambda _: True)

    async def revoke_internal(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort."""

        async def close(session: AsyncSession) -> int:
            rows = [InternalAccessRow(account_id=request.account_id, system=s, open=False) for s in InternalSystem]
            await upsert(session, rows)
            return len(rows)

        return await self._once(request, close)

    async def restore(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort."""

        async def give_back(session: AsyncSession) -> int:
            reduced = [row for row in await self._rows(session, request.account_id) if row.before is not None]
            for row in reduced:
                row.access, row.before = row.before or Level.FULL, None
            ours = select(InternalAccessRow).where(col(InternalAccessRow.account_id) == request.account_id)
            for system in await session.scalars(ours):
                system.open = True
            return len(reduced)

        return await self._once(request, give_back)

    async def check(self) -> str:
        """See AccessPort."""
        return ""

    async def read_back(self, account_id: str) -> AccessState:
        """See AccessPort."""
        async with self._database.reading() as session:
            await _check(session, account_id)
            rows = await self._rows(session, account_id)
            ours = select(InternalAccessRow).where(col(InternalAccessRow.account_id) == account_id)
            known = {row.system: row.open for row in await session.scalars(ours)}
        people = [row for row in rows if row.kind == HolderKind.PERSON]
        return AccessState(
            account_id=account_id,
            full=sum(row.access == Level.FULL for row in people),
            read_only=sum(row.access == Level.READ_ONLY for row in people),
            revoked=sum(row.access == Level.NONE for row in people),
            keys=sum(row.kind == HolderKind.KEY and row.access != Level.NONE for row in rows),
            internal=tuple(system for system in InternalSystem if known.get(system, True)),
        )

    async def _lowered(
        self, request: AccessChange, level: Level, concerned: Callable[[AccessRow], bool]
    ) -> AccessReceipt:
        """Nobody gets more than they had; what they had first is remembered."""

        async def lower(session: AsyncSession) -> int:
            rows = await self._rows(session, request.account_id)
            lowered = [row for row in rows if concerned(row) and RANK[Level(row.access)] > RANK[level]]
            for row in lowered:
                row.before, row.access = row.before or row.access, level
            return len(lowered)

        return await self._once(request, lower)

    async def _once(self, request: AccessChange, change: Change) -> AccessReceipt:
        async with self._database.writing() as session:
            await _check(session, request.account_id)
            return await once_changed(session, request.key, self._now(), change)

    async def _rows(self, session: AsyncSession, account_id: str) -> list[AccessRow]:
        wanted = select(AccessRow).where(col(AccessRow.account_id) == account_id, col(AccessRow.kind).in_(self._kinds))
        return list(await session.scalars(wanted.order_by(col(AccessRow.external_id))))


async def _check(session: AsyncSession, account_id: str) -> None:
    if await session.get(AccountRow, account_id) is None:
        raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"the access register knows no account '{account_id}'")
