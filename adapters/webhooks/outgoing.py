"""The register of events for other systems; who announces them does so in the transaction of what they tell."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import insert_new, stable_id
from models.alerts import AlertEntry, RiskLevel
from models.base import Utc
from models.book import BookBatch
from models.faults import PermanentFault
from models.tables import OutgoingRow
from models.webhooks import Announced, EventName, Outgoing, OutgoingState

T = TypeVar("T")
_AT_ONCE = 500


def of_batch(batch: BookBatch) -> tuple[Announced, ...]:
    """What a batch of the book tells other systems."""
    case = batch.case
    own = {"kind": case.kind, "workflow_id": case.workflow_id}
    return tuple(
        Announced(
            key=f"{case.case_id}/{event.n}/{event.name}",
            stream=case.case_id,
            name=event.name,
            at=event.at,
            account_id=case.account_id,
            case_id=case.case_id,
            facts=own | ({"step_id": event.step} if event.step else {}),
        )
        for event in batch.events
    )


def of_alerts(alerts: Sequence[AlertEntry]) -> tuple[Announced, ...]:
    """What new alerts tell other systems: each that is a risk."""
    return tuple(
        Announced(
            key=alert.id,
            stream=f"alerts:{alert.account_id}",
            name=EventName.RISK_DETECTED,
            at=alert.raised_at,
            account_id=alert.account_id,
            facts={"alert_id": alert.id, "rule": alert.rule, "level": alert.level},
        )
        for alert in alerts
        if alert.level is not RiskLevel.NONE
    )


async def announce(session: AsyncSession, events: Sequence[Announced], now: datetime) -> None:
    """Put events into the register in the caller's transaction, each once by its key and next in its stream."""
    known = await _known(session, [_id(event) for event in events])
    fresh = [event for event in events if _id(event) not in known]
    places = await _last(session, {event.stream for event in fresh})
    rows = []
    for event in fresh:
        places[event.stream] += 1
        rows.append(_row(event, places[event.stream], now))
    await insert_new(session, rows)


class OutgoingEvents:
    """OutgoingPort on our own table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: Utc, lease: timedelta, limit: int) -> tuple[Outgoing, ...]:
        """See OutgoingPort."""
        due = select(OutgoingRow).where(col(OutgoingRow.due_at) <= now)
        async with self._database.reading() as session:  # the usual answer is nothing, and takes no lock
            if await session.scalar(due.limit(1)) is None:
                return ()
        ordered = due.order_by(col(OutgoingRow.due_at), col(OutgoingRow.stream), col(OutgoingRow.sequence))
        async with self._database.writing() as session:
            rows = (await session.scalars(ordered.limit(limit))).all()
            for row in rows:
                row.due_at, row.attempts = now + lease, row.attempts + 1
            return tuple(_event(row) for row in rows)

    async def settle(self, event_id: str, state: OutgoingState, said: str, at: Utc, due_at: Utc | None) -> None:
        """See OutgoingPort."""
        change = update(OutgoingRow).where(col(OutgoingRow.id) == event_id)
        done = at if state is OutgoingState.DELIVERED else None
        async with self._database.writing() as session:
            await session.execute(change.values(state=state, said=said, due_at=due_at, delivered_at=done))

    async def entries(self, states: Sequence[OutgoingState], case_or_account: str, limit: int) -> tuple[Outgoing, ...]:
        """See OutgoingPort."""
        wanted = select(OutgoingRow).order_by(col(OutgoingRow.at).desc(), col(OutgoingRow.sequence).desc())
        if states:
            wanted = wanted.where(col(OutgoingRow.state).in_(states))
        if case_or_account:
            theirs = (col(OutgoingRow.case_id) == case_or_account, col(OutgoingRow.account_id) == case_or_account)
            wanted = wanted.where(or_(*theirs))
        async with self._database.reading() as session:
            return tuple(_event(row) for row in await session.scalars(wanted.limit(limit)))

    async def entry(self, event_id: str) -> Outgoing:
        """See OutgoingPort."""
        async with self._database.reading() as session:
            return _event(await _found(session, event_id))

    async def replay(self, event_ids: Sequence[str], now: Utc) -> tuple[Outgoing, ...]:
        """See OutgoingPort."""
        async with self._database.writing() as session:
            rows = [await _found(session, event_id) for event_id in event_ids]
            if not event_ids:
                dead = select(OutgoingRow).where(col(OutgoingRow.state) == OutgoingState.DEAD)
                rows = list(await session.scalars(dead.order_by(col(OutgoingRow.stream), col(OutgoingRow.sequence))))
            for row in rows:
                row.state, row.attempts, row.due_at, row.said = OutgoingState.WAITING, 0, now, ""
                row.delivered_at = None
            return tuple(_event(row) for row in rows)

    async def count(self, state: OutgoingState) -> int:
        """See OutgoingPort."""
        async with self._database.reading() as session:
            counted = select(func.count()).select_from(OutgoingRow).where(col(OutgoingRow.state) == state)
            return await session.scalar(counted) or 0


async def _found(session: AsyncSession, event_id: str) -> OutgoingRow:
    row = await session.get(OutgoingRow, event_id)
    if row is None:
        raise PermanentFault("UnknownEvent", f"there is no event '{event_id}'; see 'webhooks list'")
    return row


async def _known(session: AsyncSession, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for some in _pieces(ids):
        known |= set(await session.scalars(select(OutgoingRow.id).where(col(OutgoingRow.id).in_(some))))
    return known


async def _last(session: AsyncSession, streams: set[str]) -> dict[str, int]:
    """The last place in each stream; zero where it has none yet."""
    last: dict[str, int] = defaultdict(int)
    highest = select(OutgoingRow.stream, func.max(OutgoingRow.sequence)).group_by(col(OutgoingRow.stream))
    for some in _pieces(sorted(streams)):
        for stream, place in await session.execute(highest.where(col(OutgoingRow.stream).in_(some))):
            last[stream] = place
    return last


def _pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """A few hundred at a time, since a statement takes only so many values."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _id(event: Announced) -> str:
    return stable_id("evt", event.key)


def _row(event: Announced, place: int, now: datetime) -> OutgoingRow:
    return OutgoingRow(
        id=_id(event),
        **event.model_dump(include={"stream", "name", "account_id", "case_id", "at"}),
        sequence=place,
        body=_body(event, place),
        state=OutgoingState.WAITING,
        due_at=now,
    )


def _body(event: Announced, place: int) -> str:
    """The payload, in the shape that the Standard Webhooks recommend."""
    case = {"case_id": event.case_id} if event.case_id else {}
    data = {"account_id": event.account_id, **case, **event.facts, "sequence": place}
    return json.dumps({"type": event.name, "timestamp": event.at.isoformat(), "data": data})


def _event(row: OutgoingRow) -> Outgoing:
    return Outgoing.model_validate(row, from_attributes=True)
