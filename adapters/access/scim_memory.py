"""What users of a SCIM service had before a case first reduced their access, kept until it is given back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.access.receipts import known, once_changed
from adapters.access.scim_user import ScimUser
from adapters.clock import Now
from adapters.database import Database
from adapters.rows import upsert
from models.access import AccessChange, AccessReceipt
from models.case import RefusalType
from models.faults import PermanentFault
from models.tables import AccountRow, ScimHeldRow


class ScimMemory:
    """Written before the service is asked to change anything, so that a crash in between forgets nobody."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def receipt(self, request: AccessChange) -> AccessReceipt | None:
        """The receipt of a change that was made. Raises ``UnknownAccount`` for an account that nobody knows."""
        async with self._database.reading() as session:
            if await session.get(AccountRow, request.account_id) is None:
                raise unknown(request.account_id, "the access register")
            return await known(session, request.key)

    async def hold(self, request: AccessChange, users: Iterable[ScimUser]) -> None:
        """Remember what these users have, unless the case remembers something earlier, and which change is about them.

        What an older case remembered of them gives way: they may have been given more or less since.
        """
        async with self._database.writing() as session:
            held = {row.user_id: row for row in await _rows(session, request.account_id)}
            for user in users:
                if (row := held.get(user.id)) and row.case_id == request.case_id:
                    row.key = request.key
                else:
                    await upsert(session, [_row(request, user)])

    async def held(self, account_id: str) -> list[ScimHeldRow]:
        """What is remembered of the users of an account."""
        async with self._database.reading() as session:
            return await _rows(session, account_id)

    async def noted(self, request: AccessChange, more: int) -> AccessReceipt:
        """The receipt of a reduction: those whom it is about, and ``more`` that were not people."""

        async def counted(session: AsyncSession) -> int:
            own = select(func.count()).select_from(ScimHeldRow).where(col(ScimHeldRow.key) == request.key)
            return int(await session.scalar(own) or 0) + more

        async with self._database.writing() as session:
            return await once_changed(session, request.key, self._now(), counted)

    async def given_back(self, request: AccessChange, user_ids: Sequence[str], more: int) -> AccessReceipt:
        """The receipt of a restoration, after which nothing is remembered of these users any more."""

        async def forgotten(session: AsyncSession) -> int:
            own = col(ScimHeldRow.account_id) == request.account_id
            await session.execute(delete(ScimHeldRow).where(own, col(ScimHeldRow.user_id).in_(user_ids)))
            return len(user_ids) + more

        async with self._database.writing() as session:
            return await once_changed(session, request.key, self._now(), forgotten)


def unknown(account_id: str, to: str) -> PermanentFault:
    """The fault that stands for an account that is not known there."""
    return PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"{to} knows no account '{account_id}'")


async def _rows(session: AsyncSession, account_id: str) -> list[ScimHeldRow]:
    wanted = select(ScimHeldRow).where(col(ScimHeldRow.account_id) == account_id)
    return list(await session.scalars(wanted.order_by(col(ScimHeldRow.user_id))))


def _row(request: AccessChange, user: ScimUser) -> ScimHeldRow:
    return ScimHeldRow(
        account_id=request.account_id,
        user_id=user.id,
        case_id=request.case_id,
        key=request.key,
        active=user.active,
        grants=user.grants,
    )
