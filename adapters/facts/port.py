"""What Followthrough needs to know from the product, the help desk and the surveys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from models.base import Utc
from models.facts import InboundFact, NpsAnswer, Ticket, UsageFact


class FactsPort(Protocol):
    """Facts by their natural keys: putting one again replaces it, so that an import may run twice."""

    async def put_usage(self, facts: Sequence[UsageFact]) -> None:
        """Add or replace measures of product use."""
        ...

    async def put_tickets(self, tickets: Sequence[Ticket]) -> None:
        """Add or replace support tickets."""
        ...

    async def put_nps(self, answers: Sequence[NpsAnswer]) -> None:
        """Add or replace NPS answers."""
        ...

    async def put_inbound(self, facts: Sequence[InboundFact]) -> None:
        """Add or replace inbound facts."""
        ...

    async def usage(self, account_id: str, since: date, until: date) -> tuple[UsageFact, ...]:
        """The measures of the days from ``since`` until before ``until``, by day and metric."""
        ...

    async def tickets(self, account_id: str) -> tuple[Ticket, ...]:
        """The tickets of an account, the oldest first."""
        ...

    async def nps(self, account_id: str) -> tuple[NpsAnswer, ...]:
        """The NPS answers of an account, the oldest first."""
        ...

    async def inbound(self, since: Utc | None = None) -> tuple[InboundFact, ...]:
        """The inbound facts from ``since`` on (all of them without it), the oldest first."""
        ...
