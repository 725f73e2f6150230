"""What Followthrough keeps of its sweeps of the portfolio."""

from __future__ import annotations

from typing import Protocol

from models.sweep import SweepReport


class SweepsPort(Protocol):
    """Reports by the id of their sweep."""

    async def put(self, report: SweepReport) -> None:
        """Keep a report, or replace what was known of that sweep."""
        ...

    async def latest(self, limit: int) -> tuple[SweepReport, ...]:
        """The last sweeps, the newest first."""
        ...

    async def report(self, sweep_id: str) -> SweepReport:
        """One sweep. Raises ``PermanentFault(UnknownSweep)`` without it."""
        ...
