"""What a case in the book shares with others, as far as it was reported while the case was open."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from models.incident import SharedIncident
from models.tables import CaseRow, IncidentLinkRow, IncidentProgressRow, IncidentRow


async def incidents_of(session: AsyncSession, case: CaseRow) -> tuple[SharedIncident, ...]:
    """The incidents and product gaps that a case is linked to, each with the last progress that it heard of."""
    linked = (
        select(IncidentLinkRow, IncidentRow)
        .join(IncidentRow, col(IncidentRow.id) == col(IncidentLinkRow.incident_id))
        .where(col(IncidentLinkRow.case_id) == case.case_id, col(IncidentLinkRow.left_at).is_(None))
        .order_by(col(IncidentLinkRow.at), col(IncidentRow.id))
    )
    pairs = [(link, row) for link, row in await session.execute(linked)]
    said = select(IncidentProgressRow).where(col(IncidentProgressRow.incident_id).in_([row.id for _, row in pairs]))
    if case.closed_at:
        said = said.where(col(IncidentProgressRow.at) <= case.closed_at)
    heard = _last_of_each(await session.scalars(said.order_by(col(IncidentProgressRow.number))))
    return tuple(_shared(link, row, heard.get(row.id)) for link, row in pairs)


def _last_of_each(notes: Iterable[IncidentProgressRow]) -> dict[str, IncidentProgressRow]:
    return {note.incident_id: note for note in notes}


def _shared(link: IncidentLinkRow, row: IncidentRow, last: IncidentProgressRow | None) -> SharedIncident:
    known = SharedIncident(id=row.id, kind=row.kind, title=row.title, linked_at=link.at, heard_at=link.at)
    if last is None:
        return known
    told = {"number": last.number, "text": last.text, "estimate": last.estimate, "closed": last.closes}
    return known.model_copy(update=told | {"heard_at": max(last.at, link.at)})
