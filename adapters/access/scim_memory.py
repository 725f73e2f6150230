"""What users of a SCIM service had before their access was first reduced, kept until it is given back."""

from __future__ import annotations

from collections.abc import Iterable

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
        """Remember what these users have, unless something earlier of the same case is remembered, and which change it is.

        What another case left behind is of no use any more: who had access then may have lost it since.
        """
        async with self._database.writing() as session:
            held = {row.user_id: row for row in await _rows(session, request.account_id)}
            for user in users:
                row = held.get(user.id)
                if row and row.case_id == request.case_id:
                    row.key = request.key
                else:
                    await upsert(session, [_row(request, user)])

    async def held(self, account_id: str, case_id: str | None = None) -> list[ScimHeldRow]:
        """What is remembered of the users of an account, by one case or by any."""
        async with self._database.reading() as session:
            return [row for row in await _rows(session, account_id) if case_id in (None, row.case_id)]

    async def noted(self, request: AccessChange, more: int) -> AccessReceipt:
        """The receipt of a reduction: those whom it is about, and ``more`` that were not people."""

        async def counted(session: AsyncSession) -> int:
            own = select(func.count()).select_from(ScimHeldRow).where(col(ScimHeldRow.key) == request.key)
            return int(await session.scalar(own) or 0) + more

        async with self._database.writing() as session:
            return await once_changed(session, request.key, self._now(), counted)

    async def given_back(self, request: AccessChange, count: int) -> AccessReceipt:
        """The receipt of a restoration of so many, after which nothing of the account is remembered any more."""

        async def forgotten(session: AsyncSession) -> int:
            await session.execute(delete(ScimHeldRow).where(col(ScimHeldRow.account_id) == request.account_id))
            return count

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
