"""Receipts of access: how many people or systems a change was about is part of its id, so that it is said again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from adapters.rows import once, stable_id
from models.access import AccessReceipt
from models.tables import ReceiptRow
from models.work import Receipt

Change = Callable[[AsyncSession], Awaitable[int]]
"""Changes something in the session's transaction, and tells how much."""


async def once_changed(session: AsyncSession, key: str, at: datetime, change: Change) -> AccessReceipt:
    """Make a change once ever for a key; the same key again gives the first receipt as replayed."""

    async def effect() -> str:
        return f"{stable_id('access', key)}.{await change(session)}"

    return _told(await once(session, key, at, effect))


async def known(session: AsyncSession, key: str) -> AccessReceipt | None:
    """The receipt of a change that was made, as replayed."""
    row = await session.get(ReceiptRow, key)
    return _told(Receipt(id=row.id, at=row.at, replayed=True)) if row else None


def _told(receipt: Receipt) -> AccessReceipt:
    return AccessReceipt(**dict(receipt), changed=int(receipt.id.rpartition(".")[2]))
