"""What Followthrough needs of a team directory."""

from __future__ import annotations

from typing import Protocol

from models.directory import AwayTime, Card, DirectoryPerson
from models.effects import Joined
from models.people import PersonId


class DirectoryPort(Protocol):
    """The people who work on cases, by opaque id. Everything that asks for one person raises
    ``PermanentFault(UnknownPerson)`` where nobody has that id.
    """

    async def person(self, person_id: PersonId) -> DirectoryPerson:
        """The person as the directory keeps them, active or not."""
        ...

    async def joined(self, person_id: PersonId) -> Joined:
        """The person as a case knows them (no name, no address), with absences and a calendar snapshot."""
        ...

    async def joined_all(self, person_ids: tuple[PersonId, ...]) -> tuple[Joined, ...]:
        """The same for many at once, in the order asked and without repeats; ids that nobody has are left out."""
        ...

    async def card(self, person_id: PersonId) -> Card:
        """Name, address, title, phone and locale, to write to a person or to sign in their name."""
        ...

    async def people(self) -> tuple[DirectoryPerson, ...]:
        """Everybody, by id."""
        ...

    async def put_person(self, person: DirectoryPerson) -> None:
        """Add a person, or replace what is known of them."""
        ...

    async def add_absence(self, away: AwayTime) -> None:
        """Plan an absence; one with the same person and start is replaced."""
        ...

    async def deactivate(self, person_id: PersonId) -> None:
        """The person has left: they keep their name on what they did, and get nothing new."""
        ...
