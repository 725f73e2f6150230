"""Reports of sweeps in the database."""

from __future__ import annotations

from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import upsert
from models.faults import PermanentFault
from models.sweep import SweepReport
from models.tables import SweepRow

UNKNOWN = "UnknownSweep"


class EmbeddedSweeps:
    """SweepsPort on our own table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, report: SweepReport) -> None:
        """See SweepsPort."""
        async with self._database.writing() as session:
            await upsert(session, [SweepRow(id=report.id, at=report.at, report=report)])

    async def latest(self, limit: int) -> tuple[SweepReport, ...]:
        """See SweepsPort."""
        query = select(SweepRow).order_by(col(SweepRow.at).desc()).limit(limit)
        async with self._database.reading() as session:
            return tuple(row.report for row in await session.scalars(query))

    async def report(self, sweep_id: str) -> SweepReport:
        """See SweepsPort."""
        async with self._database.reading() as session:
            row = await session.get(SweepRow, sweep_id)
        if row is None:
            raise PermanentFault(UNKNOWN, f"there is no sweep '{sweep_id}'; 'detection sweeps' lists them")
        return row.report
