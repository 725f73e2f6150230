"""CrmPort in HubSpot."""

from __future__ import annotations

from adapters.clock import Now, utc_now
from adapters.crm.changes import closed, closing_note, tagged
from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.copy import OwnCopy
from adapters.crm.hubspot.erasing import Found, HubSpotErasing
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.owners import Owners
from adapters.crm.hubspot.people import HubSpotPeople
from adapters.crm.hubspot.records import Changed, Condition, HubSpotObject, Kind, NewObject
from adapters.crm.hubspot.setup import lacking, prepare
from adapters.crm.hubspot.work import HubSpotWork
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from models.account import AccountFile
from models.case import RefusalType
from models.closing import CloseAccount, TagAccount
from models.crm import AccountRecord, Contact, NoteRecord, SeatRecord, TaskStatus
from models.erasing import EraseData
from models.faults import PermanentFault, TransientFault
from models.people import PersonId, RoleId
from models.webhooks import ReadTask
from models.work import AddNote, Receipt, SyncTasks


class HubSpotCrm:
    """Companies, contacts, tasks and notes are HubSpot's; our tables keep a copy, and what has no property there.

    What is read is noted in the copy, since the nightly sweep reads that.
    """

    def __init__(
        self,
        client: HubSpotClient,
        names: PropertyMap,
        database: Database,
        directory: DirectoryPort,
        now: Now = utc_now,
    ) -> None:
        self._client = client
        self._names = names
        self._now = now
        self._copy = OwnCopy(database, directory, now)
        self._owners = Owners(client, directory, now)
        self._people = HubSpotPeople(client, names, self._copy)
        self._work = HubSpotWork(client, names, self._owners)
        self._erasing = HubSpotErasing(client, names)

    async def account(self, account_id: str) -> AccountRecord:
        """See CrmPort."""
        _, account = await self._read(account_id)
        return account

    async def accounts(self) -> tuple[AccountRecord, ...]:
        """See CrmPort."""
        ours = [Condition(name=self._names.accounts["id"], operator="HAS_PROPERTY")]
        found = await self._client.search(Kind.COMPANIES, [ours], self._names.names(Kind.COMPANIES))
        return tuple(sorted(await self._noted(found), key=lambda account: account.id))

    async def account_file(self, account_id: str, people: tuple[PersonId, ...] = ()) -> AccountFile:
        """See CrmPort."""
        await self.contacts(account_id)
        return await self._copy.crm.account_file(account_id, people)

    async def contacts(self, account_id: str) -> tuple[Contact, ...]:
        """See CrmPort."""
        company, _ = await self._read(account_id)
        return await self._people.of(company.id, account_id)

    async def contacts_at(self, addresses: tuple[str, ...], domain: str = "") -> tuple[Contact, ...]:
        """See CrmPort. HubSpot's search finds who they work for; it may not know yet who came within a few seconds."""
        wanted = {address.lower() for address in addresses}
        companies = await self._people.companies_of(wanted, domain.lower())
        found = await self._client.read(Kind.COMPANIES, companies, self._names.names(Kind.COMPANIES))
        ours = [each for each in found if each.value(self._names.accounts["id"])]
        await self._noted(ours)
        everyone = [one for each in ours for one in await self._people.of(each.id, self._id(each))]
        ends = f"@{domain.lower()}" if domain else None
        fits = (one for one in everyone if (mail := one.email.lower()) in wanted or (ends and mail.endswith(ends)))
        return tuple(sorted(fits, key=lambda contact: contact.id))

    async def seats_held(self, person_id: PersonId) -> tuple[SeatRecord, ...]:
        """See CrmPort."""
        owner = await self._owners.id_of(person_id)
        properties = dict.fromkeys(self._names.seats.values())
        groups = [[Condition(name=name, value=owner)] for name in properties] if owner else []
        names = self._names.names(Kind.COMPANIES)
        found = await self._client.search(Kind.COMPANIES, groups, names) if groups else ()
        held = {seat.account_id for seat in await self._copy.seats_held(person_id) if seat.role in self._names.seats}
        others = held - {self._id(each) for each in found}
        there = await self._client.read(Kind.COMPANIES, sorted(others), names, by=self._names.accounts["id"])
        await self._noted([each for each in (*found, *there) if self._id(each)])
        return await self._copy.seats_held(person_id)

    async def put_account(self, account: AccountRecord) -> None:
        """See CrmPort. Raises ``PermanentFault("BadCalendar")`` for an unknown time zone or region."""
        await self._copy.crm.put_account(account)
        await self._write(account, await self._company(account.id))

    async def put_contact(self, contact: Contact) -> None:
        """See CrmPort."""
        company, _ = await self._read(contact.account_id)
        await self._people.put(contact, company.id)

    async def put_seat(self, seat: SeatRecord) -> None:
        """See CrmPort."""
        company, _ = await self._read(seat.account_id)
        await self._own(company, seat.role, seat.person)
        await self._copy.crm.put_seat(seat)

    async def change_seat(
        self, account_id: str, role: RoleId, person: PersonId, deputy: PersonId | None, key: str
    ) -> Receipt:
        """See CrmPort."""
        if first := await self._copy.receipt(key):
            return first
        company, _ = await self._read(account_id)
        await self._own(company, role, person)
        return await self._copy.crm.change_seat(account_id, role, person, deputy, key)

    async def sync_tasks(self, request: SyncTasks) -> Receipt:
        """See CrmPort."""
        if first := await self._copy.receipt(request.key):
            return first
        company, _ = await self._read(request.account_id)
        await self._work.sync(request, company.id, self._now())
        return await self._copy.done(request.key, f"hubspot-tasks-{company.id}")

    async def add_note(self, request: AddNote) -> Receipt:
        """See CrmPort."""
        if first := await self._copy.receipt(request.key):
            return first
        company, _ = await self._read(request.account_id)
        note = await self._work.note(request, company.id, self._now())
        return await self._copy.done(request.key, f"hubspot-note-{note}")

    async def close_account(self, request: CloseAccount) -> Receipt:
        """See CrmPort."""
        if first := await self._copy.receipt(request.key):
            return first
        company, account = await self._read(request.account_id)
        await self._change(closed(account, request), company)
        own = {"key": request.key, "case_id": request.case_id, "account_id": request.account_id}
        note = await self._work.note(AddNote(**own, text=closing_note(request)), company.id, request.at)
        return await self._copy.done(request.key, f"hubspot-note-{note}")

    async def tag_account(self, request: TagAccount) -> Receipt:
        """See CrmPort."""
        if first := await self._copy.receipt(request.key):
            return first
        company, account = await self._read(request.account_id)
        await self._change(tagged(account, request), company)
        return await self._copy.done(request.key, f"hubspot-company-{company.id}")

    async def tasks(self, account_id: str) -> tuple[TaskStatus, ...]:
        """See CrmPort."""
        company, _ = await self._read(account_id)
        return await self._work.tasks(company.id, account_id)

    async def notes(self, account_id: str) -> tuple[NoteRecord, ...]:
        """See CrmPort."""
        company, _ = await self._read(account_id)
        return await self._work.notes(company.id, account_id)

    async def task(self, task_id: str) -> ReadTask | None:
        """See TaskReader."""
        return await self._work.task(task_id)

    async def check(self) -> str:
        """See CrmPort: the token is taken, and the properties are there."""
        try:
            return await lacking(self._client, self._names)
        except (PermanentFault, TransientFault) as fault:
            return str(fault)

    async def prepare(self) -> tuple[str, ...]:
        """See CrmPort: the properties of the map that HubSpot does not have yet."""
        return await prepare(self._client, self._names)

    async def erase(self, request: EraseData) -> int:
        """Delete in HubSpot what is kept of an account, but for what the request spares; gives how much there was."""
        found = await self._erasable(request)
        await self._erasing.delete(found)
        return sum(map(len, found.values()))

    async def remains(self, request: EraseData) -> int:
        """How much is left in HubSpot that the same request would delete."""
        return sum(map(len, (await self._erasable(request)).values()))

    async def _erasable(self, request: EraseData) -> Found:
        company = await self._company(request.account_id)
        if company is None:
            return {kind: [] for kind in Kind}
        (account,) = await self._noted([company])
        return await self._erasing.found(company.id, account, request)

    def _id(self, company: HubSpotObject) -> str:
        return company.value(self._names.accounts["id"])

    async def _company(self, account_id: str) -> HubSpotObject | None:
        names = self._names.names(Kind.COMPANIES)
        found = await self._client.read(Kind.COMPANIES, [account_id], names, by=self._names.accounts["id"])
        return found[0] if found else None

    async def _read(self, account_id: str) -> tuple[HubSpotObject, AccountRecord]:
        company = await self._company(account_id)
        if company is None:
            what = f"give an id that a company in HubSpot has as {self._names.accounts['id']}"
            raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"no account has the id '{account_id}'; {what}")
        return company, (await self._noted([company]))[0]

    async def _noted(self, companies: list[HubSpotObject] | tuple[HubSpotObject, ...]) -> list[AccountRecord]:
        """The accounts of companies, noted in our copy with who holds the roles that HubSpot gives."""
        ids = [self._id(company) for company in companies]
        before, seats = await self._copy.accounts(ids), await self._copy.seats(ids, self._names.seats)
        people: dict[str, PersonId] = {}
        if any(company.value(name) for company in companies for name in self._names.seats.values()):
            people = await self._owners.people()
        accounts = []
        for company in companies:
            known = before.get(self._id(company))
            account = self._names.account(company, known)
            held = [self._holder(company, account.id, role, seats, people) for role in self._names.seats]
            await self._copy.keep(account, known, [seat for seat in held if seat])
            accounts.append(account)
        return accounts

    def _holder(
        self,
        company: HubSpotObject,
        account_id: str,
        role: RoleId,
        seats: dict[tuple[str, RoleId], SeatRecord],
        people: dict[str, PersonId],
    ) -> SeatRecord | None:
        """The seat of a role as HubSpot gives it, where that is another person than we know."""
        person = people.get(company.value(self._names.seats[role]))
        known = seats.get((account_id, role))
        if person is None or (known and known.person == person):
            return None
        deputy = known.deputy if known and known.deputy != person else None
        return SeatRecord(account_id=account_id, role=role, person=person, deputy=deputy)

    async def _change(self, account: AccountRecord, company: HubSpotObject) -> None:
        await self._write(account, company)
        await self._copy.crm.put_account(account)

    async def _write(self, account: AccountRecord, company: HubSpotObject | None) -> None:
        properties = self._names.company(account)
        if company is None:
            await self._client.create(Kind.COMPANIES, [NewObject(properties=properties)])
            return
        different = {name: value for name, value in properties.items() if company.value(name) != value}
        if different:
            await self._client.update(Kind.COMPANIES, [Changed(id=company.id, properties=different)])

    async def _own(self, company: HubSpotObject, role: RoleId, person: PersonId) -> None:
        """Write who holds a role that HubSpot has a property for; empty for who is no user there, so that ours holds."""
        if name := self._names.seats.get(role):
            owner = await self._owners.id_of(person)
            await self._client.update(Kind.COMPANIES, [Changed(id=company.id, properties={name: owner})])
