"""What Followthrough needs to know from the help desk, the surveys, the bank, and of what people hear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.base import Utc
from models.facts import Figure, InboundFact, KnownFact, NpsAnswer, Origin, Payment, Ticket


class FactsPort(Protocol):
    """Facts by their natural keys: putting one again replaces it, so that an import may run twice.

    A fact that says the same as before keeps the origin that it had first.
    """

    async def put_tickets(self, tickets: Sequence[Ticket], origin: Origin) -> None:
        """Add or replace support tickets."""
        ...

    async def put_nps(self, answers: Sequence[NpsAnswer], origin: Origin) -> None:
        """Add or replace NPS answers."""
        ...

    async def put_inbound(self, facts: Sequence[InboundFact], origin: Origin) -> None:
        """Add or replace inbound facts."""
        ...

    async def put_payments(self, payments: Sequence[Payment], origin: Origin) -> None:
        """Add or replace payments."""
        ...

    async def put_figures(self, figures: Sequence[Figure], origin: Origin) -> None:
        """Add or replace sub-metrics and KPIs."""
        ...

    async def tickets(self, account_id: str) -> tuple[Ticket, ...]:
        """The tickets of an account, the oldest first."""
        ...

    async def nps(self, account_id: str) -> tuple[NpsAnswer, ...]:
        """The NPS answers of an account, the oldest first."""
        ...

    async def inbound(self, since: Utc | None = None, account_id: str | None = None) -> tuple[InboundFact, ...]:
        """The inbound facts from ``since`` on (all of them without it), of one account or of all, the oldest first."""
        ...

    async def payments(self, account_id: str) -> tuple[Payment, ...]:
        """The payments of an account, the oldest first."""
        ...

    async def figures(self, account_id: str) -> tuple[Figure, ...]:
        """The sub-metrics and KPIs of an account, by day, kind and name."""
        ...

    async def known(self, account_id: str) -> tuple[KnownFact, ...]:
        """Every fact of an account with where it came from and when it was received, the oldest first."""
        ...
