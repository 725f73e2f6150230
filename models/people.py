"""The team of an account, by opaque ids: who holds which role, who stands in, who is away."""

from __future__ import annotations

from models.base import Record, Utc
from models.calendar import Calendar

RoleId = str
PersonId = str


class Absence(Record):
    """A planned absence: away from ``start`` until ``end`` (UTC, end not included)."""

    start: Utc
    end: Utc


class Person(Record):
    """A member of the team directory as a case knows them; the name stays in the directory (AMB-41)."""

    id: PersonId
    roles: tuple[RoleId, ...] = ()
    calendar: str = "utc"
    active: bool = True
    absences: tuple[Absence, ...] = ()


class Seat(Record):
    """A role on an account: who holds it, and the deputy who stands in for them."""

    role: RoleId
    person: PersonId
    deputy: PersonId | None = None


class Team(Record):
    """Everyone who may act on a case, with the calendars that their reminders follow.

    ``former`` are the seats that others had before; those people act by none of them.
    """

    seats: tuple[Seat, ...] = ()
    people: tuple[Person, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    former: tuple[Seat, ...] = ()

    def seat(self, role: RoleId) -> Seat | None:
        """The seat of a role, or None where nobody holds it."""
        return next((seat for seat in self.seats if seat.role == role), None)

    def person(self, person_id: PersonId) -> Person | None:
        """The person of that id, or None where they are not on this team."""
        return next((person for person in self.people if person.id == person_id), None)

    def calendar(self, calendar_id: str) -> Calendar:
        """The calendar of that id; UTC without working hours where it is unknown."""
        return next((calendar for calendar in self.calendars if calendar.id == calendar_id), Calendar())
