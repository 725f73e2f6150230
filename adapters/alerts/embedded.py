"""Alerts in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, case, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlmodel import and_, col, not_, or_, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat, insert_new, table_of
from adapters.webhooks.outgoing import announce, of_alerts
from models.alerts import UNANSWERED, AlertEntry, RiskLevel
from models.base import Utc
from models.case import RefusalType
from models.faults import PermanentFault
from models.people import PersonId
from models.sweep import Span
from models.tables import AlertRow

UNKNOWN = "UnknownAlert"
_ALERTS = table_of(AlertRow)
_JUDGED = ("held", "told_at")
_SETTLED = ("open", "settled_at", "settled_by", "reason")
_DONE = ("answered_at", "answer", "written", "case", "happens", "why")
_PIECE = 2_000
"""Alerts that are written in one transaction; a case that writes meanwhile waits for no more than that."""


class EmbeddedAlerts:
    """AlertsPort on our own table; ``announces`` new alerts to other systems, in the same transaction."""

    def __init__(self, database: Database, now: Now = utc_now, *, announces: bool = False) -> None:
        self._database = database
        self._now = now
        self._announces = announces

    async def known(self, span: Span) -> tuple[AlertEntry, ...]:
        """See AlertsPort."""
        counts = or_(col(AlertRow.open), col(AlertRow.held))
        return await self._where(_of(span), counts)

    async def pending(self, span: Span) -> tuple[AlertEntry, ...]:
        """See AlertsPort."""
        tried_now = and_(col(AlertRow.answered_at) >= span.at, col(AlertRow.answered_at).is_not(None))
        return await self._where(_of(span), col(AlertRow.open).is_(True), _unanswered(AlertRow), not_(tried_now))

    async def answered(self, at: Utc) -> tuple[AlertEntry, ...]:
        """See AlertsPort."""
        return await self._where(col(AlertRow.answered_at) == at)

    async def became(self, at: Utc, weighty: Sequence[str], unanswered: str) -> dict[str, int]:
        """See AlertsPort."""
        places = {name: place for place, name in enumerate(weighty)}
        failed = col(AlertRow.answer).startswith(UNANSWERED, autoescape=True)
        place = case((failed, places[unanswered]), else_=case(places, value=col(AlertRow.happens)))
        ranked = select(col(AlertRow.account_id), func.min(place).label("place"))
        first = ranked.where(col(AlertRow.answered_at) == at).group_by(col(AlertRow.account_id)).subquery()
        async with self._database.reading() as session:
            found = await session.execute(select(first.c.place, func.count()).group_by(first.c.place))
            return dict(sorted((weighty[place], count) for place, count in found))

    async def raised(self, alerts: Sequence[AlertEntry]) -> None:
        """See AlertsPort."""
        for piece in _pieces(alerts):
            async with self._database.writing() as session:
                await insert_new(session, [AlertRow(**flat(alert)) for alert in piece])
                if self._announces:
                    await announce(session, of_alerts(piece), self._now())

    async def judged(self, alerts: Sequence[AlertEntry]) -> None:
        """See AlertsPort."""
        await self._change(alerts, _JUDGED)
        await self._change([alert for alert in alerts if not alert.open], _SETTLED, _ALERTS.c.open)

    async def put(self, alerts: Sequence[AlertEntry]) -> None:
        """See AlertsPort."""
        await self._change(alerts, _DONE, _unanswered(_ALERTS.c))

    async def entries(self, *account_ids: str, open_only: bool = True) -> tuple[AlertEntry, ...]:
        """See AlertsPort."""
        wanted = [col(AlertRow.account_id).in_(account_ids)] if account_ids else []
        found = await self._where(*wanted, *([col(AlertRow.open).is_(True)] if open_only else []))
        return tuple(sorted(found, key=lambda alert: alert.raised_at, reverse=True))

    async def gravest(
        self, account_id: str | None = None, *, open_only: bool = True, limit: int, skip: int = 0
    ) -> tuple[AlertEntry, ...]:
        """See AlertsPort."""
        levels = case({level.value: place for place, level in enumerate(RiskLevel)}, value=col(AlertRow.level))
        wanted = [col(AlertRow.account_id) == account_id] if account_id else []
        wanted += [col(AlertRow.open).is_(True)] if open_only else []
        ordered = select(AlertRow).where(*wanted).order_by(levels.desc(), col(AlertRow.raised_at), col(AlertRow.id))
        async with self._database.reading() as session:
            return tuple(_entry(row) for row in await session.scalars(ordered.limit(limit).offset(skip)))

    async def entry(self, alert_id: str) -> AlertEntry:
        """See AlertsPort."""
        async with self._database.reading() as session:
            return _entry(await _row(session, alert_id))

    async def dismiss(self, alert_id: str, by: PersonId, reason: str, at: Utc) -> AlertEntry:
        """See AlertsPort."""
        async with self._database.writing() as session:
            row = await _row(session, alert_id)
            if not row.open and (row.settled_by, row.reason) != (by, reason):
                said = f"{alert_id} is settled since {row.settled_at:%Y-%m-%d %H:%M} UTC: {row.reason}"
                raise PermanentFault(RefusalType.ILLEGAL_MOVE, f"{said}; dismiss one that 'alert list' shows")
            if row.open:
                row.open, row.settled_at, row.settled_by, row.reason = False, at, by, reason
            return _entry(row)

    async def _change(self, alerts: Sequence[AlertEntry], columns: Sequence[str], *guard: ColumnElement[bool]) -> None:
        """Write these columns of alerts that are there, and of them only those that the guard lets through."""
        changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
        change = update(_ALERTS).where(_ALERTS.c.id == bindparam("of"), *guard).values(changes)
        for piece in _pieces(alerts):
            rows = [{"of": row.id} | {f"new_{name}": getattr(row, name) for name in columns} for row in piece]
            async with self._database.writing() as session:
                await session.execute(change, rows)

    async def _where(self, *wanted: ColumnElement[bool]) -> tuple[AlertEntry, ...]:
        query = select(AlertRow).where(*wanted).order_by(col(AlertRow.account_id), col(AlertRow.id))
        async with self._database.reading() as session:
            return tuple(_entry(row) for row in await session.scalars(query))


def _pieces(alerts: Sequence[AlertEntry]) -> Iterator[Sequence[AlertEntry]]:
    return (alerts[first : first + _PIECE] for first in range(0, len(alerts), _PIECE))


def _unanswered(of: Any) -> ColumnElement[bool]:
    """Nothing was done about it yet; ``of`` has the columns."""
    return or_(of.answered_at.is_(None), of.answer.startswith(UNANSWERED, autoescape=True))


def _of(span: Span) -> ColumnElement[bool]:
    if span.account_id:
        return col(AlertRow.account_id) == span.account_id
    return col(AlertRow.bucket).in_(span.buckets)


def _entry(row: AlertRow) -> AlertEntry:
    return AlertEntry.model_validate(row, from_attributes=True)


async def _row(session: AsyncSession, alert_id: str) -> AlertRow:
    row = await session.get(AlertRow, alert_id)
    if row is None:
        raise PermanentFault(UNKNOWN, f"there is no alert '{alert_id}'; 'alert list' shows their ids")
    return row
