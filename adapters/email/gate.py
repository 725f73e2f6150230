"""The gate before every mail service: who may be written to, how many an hour, and the kill switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.email.outbox import Outbox, locked_switch, put_letter
from adapters.email.port import EmailPort
from models.base import Record
from models.faults import Held, PermanentFault
from models.letter import Letter, OutboundSwitch, OutboxEntry, OutboxState
from models.tables import OutboxRow
from models.work import Receipt

HOUR = timedelta(hours=1)


class GateRules(Record):
    """What the gate lets through.

    ``allow`` lists addresses and ``@domains``; None means everyone. ``per_hour`` caps the letters of any 60
    minutes; None means no cap. ``look_again`` is how long a letter waits that the switch or the list kept back.
    """

    allow: tuple[str, ...] | None = None
    per_hour: int | None = Field(default=None, ge=1)
    look_again: timedelta = timedelta(minutes=15)

    def allows(self, address: str) -> bool:
        """Whether an address is on the list, by itself or by its domain; capitals do not matter."""
        plain = address.lower()
        domain = "@" + plain.rpartition("@")[2]
        return self.allow is None or any(entry.lower() in (plain, domain) for entry in self.allow)


class OutboundGate:
    """An EmailPort around another one. What it keeps back stays in the outbox as held and raises ``Held``."""

    def __init__(self, inner: EmailPort, outbox: Outbox, rules: GateRules) -> None:
        self._inner = inner
        self._outbox = outbox
        self._rules = rules

    async def send(self, letter: Letter, key: str) -> Receipt:
        """See EmailPort. Raises ``Held`` with the moment from which trying again makes sense (wall clock, UTC)."""
        admitted = await self._admit(letter, key)
        if isinstance(admitted, Held):
            raise admitted
        if isinstance(admitted, Receipt):
            return admitted
        try:
            receipt = await self._inner.send(letter, key)
        except PermanentFault as fault:
            await self._outbox.mark(key, OutboxState.FAILED, note=fault.sentence)
            raise
        await self._outbox.mark(key, OutboxState.SENT, receipt=receipt.id)
        return receipt

    async def check(self) -> str:
        """See EmailPort."""
        return await self._inner.check()

    async def pause(self, by: str, reason: str) -> OutboundSwitch:
        """Turn the kill switch: nothing leaves, everything waits."""
        return await self._outbox.pause(by, reason)

    async def resume(self, by: str) -> OutboundSwitch:
        """Turn it back."""
        return await self._outbox.resume(by)

    async def outbox(
        self, states: Sequence[OutboxState] = (), cases: Sequence[str] | None = None
    ) -> tuple[OutboxEntry, ...]:
        """The letters, the latest change first."""
        return await self._outbox.entries(states, cases)

    async def _admit(self, letter: Letter, key: str) -> Receipt | Held | None:
        """One transaction: the first receipt, the reason to wait, or the intent row and leave to send (None)."""
        at = self._outbox.now()
        async with self._outbox.database.writing() as session:
            switch = await locked_switch(session)
            present = await session.get(OutboxRow, key)
            if present and present.state == OutboxState.SENT:
                return Receipt(id=present.receipt, at=present.sent_at or present.changed_at, replayed=True)
            held = self._stopped(letter, switch.paused, at) or await self._capped(session, key, at)
            state = OutboxState.HELD if held else OutboxState.QUEUED
            await put_letter(session, key, letter, state, at, note=held.sentence if held else "")
            return held

    def _stopped(self, letter: Letter, paused: bool, at: datetime) -> Held | None:
        until = at + self._rules.look_again
        if paused:
            return Held(until, "outgoing mail is paused; it leaves once somebody resumes it")
        if not self._rules.allows(letter.to.address):
            return Held(until, "the recipient is not on the allow-list; add the address or its @domain to let it leave")
        return None

    async def _capped(self, session: AsyncSession, key: str, at: datetime) -> Held | None:
        """Counts letters on their way as well, so that two sends at once cannot both take the last place."""
        if self._rules.per_hour is None:
            return None
        counted = col(OutboxRow.state).in_((OutboxState.SENT, OutboxState.QUEUED))
        recent = (col(OutboxRow.queued_at) > at - HOUR, col(OutboxRow.key) != key)
        wanted = select(OutboxRow.queued_at).where(counted, *recent).order_by(col(OutboxRow.queued_at).desc())
        newest = tuple(await session.scalars(wanted.limit(self._rules.per_hour)))
        if len(newest) < self._rules.per_hour:
            return None
        return Held(newest[-1] + HOUR, f"{self._rules.per_hour} letters left within the hour, which is the limit")
