"""Incidents in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat
from models.case import RefusalType
from models.faults import PermanentFault
from models.incident import Incident, IncidentKind, IncidentLink, Progress
from models.people import PersonId
from models.tables import IncidentLinkRow, IncidentProgressRow, IncidentRow


class EmbeddedIncidents:
    """IncidentsPort on our own tables."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def open(self, incident_id: str, kind: IncidentKind, title: str, by: PersonId) -> Incident:
        """See IncidentsPort."""
        async with self._database.writing() as session:
            named = incident_id or await _id_of(session, kind, title)
            known = await session.get(IncidentRow, named)
            if known and (known.kind, known.title) != (kind, title):
                raise _illegal(f"{named} is '{known.title}' already; give another --id")
            if known is None:
                session.add(IncidentRow(id=named, kind=kind, title=title, opened_by=by, opened_at=self._now()))
        return await self.incident(named)

    async def incident(self, incident_id: str) -> Incident:
        """See IncidentsPort."""
        async with self._database.reading() as session:
            return await _whole(session, await _row(session, incident_id))

    async def incidents(self) -> tuple[Incident, ...]:
        """See IncidentsPort."""
        order = (col(IncidentRow.closed_at).is_not(None), col(IncidentRow.opened_at).desc(), col(IncidentRow.id))
        async with self._database.reading() as session:
            rows = (await session.scalars(select(IncidentRow).order_by(*order))).all()
            return tuple([await _whole(session, row) for row in rows])

    async def link(self, incident_id: str, link: IncidentLink) -> Incident:
        """See IncidentsPort."""
        async with self._database.writing() as session:
            row = await _row(session, incident_id)
            known = await session.get(IncidentLinkRow, (incident_id, link.case_id))
            shares = known is not None and known.left_at is None
            if row.closed_at and not shares:
                raise _illegal(f"{incident_id} is closed since {row.closed_at:%Y-%m-%d}; open another one")
            if not shares:
                await session.merge(IncidentLinkRow(**flat(link), incident_id=incident_id))
        return await self.incident(incident_id)

    async def unlink(self, incident_id: str, case_id: str, by: PersonId, reason: str) -> Incident:
        """See IncidentsPort."""
        async with self._database.writing() as session:
            await _row(session, incident_id)
            known = await session.get(IncidentLinkRow, (incident_id, case_id))
            if known is None:
                raise _illegal(f"{case_id} does not share {incident_id}; 'incident show {incident_id}' lists who does")
            if known.left_at is None:
                known.left_at, known.left_by, known.left_because = self._now(), by, reason
        return await self.incident(incident_id)

    async def add_progress(
        self,
        incident_id: str,
        by: PersonId,
        text: str,
        *,
        number: int | None = None,
        estimate: datetime | None = None,
        closes: bool = False,
    ) -> Progress:
        """See IncidentsPort."""
        async with self._database.writing() as session:
            row = await _row(session, incident_id)
            said = await _progress(session, incident_id)
            fresh = {"at": self._now(), "by": by, "text": text, "estimate": estimate, "closes": closes}
            note = Progress.model_validate({"number": number or _next(said, text, estimate, closes=closes), **fresh})
            known = next((one for one in said if one.number == note.number), None)
            if known:
                return _same(incident_id, known, note)
            _check_next(row, said, note)
            session.add(IncidentProgressRow(**flat(note), incident_id=incident_id))
            row.closed_at = note.at if closes else None
            return note


async def _id_of(session: AsyncSession, kind: IncidentKind, title: str) -> str:
    """The id of an incident that is opened without one: that of the open one of the same words, else a free one."""
    rows = (await session.scalars(select(IncidentRow).order_by(col(IncidentRow.opened_at)))).all()
    twin = next((row.id for row in rows if (row.kind, row.title, row.closed_at) == (kind, title, None)), None)
    taken = {row.id for row in rows}
    return twin or next(free for n in range(len(taken) + 1) if (free := f"inc-{n + 1}") not in taken)


def _next(said: tuple[Progress, ...], text: str, estimate: datetime | None, *, closes: bool) -> int:
    """The number of a note that names none: that of the last one where it says the very same."""
    if not said:
        return 1
    last = said[-1]
    return last.number if (last.text, last.estimate, last.closes) == (text, estimate, closes) else last.number + 1


def _same(incident_id: str, known: Progress, note: Progress) -> Progress:
    """The first note where the second is the same; when it is said again, and by whom, does not count."""
    if known.model_copy(update={"at": note.at, "by": note.by}) != note:
        raise _illegal(f"progress {note.number} of {incident_id} says something else already: '{known.text}'")
    return known


def _check_next(row: IncidentRow, said: tuple[Progress, ...], note: Progress) -> None:
    if note.estimate and note.estimate <= note.at:
        raise _illegal(
            f"an estimate lies ahead of now, {note.at:%Y-%m-%d %H:%M} UTC; {note.estimate:%Y-%m-%d %H:%M} UTC has passed"
        )
    if row.closed_at:
        raise _illegal(f"{row.id} is closed since {row.closed_at:%Y-%m-%d}; open another one")
    if note.number != len(said) + 1:
        raise _illegal(f"the next progress of {row.id} is number {len(said) + 1}, not {note.number}")


async def _row(session: AsyncSession, incident_id: str) -> IncidentRow:
    row = await session.get(IncidentRow, incident_id)
    if row is None:
        raise PermanentFault("UnknownIncident", f"no incident has the id '{incident_id}'; see 'incident list'")
    return row


async def _progress(session: AsyncSession, incident_id: str) -> tuple[Progress, ...]:
    wanted = select(IncidentProgressRow).where(col(IncidentProgressRow.incident_id) == incident_id)
    rows = await session.scalars(wanted.order_by(col(IncidentProgressRow.number)))
    return tuple(Progress.model_validate(row, from_attributes=True) for row in rows)


async def _whole(session: AsyncSession, row: IncidentRow) -> Incident:
    wanted = select(IncidentLinkRow).where(col(IncidentLinkRow.incident_id) == row.id)
    links = await session.scalars(wanted.order_by(col(IncidentLinkRow.account_id), col(IncidentLinkRow.case_id)))
    found = tuple(IncidentLink.model_validate(link, from_attributes=True) for link in links)
    return Incident(
        **row.model_dump(),
        progress=await _progress(session, row.id),
        links=tuple(link for link in found if link.left_at is None),
        former=tuple(link for link in found if link.left_at),
    )


def _illegal(sentence: str) -> PermanentFault:
    return PermanentFault(RefusalType.ILLEGAL_MOVE, sentence)
