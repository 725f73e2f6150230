"""The stores of the embedded parts that hold data of customers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import and_, delete, func, not_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlmodel import SQLModel, col, select

from adapters.database import Database
from adapters.erasure.naming import naming
from adapters.erasure.port import ErasableStore
from adapters.erasure.records import CaseRecords
from adapters.exports.port import ExportsPort
from adapters.product_data.port import ProductDataPort
from models.erasing import EraseData
from models.retention import Erased, ErasureMethod
from models.tables import (
    AccessRow,
    AccountRow,
    AlertRow,
    ArrivalRow,
    CaseRow,
    ContactRow,
    DocumentRow,
    DraftRow,
    FigureRow,
    InboundRow,
    NoteRow,
    NpsRow,
    OutboxRow,
    PaymentRow,
    ReceivedRow,
    ScimHeldRow,
    StreamRow,
    TaskRow,
    TicketRow,
)

Belongs = Callable[[EraseData], ColumnElement[bool]]
_FACTS = "usage, tickets, NPS answers, signals, figures, payments, health, alerts"
_OF_STAFF = ("/send_digest/", "/notify_team/")


class Tables:
    """ErasableStore over rows of our own database that belong to an account."""

    keeps_all = False

    def __init__(
        self, database: Database, name: str, what: str, kinds: Sequence[type[SQLModel]], kept: str = ""
    ) -> None:
        self._database = database
        self.name, self._what, self.kinds, self.kept = name, what, kinds, kept

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        async with self._database.writing() as session:
            rows = sum([await _count(session, kind, request) for kind in self.kinds])
            for kind in self.kinds:
                await session.execute(delete(kind).where(_own(kind, request)))
            if ContactRow in self.kinds:
                await _forget_why_bought(session, request)
        spared = request.keep_address and ContactRow in self.kinds
        return Erased(store=self.name, what=self._what, rows=rows, kept="address" if spared else self.kept)

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        async with self._database.reading() as session:
            return sum([await _count(session, kind, request) for kind in self.kinds])


class Archives:
    """ErasableStore over the archives of exports."""

    name, keeps_all, kept = "exports", False, ""

    def __init__(self, exports: ExportsPort) -> None:
        self._exports = exports

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        gone = await self._exports.erase(request.account_id)
        return Erased(store=self.name, what="archives that were prepared for the customer", rows=gone)

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        return await self._exports.remains(request.account_id)


class Product:
    """ErasableStore over the product's own data."""

    name, keeps_all, kept = "product", False, ""

    def __init__(self, source: ProductDataPort) -> None:
        self._source = source

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        rows = await asyncio.to_thread(self._source.erase, request.account_id)
        return Erased(store=self.name, what="everything that the customer made in the product", rows=rows)

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""

        def left() -> int:
            return sum(1 for table in self._source.tables() for _ in self._source.rows(table, request.account_id, None))

        return await asyncio.to_thread(left)


class History(Protocol):
    """A history by account and day."""

    async def erase(self, account_id: str) -> int:
        """Delete every day of an account; gives how many there were."""
        ...

    async def remains(self, account_id: str) -> int:
        """How many days of an account there are in any file."""
        ...


class WithHistories:
    """ErasableStore over facts in tables, together with the histories of product use and of health."""

    keeps_all = False

    def __init__(self, tables: Tables, histories: Sequence[History]) -> None:
        self._tables, self._histories = tables, histories
        self.name, self.kept, self.kinds = tables.name, tables.kept, tables.kinds

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        days = sum([await history.erase(request.account_id) for history in self._histories])
        done = await self._tables.erase(request)
        return done.model_copy(update={"rows": done.rows + days})

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        days = [await history.remains(request.account_id) for history in self._histories]
        return sum(days) + await self._tables.remains(request)


