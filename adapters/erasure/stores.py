"""The stores of the embedded parts that hold data of customers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlmodel import SQLModel, col, select

from adapters.database import Database
from adapters.exports.port import ExportsPort
from adapters.product_data.port import ProductDataPort
from models.erasing import EraseData
from models.retention import Erased
from models.tables import (
    AccessRow,
    AccountRow,
    ArrivalRow,
    CaseRow,
    ContactRow,
    DocumentRow,
    DraftRow,
    InboundRow,
    NoteRow,
    NpsRow,
    OutboxRow,
    TicketRow,
    UsageRow,
)

Condition = tuple[type[SQLModel], ColumnElement[bool]]


class Tables:
    """ErasableStore over rows of our own database that belong to an account."""

    def __init__(
        self, database: Database, name: str, what: str, kinds: Sequence[type[SQLModel]], kept: str = ""
    ) -> None:
        self._database = database
        self._name, self._what, self._kinds, self._kept = name, what, kinds, kept

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        async with self._database.writing() as session:
            address = await _address(session, request) if request.keep_address and ContactRow in self._kinds else None
            rows = 0
            for kind, own in _own(self._kinds, request.account_id):
                if kind is ContactRow and address:
                    own = own & (col(ContactRow.id) != address)
                rows += await _count(session, kind, own)
                await session.execute(delete(kind).where(own))
        kept = "the address for the confirmation, until it is sent" if address else self._kept
        return Erased(store=self._name, what=self._what, rows=rows, kept=kept)

    async def remains(self, account_id: str) -> int:
        """See ErasableStore."""
        async with self._database.reading() as session:
            return sum([await _count(session, kind, own) for kind, own in _own(self._kinds, account_id)])


class Archives:
    """ErasableStore over the archives of exports."""

    def __init__(self, exports: ExportsPort) -> None:
        self._exports = exports

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        gone = await self._exports.erase(request.account_id)
        return Erased(store="exports", what="archives that were prepared for the customer", rows=gone)

    async def remains(self, account_id: str) -> int:
        """See ErasableStore."""
        return await self._exports.remains(account_id)


class Product:
    """ErasableStore over the product's own data."""

    def __init__(self, source: ProductDataPort) -> None:
        self._source = source

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        rows = await asyncio.to_thread(self._source.erase, request.account_id)
        return Erased(store="product", what="everything that the customer made in the product", rows=rows)

    async def remains(self, account_id: str) -> int:
        """See ErasableStore."""

        def left() -> int:
            return sum(1 for table in self._source.tables() for _ in self._source.rows(table, account_id, None))

        return await asyncio.to_thread(left)


def embedded_stores(
    database: Database, exports: ExportsPort, source: ProductDataPort
) -> tuple[Tables | Archives | Product, ...]:
    """Every store of the embedded parts that holds data of customers."""
    return (
        Product(source),
        Archives(exports),
        Tables(
            database,
            "crm",
            "contacts, notes, people with access",
            (ContactRow, NoteRow, AccessRow),
            "the name of the company and the dates of the contract, for the books",
        ),
        Tables(database, "facts", "usage, tickets, NPS answers, signals", (UsageRow, TicketRow, NpsRow, InboundRow)),
        Tables(database, "mail", "letters, drafts, and what came in about leaving", (DraftRow, OutboxRow, ArrivalRow)),
        Tables(
            database,
            "documents",
            "briefs, reports and review pages",
            (DocumentRow,),
            "case records without letters and contacts, as evidence of what was owed; invoices, for tax law",
        ),
    )


def _own(kinds: Sequence[type[SQLModel]], account_id: str) -> list[Condition]:
    """What of these tables belongs to the account; a letter belongs to it by its case."""
    cases = select(CaseRow.case_id).where(CaseRow.account_id == account_id)
    found: list[Condition] = []
    for kind in kinds:
        if kind is OutboxRow:
            found.append((kind, col(OutboxRow.case_id).in_(cases)))
        else:
            found.append((kind, kind.account_id == account_id))  # type: ignore[attr-defined]
    return found


async def _count(session: AsyncSession, kind: type[SQLModel], own: ColumnElement[bool]) -> int:
    return int(await session.scalar(select(func.count()).select_from(kind).where(own)) or 0)


async def _address(session: AsyncSession, request: EraseData) -> str | None:
    account = await session.get(AccountRow, request.account_id)
    return account.contact_id if account else None
