"""The team directory in the database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.directory.calendars import Years, snapshot
from adapters.rows import flat, upsert
from models.case import RefusalType
from models.directory import AwayTime, Card, DirectoryPerson, WorkingTime
from models.effects import Joined
from models.faults import PermanentFault
from models.people import Absence, Person, PersonId
from models.tables import AbsenceRow, PersonRow


class EmbeddedDirectory:
    """DirectoryPort on our own tables. Calendars cover the year before the present one to the third after it."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def person(self, person_id: PersonId) -> DirectoryPerson:
        """See DirectoryPort."""
        async with self._database.reading() as session:
            return _person(await _row(session, person_id))

    async def joined(self, person_id: PersonId) -> Joined:
        """See DirectoryPort."""
        found = await self.joined_all((person_id,))
        if not found:
            raise _unknown(person_id)
        return found[0]

    async def joined_all(self, person_ids: tuple[PersonId, ...]) -> tuple[Joined, ...]:
        """See DirectoryPort. Two queries."""
        wanted = tuple(dict.fromkeys(person_ids))
        async with self._database.reading() as session:
            people = await session.scalars(select(PersonRow).where(col(PersonRow.id).in_(wanted)))
            by_id = {row.id: row for row in people}
            away = select(AbsenceRow).where(col(AbsenceRow.person).in_(wanted)).order_by(col(AbsenceRow.start))
            absences = tuple(await session.scalars(away))
        return tuple(self._join(by_id[person], absences) for person in wanted if person in by_id)

    async def card(self, person_id: PersonId) -> Card:
        """See DirectoryPort."""
        async with self._database.reading() as session:
            return Card.model_validate(await _row(session, person_id), from_attributes=True)

    async def people(self) -> tuple[DirectoryPerson, ...]:
        """See DirectoryPort."""
        async with self._database.reading() as session:
            return tuple(_person(row) for row in await session.scalars(select(PersonRow).order_by(col(PersonRow.id))))

    async def put_person(self, person: DirectoryPerson) -> None:
        """See DirectoryPort. Raises ``PermanentFault("BadCalendar")`` for an unknown time zone or region."""
        snapshot(person.works, Years.around(self._now()))
        async with self._database.writing() as session:
            await upsert(session, [PersonRow(**flat(person, "works"))])

    async def add_absence(self, away: AwayTime) -> None:
        """See DirectoryPort."""
        async with self._database.writing() as session:
            await _row(session, away.person)
            await upsert(session, [AbsenceRow(**flat(away))])

    async def deactivate(self, person_id: PersonId) -> None:
        """See DirectoryPort."""
        async with self._database.writing() as session:
            (await _row(session, person_id)).active = False

    def _join(self, row: PersonRow, absences: Iterable[AbsenceRow]) -> Joined:
        calendar = snapshot(_works(row), Years.around(self._now()))
        person = Person(
            id=row.id,
            roles=row.roles,
            calendar=calendar.id,
            active=row.active,
            absences=tuple(Absence(start=away.start, end=away.end) for away in absences if away.person == row.id),
        )
        return Joined(person=person, calendar=calendar)


async def _row(session: AsyncSession, person_id: PersonId) -> PersonRow:
    row = await session.get(PersonRow, person_id)
    if row is None:
        raise _unknown(person_id)
    return row


def _unknown(person_id: PersonId) -> PermanentFault:
    sentence = f"nobody in the team directory has the id '{person_id}'; give the id of a person who is in it"
    return PermanentFault(RefusalType.UNKNOWN_PERSON, sentence)


def _works(row: PersonRow) -> WorkingTime:
    return WorkingTime.model_validate(row, from_attributes=True)


def _person(row: PersonRow) -> DirectoryPerson:
    return DirectoryPerson(**row.model_dump(include=_PLAIN), works=_works(row))


_PLAIN = set(DirectoryPerson.model_fields) - {"works"}