class WithSharedPages:
    """ErasableStore over pages, together with the lines that reviews of many accounts have of this one."""

    keeps_all = False

    def __init__(self, database: Database, tables: Tables) -> None:
        self._database, self._tables = database, tables
        self.name, self.kept, self.kinds = tables.name, tables.kept, tables.kinds

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore. The pages stay for what they say of others."""
        async with self._database.writing() as session:
            named = await naming(session, request.account_id)
            pages = await named.pages(session)
            for page in pages:
                page.text = named.without(page.text)
        done = await self._tables.erase(request)
        return done.model_copy(update={"rows": done.rows + len(pages)})

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        async with self._database.reading() as session:
            pages = await (await naming(session, request.account_id)).pages(session)
        return len(pages) + await self._tables.remains(request)


class KeptWhole:
    """ErasableStore over what is not deleted at all; the certificate says so, and why."""

    keeps_all = True

    def __init__(self, name: str, what: str, kept: str) -> None:
        self.name, self._what, self.kept = name, what, kept

    async def erase(self, _: EraseData) -> Erased:
        """See ErasableStore."""
        return Erased(store=self.name, what=self._what, rows=0, method=ErasureMethod.KEPT, kept=self.kept)

    async def remains(self, _: EraseData) -> int:
        """See ErasableStore."""
        return 0


def embedded_stores(
    database: Database, exports: ExportsPort, source: ProductDataPort, histories: Sequence[History]
) -> tuple[ErasableStore, ...]:
    """Every store of the embedded parts that holds data of customers."""
    people = (ContactRow, NoteRow, TaskRow, AccessRow, ScimHeldRow)
    facts = (TicketRow, NpsRow, InboundRow, PaymentRow, FigureRow, StreamRow, ReceivedRow, AlertRow)
    return (
        Product(source),
        Archives(exports),
        Tables(database, "crm", "contacts, notes, finished tasks, people with access", people, "contract"),
        WithHistories(
            Tables(database, "facts", _FACTS, facts),
            histories,
        ),
        Tables(database, "mail", "letters, drafts, and what came in about leaving", (OutboxRow, DraftRow, ArrivalRow)),
        WithSharedPages(database, Tables(database, "documents", "briefs, reports and review pages", (DocumentRow,))),
        CaseRecords(database),
        KeptWhole("billing", "invoices, credits and refunds", "tax_law"),
        KeptWhole("workflows", "histories of the cases on the workflow server", "server_retention"),
    )


def _own(kind: type[SQLModel], request: EraseData) -> ColumnElement[bool]:
    """What of a table belongs to the account and is not spared."""
    return _SPECIAL[kind](request) if kind in _SPECIAL else kind.account_id == request.account_id  # type: ignore[attr-defined]


def _letters(request: EraseData) -> ColumnElement[bool]:
    """A letter belongs to the account by its case or its draft; of those to our own people only the deletion's own stay."""
    cases = select(CaseRow.case_id).where(CaseRow.account_id == request.account_id)
    drafted = select(DraftRow.case_id).where(DraftRow.account_id == request.account_id)
    of_staff = (col(OutboxRow.key).contains(part, autoescape=True) for part in _OF_STAFF)
    own = and_(col(OutboxRow.case_id) == request.case_id, or_(*of_staff))
    return and_(col(OutboxRow.case_id).in_(cases.union(drafted)), not_(own))


def _contacts(request: EraseData) -> ColumnElement[bool]:
    own = col(ContactRow.account_id) == request.account_id
    first = select(func.min(ContactRow.id)).where(own).scalar_subquery()
    named = select(ContactRow.id).where(own, col(ContactRow.id) == request.written_to).scalar_subquery()
    address = select(func.coalesce(named, AccountRow.contact_id, first)).where(col(AccountRow.id) == request.account_id)
    return and_(own, col(ContactRow.id).not_in(address)) if request.keep_address else own


def _tasks(request: EraseData) -> ColumnElement[bool]:
    """What is still to be done stays, and so does what the deletion itself asked of people, which proves it."""
    own = and_(col(TaskRow.account_id) == request.account_id, col(TaskRow.case_id) != request.case_id)
    return and_(own, not_(col(TaskRow.open)))


_SPECIAL: dict[type[SQLModel], Belongs] = {OutboxRow: _letters, ContactRow: _contacts, TaskRow: _tasks}


async def _forget_why_bought(session: AsyncSession, request: EraseData) -> None:
    """The account stays for the accounts department, without what was noted of the reason to buy."""
    account = await session.get(AccountRow, request.account_id)
    if account:
        account.bought_for = ""


async def _count(session: AsyncSession, kind: type[SQLModel], request: EraseData) -> int:
    return int(await session.scalar(select(func.count()).select_from(kind).where(_own(kind, request))) or 0)
