"""Facts in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from adapters.database import Database
from adapters.facts.listing import of_figure, of_inbound, of_nps, of_payment, of_ticket
from adapters.rows import flat, upsert
from models.account import Money
from models.base import Record, Utc
from models.facts import Figure, InboundFact, KnownFact, NpsAnswer, Origin, Payment, Ticket
from models.tables import FigureRow, InboundRow, NpsRow, PaymentRow, TicketRow

RowT = TypeVar("RowT", bound=SQLModel)


class EmbeddedFacts:
    """FactsPort on our own tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_tickets(self, tickets: Sequence[Ticket], origin: Origin) -> None:
        """See FactsPort."""
        await self._put(TicketRow, [flat(one) for one in tickets], origin)

    async def put_nps(self, answers: Sequence[NpsAnswer], origin: Origin) -> None:
        """See FactsPort."""
        await self._put(NpsRow, [flat(one) for one in answers], origin)

    async def put_inbound(self, facts: Sequence[InboundFact], origin: Origin) -> None:
        """See FactsPort."""
        await self._put(InboundRow, [flat(one) for one in facts], origin)

    async def put_payments(self, payments: Sequence[Payment], origin: Origin) -> None:
        """See FactsPort."""
        await self._put(PaymentRow, [_payment_columns(one) for one in payments], origin)

    async def put_figures(self, figures: Sequence[Figure], origin: Origin) -> None:
        """See FactsPort."""
        await self._put(FigureRow, [flat(one) for one in figures], origin)

    async def tickets(self, account_id: str) -> tuple[Ticket, ...]:
        """See FactsPort."""
        rows = await self._of(TicketRow, account_id, TicketRow.opened_at, TicketRow.id)
        return tuple(_record(Ticket, row) for row in rows)

    async def nps(self, account_id: str) -> tuple[NpsAnswer, ...]:
        """See FactsPort."""
        return tuple(
            _record(NpsAnswer, row) for row in await self._of(NpsRow, account_id, NpsRow.at, NpsRow.contact_id)
        )

    async def inbound(self, since: Utc | None = None, account_id: str | None = None) -> tuple[InboundFact, ...]:
        """See FactsPort."""
        wanted = select(InboundRow).order_by(col(InboundRow.at), col(InboundRow.id))
        if since is not None:
            wanted = wanted.where(col(InboundRow.at) >= since)
        if account_id is not None:
            wanted = wanted.where(col(InboundRow.account_id) == account_id)
        async with self._database.reading() as session:
            return tuple(_record(InboundFact, row) for row in await session.scalars(wanted))

    async def payments(self, account_id: str) -> tuple[Payment, ...]:
        """See FactsPort."""
        return tuple(_payment(row) for row in await self._of(PaymentRow, account_id, PaymentRow.due_on, PaymentRow.id))

    async def figures(self, account_id: str) -> tuple[Figure, ...]:
        """See FactsPort."""
        by = (FigureRow.day, FigureRow.kind, FigureRow.name)
        return tuple(_record(Figure, row) for row in await self._of(FigureRow, account_id, *by))

    async def known(self, account_id: str) -> tuple[KnownFact, ...]:
        """See FactsPort."""
        found = [of_ticket(row) for row in await self._of(TicketRow, account_id)]
        found += [of_nps(row) for row in await self._of(NpsRow, account_id)]
        found += [of_inbound(row) for row in await self._of(InboundRow, account_id)]
        found += [of_payment(_payment(row), row) for row in await self._of(PaymentRow, account_id)]
        found += [of_figure(row) for row in await self._of(FigureRow, account_id)]
        return tuple(sorted(found, key=lambda fact: (fact.at or date.min, fact.what, fact.text)))

    async def _of(self, kind: type[RowT], account_id: str, *by: Any) -> tuple[RowT, ...]:
        wanted = select(kind).where(kind.account_id == account_id)  # type: ignore[attr-defined]
        async with self._database.reading() as session:
            return tuple(await session.scalars(wanted.order_by(*(col(column) for column in by))))

    async def _put(self, kind: type[SQLModel], facts: Sequence[dict[str, Any]], origin: Origin) -> None:
        rows = [kind(**fact, **flat(origin)) for fact in facts]
        async with self._database.writing() as session:
            await upsert(session, rows, beside=tuple(Origin.model_fields))


RecordT = TypeVar("RecordT", bound=Record)


def _record(kind: type[RecordT], row: SQLModel) -> RecordT:
    return kind.model_validate(row, from_attributes=True)


def _payment_columns(payment: Payment) -> dict[str, Any]:
    amount = payment.amount
    money = {"amount_minor": amount.minor, "currency": amount.currency} if amount else {}
    return {name: value for name, value in flat(payment).items() if name != "amount"} | money


def _payment(row: PaymentRow) -> Payment:
    known = row.amount_minor is not None
    amount = Money(minor=row.amount_minor or 0, currency=row.currency) if known else None
    return Payment.model_validate(row.model_dump() | {"amount": amount})
