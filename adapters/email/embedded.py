"""Mail without a mail server: letters stay in the outbox, where they can be read."""

from __future__ import annotations

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.email.outbox import put_letter
from adapters.rows import once
from models.letter import Letter, OutboxState
from models.work import Receipt


class EmbeddedEmail:
    """EmailPort that delivers into the outbox of the database."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def check(self) -> str:
        """See EmailPort; the outbox is there where the database is."""
        return ""

    async def send(self, letter: Letter, key: str) -> Receipt:
        """See EmailPort."""
        at = self._now()
        async with self._database.writing() as session:

            async def deliver() -> str:
                return (await put_letter(session, key, letter, OutboxState.SENT, at)).message_id

            return await once(session, key, at, deliver)
