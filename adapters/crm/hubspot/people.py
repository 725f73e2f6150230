"""The people at the customers: contacts of HubSpot, linked to their companies."""

from __future__ import annotations

from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.copy import OwnCopy
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.records import Changed, Condition, HubSpotObject, Kind, NewObject
from models.crm import Contact

_DOMAIN = "hs_email_domain"
_BY_NUMBER = "hs-"


class HubSpotPeople:
    """Contacts, read into our copy and written from records."""

    def __init__(self, client: HubSpotClient, names: PropertyMap, copy: OwnCopy) -> None:
        self._client = client
        self._names = names
        self._copy = copy

    async def of(self, company: str, account_id: str) -> tuple[Contact, ...]:
        """The contacts of a company, by id, noted in our copy."""
        ids = await self._client.linked(Kind.COMPANIES, company, Kind.CONTACTS)
        found = await self._client.read(Kind.CONTACTS, ids, self._names.names(Kind.CONTACTS))
        known = {contact.id: contact for contact in await self._copy.crm.contacts(account_id)}
        read = (self._names.contact(one, account_id, known.get(self._names.contact_id(one))) for one in found)
        people = tuple(sorted(read, key=lambda contact: contact.id))
        await self._copy.keep_contacts(account_id, people)
        return people

    async def companies_of(self, addresses: set[str], domain: str) -> tuple[str, ...]:
        """The companies of the contacts with one of these addresses or at that domain."""
        email = self._names.contacts["email"]
        own = [[Condition(name=email, operator="IN", values=tuple(sorted(addresses)))]] if addresses else []
        groups = own + ([[Condition(name=_DOMAIN, value=domain)]] if domain else [])
        found = await self._client.search(Kind.CONTACTS, groups, [email]) if groups else ()
        linked = [one for each in found for one in await self._client.linked(Kind.CONTACTS, each.id, Kind.COMPANIES)]
        return tuple(dict.fromkeys(linked))

    async def put(self, contact: Contact, company: str) -> None:
        """Write a contact; who is there under our id or their address is changed and not created."""
        properties = self._names.person(contact)
        there = await self._there(contact)
        if there is None:
            await self._client.create(Kind.CONTACTS, [NewObject(properties=properties, company=company)])
        else:
            await self._client.update(Kind.CONTACTS, [Changed(id=there.id, properties=properties)])
            await self._client.link(Kind.CONTACTS, there.id, company)
        await self._copy.crm.put_contact(contact)

    async def _there(self, contact: Contact) -> HubSpotObject | None:
        own, email = self._names.contacts["id"], self._names.contacts["email"]
        asked = [(contact.id, own), (contact.email, email)]
        if contact.id.startswith(_BY_NUMBER):
            asked.insert(0, (contact.id.removeprefix(_BY_NUMBER), ""))
        for value, by in asked:
            if value and (found := await self._client.read(Kind.CONTACTS, [value], [own], by=by)):
                return found[0]
        return None
