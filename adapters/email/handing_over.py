"""Handing a letter to a service that knows no keys: what is known of it before, and what is noted around the act."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from adapters.clock import Now
from adapters.database import Database
from adapters.email.outbox import put_letter
from models.case import RefusalType
from models.faults import PermanentFault, TransientFault
from models.letter import Letter, OutboxState
from models.tables import OutboxRow
from models.work import Receipt

_UNDER_WAY = timedelta(seconds=30)
"""Longer than any attempt takes: a hand-over that said nothing for so long ended without a word."""


class HandOver:
    """The outbox as the record of a hand-over: ``unsure`` is written before it, the outcome after it.

    Whoever is killed in between leaves ``unsure`` behind, and nobody hands over such a letter again.
    """

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def before(self, letter: Letter, key: str) -> Receipt | str:
        """The first receipt of a letter that left, or the Message-ID of one that may be handed over.

        Raises ``PermanentFault(UnknownDelivery)`` for one that may have left, and ``TransientFault`` while another
        attempt is at it.
        """
        async with self._database.writing() as session:
            row = await session.get(OutboxRow, key)
            if row is None:
                row = await put_letter(session, key, letter, OutboxState.QUEUED, self._now())
            if row.state == OutboxState.SENT:
                return Receipt(id=row.receipt, at=row.sent_at or row.changed_at, replayed=True)
            if row.state == OutboxState.UNSURE:
                self._refuse(row)
            return row.message_id

    async def begin(self, key: str) -> None:
        """From here on the letter may have left. Raises ``TransientFault`` where another attempt was quicker."""
        if not await self._turn(key, OutboxState.UNSURE, (OutboxState.SENT, OutboxState.UNSURE)):
            raise TransientFault(_AT_IT)

    async def not_taken(self, key: str) -> None:
        """The service said no: the letter may be handed over again."""
        await self._turn(key, OutboxState.QUEUED, (OutboxState.SENT,))

    async def taken(self, key: str, message_id: str) -> Receipt:
        """The service said yes."""
        at = self._now()
        await self._turn(key, OutboxState.SENT, (OutboxState.SENT,), receipt=message_id, sent_at=at)
        return Receipt(id=message_id, at=at)

    async def _turn(self, key: str, state: OutboxState, unless: tuple[OutboxState, ...], **more: object) -> bool:
        """Write the state of a letter unless it is in one of those; whether it was written."""
        change = update(OutboxRow).where(col(OutboxRow.key) == key, col(OutboxRow.state).not_in(unless))
        values = {"state": state, "note": "", "changed_at": self._now()} | more
        async with self._database.writing() as session:
            changed = await session.execute(change.values(**values).returning(col(OutboxRow.key)))
            return changed.scalar_one_or_none() is not None

    def _refuse(self, row: OutboxRow) -> None:
        """A note says that the outcome is known to be unknown; without one an attempt may still be at it."""
        if not row.note and self._now() - row.changed_at < _UNDER_WAY:
            raise TransientFault(_AT_IT)
        raise unknown_delivery(row.letter.case_id, row.key, row.message_id)


_AT_IT = "email: another attempt is handing over this letter at this moment; it is looked at again when that has ended"


def unknown_delivery(case_id: str, key: str, message_id: str) -> PermanentFault:
    """The fault of a letter that may have arrived: what a person finds out, and how they say it."""
    return PermanentFault(
        RefusalType.UNKNOWN_DELIVERY,
        f"Email, case {case_id or 'none'}: the letter may have arrived or not, since the mail server's answer was lost. "
        f"Look for the Message-ID <{message_id}> in the server's log or ask the recipient; say what you found with "
        f"'outbox settle {key} --arrived' or '--lost', then send it again: one that arrived is only noted as sent.",
    )
