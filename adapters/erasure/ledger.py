"""How much each store had to delete, in the database."""

from __future__ import annotations

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import upsert
from models.erasing import Counted
from models.tables import ErasureRow


class EmbeddedErasureLedger:
    """ErasureLedger on our own table."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def counted(self, case_id: str, store: str) -> Counted:
        """See ErasureLedger."""
        async with self._database.reading() as session:
            row = await session.get(ErasureRow, (case_id, store))
            return Counted(rows=row.rows, finished=row.finished) if row else Counted()

    async def note(self, case_id: str, store: str, counted: Counted) -> None:
        """See ErasureLedger."""
        async with self._database.writing() as session:
            await upsert(session, [ErasureRow(case_id=case_id, store=store, at=self._now(), **dict(counted))])
