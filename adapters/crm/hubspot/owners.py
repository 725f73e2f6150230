"""Who is who: HubSpot's owners and the people of the directory, by the address that they have in both."""

from __future__ import annotations

from datetime import timedelta

from adapters.clock import Now
from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.records import Owner
from adapters.directory.port import DirectoryPort
from models.people import PersonId

_GOOD_FOR = timedelta(minutes=5)


class Owners:
    """The owners, asked for again after a few minutes."""

    def __init__(self, client: HubSpotClient, directory: DirectoryPort, now: Now) -> None:
        self._client = client
        self._directory = directory
        self._now = now
        self._known: tuple[Owner, ...] = ()
        self._good_until = now()

    async def id_of(self, person_id: PersonId | None) -> str:
        """The owner who is that person; empty where HubSpot has no user with their address."""
        addresses = {one.id: one.email.lower() for one in await self._directory.people()}
        address = addresses.get(person_id or "")
        return next((one.id for one in await self._owners() if address and one.email.lower() == address), "")

    async def people(self) -> dict[str, PersonId]:
        """The people whom we know, by the id of their owner."""
        return {one.id: person for one, person in await self._pairs()}

    async def users(self) -> dict[str, PersonId]:
        """The people whom we know, by the id of their user."""
        return {one.user_id: person for one, person in await self._pairs() if one.user_id}

    async def _pairs(self) -> list[tuple[Owner, PersonId]]:
        ours = {person.email.lower(): person.id for person in await self._directory.people()}
        return [(one, ours[one.email.lower()]) for one in await self._owners() if one.email.lower() in ours]

    async def _owners(self) -> tuple[Owner, ...]:
        if self._now() >= self._good_until:
            self._known = await self._client.owners()
            self._good_until = self._now() + _GOOD_FOR
        return self._known
