"""What Followthrough needs to keep of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.alerts import AlertEntry
from models.base import Utc
from models.people import PersonId
from models.sweep import Span


class AlertsPort(Protocol):
    """Alerts by their ids. Moments are UTC. What asks for one raises ``PermanentFault(UnknownAlert)`` without it."""

    async def known(self, span: Span) -> tuple[AlertEntry, ...]:
        """The alerts of a span that are open, or whose rule still holds: of each account and rule one."""
        ...

    async def pending(self, span: Span) -> tuple[AlertEntry, ...]:
        """The open alerts of a span that nothing was done about yet, by account.

        One that could not be answered at an earlier moment than that of the span is among them again.
        """
        ...

    async def answered(self, at: Utc) -> tuple[AlertEntry, ...]:
        """The alerts about which something was done, or tried, at that moment, by account: those of one sweep."""
        ...

    async def became(self, at: Utc, weighty: Sequence[str], unanswered: str) -> dict[str, int]:
        """Of those of one sweep, how many accounts became what: the first of ``weighty`` that happened to one.

        An alert that nothing could be done about counts as ``unanswered``, which is one of them.
        """
        ...

    async def raised(self, alerts: Sequence[AlertEntry]) -> None:
        """Add new alerts; one whose account and rule have an open one already, or that is there, is left out (AMB-8)."""
        ...

    async def judged(self, alerts: Sequence[AlertEntry]) -> None:
        """Keep how a sweep found alerts that are there: whether they hold, by which fact, and that they are over.

        What was settled meanwhile stays settled, by whom and why; what was done about them is left alone.
        """
        ...

    async def put(self, alerts: Sequence[AlertEntry]) -> None:
        """Keep what was done about alerts that are there, and nothing else; the first answer to one stays."""
        ...

    async def entries(self, *account_ids: str, open_only: bool = True) -> tuple[AlertEntry, ...]:
        """The alerts of these accounts or of all, the latest first."""
        ...

    async def gravest(
        self, account_id: str | None = None, *, open_only: bool = True, limit: int, skip: int = 0
    ) -> tuple[AlertEntry, ...]:
        """So many alerts, from the nearest to leaving to the farthest; of one level those first that wait longest."""
        ...

    async def entry(self, alert_id: str) -> AlertEntry:
        """One alert."""
        ...

    async def dismiss(self, alert_id: str, by: PersonId, reason: str, at: Utc) -> AlertEntry:
        """A person settles an open alert with a reason (RISK-85).

        Raises ``PermanentFault(IllegalMove)`` for one that is settled already; the same dismissal again changes nothing.
        """
        ...
