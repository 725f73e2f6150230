"""The outbox and the kill switch: what was meant to leave, what left, and what is kept back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import insert_new, upsert
from models.letter import Letter, Mailbox, OutboundSwitch, OutboxEntry, OutboxState
from models.tables import DraftRow, OutboxRow, SwitchRow

_SWITCH = "outbound"


def message_id(key: str, sender: Mailbox) -> str:
    """The Message-ID of the letter of a key, without angle brackets; the same key gives the same id."""
    domain = sender.address.rpartition("@")[2]
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}"


class Outbox:
    """Letters by key, readable by people; and the one switch that stops them all."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self.database = database
        self.now = now

    async def entries(
        self, states: Sequence[OutboxState] = (), cases: Sequence[str] | None = None, limit: int = 500
    ) -> tuple[OutboxEntry, ...]:
        """The letters, the latest change first; narrowed to states and to cases (by their ids) where they are given."""
        wanted = select(OutboxRow).order_by(col(OutboxRow.changed_at).desc(), col(OutboxRow.key)).limit(limit)
        if states:
            wanted = wanted.where(col(OutboxRow.state).in_(states))
        if cases is not None:
            wanted = wanted.where(col(OutboxRow.case_id).in_(cases))
        async with self.database.reading() as session:
            found = await session.scalars(wanted)
            return tuple(OutboxEntry.model_validate(row, from_attributes=True) for row in found)

    async def written_under(self, account_id: str) -> tuple[str, ...]:
        """The ids under which letters to a customer were drafted: of cases, and of outreach, which has none."""
        wanted = select(DraftRow.case_id).where(col(DraftRow.account_id) == account_id).distinct()
        async with self.database.reading() as session:
            return tuple(sorted(await session.scalars(wanted)))

    async def sent(self, since: datetime, until: datetime) -> tuple[OutboxEntry, ...]:
        """The letters that went out from ``since`` until before ``until`` (UTC), by the moment."""
        in_days = (col(OutboxRow.sent_at) >= since, col(OutboxRow.sent_at) < until)
        wanted = select(OutboxRow).where(col(OutboxRow.state) == OutboxState.SENT, *in_days)
        async with self.database.reading() as session:
            found = await session.scalars(wanted.order_by(col(OutboxRow.sent_at), col(OutboxRow.key)))
            return tuple(OutboxEntry.model_validate(row, from_attributes=True) for row in found)

    async def entry(self, key: str) -> OutboxEntry | None:
        """The letter of a key, or None."""
        async with self.database.reading() as session:
            row = await session.get(OutboxRow, key)
            return OutboxEntry.model_validate(row, from_attributes=True) if row else None

    async def switch(self) -> OutboundSwitch:
        """Whether the outbound is paused, by whom, why and since when."""
        async with self.database.reading() as session:
            row = await session.get(SwitchRow, _SWITCH)
            return OutboundSwitch.model_validate(row, from_attributes=True) if row else OutboundSwitch()

    async def pause(self, by: str, reason: str) -> OutboundSwitch:
        """Nothing leaves from now on; what is due waits."""
        return await self._turn(OutboundSwitch(paused=True, by=by, reason=reason, at=self.now()))

    async def resume(self, by: str) -> OutboundSwitch:
        """Letters leave again."""
        return await self._turn(OutboundSwitch(paused=False, by=by, at=self.now()))

    async def _turn(self, switch: OutboundSwitch) -> OutboundSwitch:
        async with self.database.writing() as session:
            await upsert(session, [SwitchRow(name=_SWITCH, **dict(switch))])
        return switch

    async def mark(self, key: str, state: OutboxState, note: str = "", receipt: str = "") -> None:
        """Note what became of a letter that is in the outbox; one that was sent stays sent."""
        at = self.now()
        sent_at = at if state is OutboxState.SENT else None
        change = update(OutboxRow).where(col(OutboxRow.key) == key, col(OutboxRow.state) != OutboxState.SENT)
        async with self.database.writing() as session:
            await session.execute(
                change.values(state=state, note=note, receipt=receipt, changed_at=at, sent_at=sent_at)
            )

    async def settle(self, key: str, arrived: bool, by: str) -> OutboxEntry | None:
        """Note what a person found out about a letter that may have left; None where there is no such unsure letter.

        One that arrived counts as sent, and its key gives that receipt. One that was lost may leave again.
        """
        at, state = self.now(), OutboxState.SENT if arrived else OutboxState.QUEUED
        note = f"{by} found out that it {'arrived' if arrived else 'was lost'}"
        async with self.database.writing() as session:
            row = await session.get(OutboxRow, key, with_for_update=True)
            if row is None or row.state != OutboxState.UNSURE:
                return None
            row.state, row.note, row.changed_at = state, note, at
            row.receipt, row.sent_at = (row.message_id, at) if arrived else ("", None)
        return await self.entry(key)


async def locked_switch(session: AsyncSession) -> SwitchRow:
    """The switch, held until the transaction ends, so that letters are admitted one after the other."""
    await insert_new(session, [SwitchRow(name=_SWITCH)])
    return await session.get_one(SwitchRow, _SWITCH)


async def put_letter(
    session: AsyncSession, key: str, letter: Letter, state: OutboxState, at: datetime, note: str = ""
) -> OutboxRow:
    """Write the row of a letter in a transaction of the caller; a first Message-ID is kept. Gives the row."""
    present = await session.get(OutboxRow, key)
    row = OutboxRow(
        key=key,
        message_id=present.message_id if present else message_id(key, letter.sender),
        state=state,
        letter=letter,
        case_id=letter.case_id,
        note=note,
        queued_at=at,
        changed_at=at,
        sent_at=at if state is OutboxState.SENT else None,
    )
    row.receipt = row.message_id if state is OutboxState.SENT else ""
    await upsert(session, [row])
    return row
