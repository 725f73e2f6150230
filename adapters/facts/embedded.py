"""Facts in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import SQLModel, col, select

from adapters.database import Database
from adapters.rows import flat, upsert
from models.base import Utc
from models.facts import InboundFact, NpsAnswer, Ticket, UsageFact
from models.tables import InboundRow, NpsRow, TicketRow, UsageRow


class EmbeddedFacts:
    """FactsPort on our own tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_usage(self, facts: Sequence[UsageFact]) -> None:
        """See FactsPort."""
        await self._put([UsageRow(**flat(fact)) for fact in facts])

    async def put_tickets(self, tickets: Sequence[Ticket]) -> None:
        """See FactsPort."""
        await self._put([TicketRow(**flat(ticket)) for ticket in tickets])

    async def put_nps(self, answers: Sequence[NpsAnswer]) -> None:
        """See FactsPort."""
        await self._put([NpsRow(**flat(answer)) for answer in answers])

    async def put_inbound(self, facts: Sequence[InboundFact]) -> None:
        """See FactsPort."""
        await self._put([InboundRow(**flat(fact)) for fact in facts])

    async def usage(self, account_id: str, since: date, until: date) -> tuple[UsageFact, ...]:
        """See FactsPort."""
        days = (col(UsageRow.day) >= since, col(UsageRow.day) < until)
        wanted = select(UsageRow).where(col(UsageRow.account_id) == account_id, *days)
        async with self._database.reading() as session:
            found = await session.scalars(wanted.order_by(col(UsageRow.day), col(UsageRow.metric)))
            return tuple(UsageFact.model_validate(row, from_attributes=True) for row in found)

    async def tickets(self, account_id: str) -> tuple[Ticket, ...]:
        """See FactsPort."""
        wanted = select(TicketRow).where(col(TicketRow.account_id) == account_id)
        async with self._database.reading() as session:
            found = await session.scalars(wanted.order_by(col(TicketRow.opened_at), col(TicketRow.id)))
            return tuple(Ticket.model_validate(row, from_attributes=True) for row in found)

    async def nps(self, account_id: str) -> tuple[NpsAnswer, ...]:
        """See FactsPort."""
        wanted = select(NpsRow).where(col(NpsRow.account_id) == account_id)
        async with self._database.reading() as session:
            found = await session.scalars(wanted.order_by(col(NpsRow.at), col(NpsRow.contact_id)))
            return tuple(NpsAnswer.model_validate(row, from_attributes=True) for row in found)

    async def inbound(self, since: Utc | None = None) -> tuple[InboundFact, ...]:
        """See FactsPort."""
        wanted = select(InboundRow).order_by(col(InboundRow.at), col(InboundRow.id))
        if since is not None:
            wanted = wanted.where(col(InboundRow.at) >= since)
        async with self._database.reading() as session:
            found = await session.scalars(wanted)
            return tuple(InboundFact.model_validate(row, from_attributes=True) for row in found)

    async def _put(self, rows: Sequence[SQLModel]) -> None:
        async with self._database.writing() as session:
            await upsert(session, rows)
