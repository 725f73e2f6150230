"""What of a customer is deleted in HubSpot: contacts for good, notes and finished tasks emptied and archived."""

from __future__ import annotations

from typing import Protocol

from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.records import Changed, HubSpotObject, Kind
from adapters.erasure.port import ErasableStore
from models.crm import AccountRecord
from models.erasing import EraseData
from models.retention import Erased

Found = dict[Kind, list[HubSpotObject]]
_TEXTS = {Kind.NOTES: ("hs_note_body",), Kind.TASKS: ("hs_task_subject", "hs_task_body")}
_STATUS, _DONE = "hs_task_status", "COMPLETED"


class HubSpotErasing:
    """What HubSpot has of an account that an erasure would delete, and its deletion."""

    def __init__(self, client: HubSpotClient, names: PropertyMap) -> None:
        self._client = client
        self._names = names

    async def found(self, company: str, account: AccountRecord, request: EraseData) -> Found:
        """What would be deleted: no open task, nothing of the deletion's own case, nobody who works for others as well."""
        tasks = await self._on(company, Kind.TASKS, (*self._names.names(Kind.TASKS), _STATUS))
        marks = self._names.tasks
        done = [
            task
            for task in tasks
            if task.value(marks.key) and task.value(_STATUS) == _DONE and task.value(marks.case_id) != request.case_id
        ]
        notes = await self._on(company, Kind.NOTES, (self._names.notes.key,))
        return {Kind.TASKS: done, Kind.NOTES: notes, Kind.CONTACTS: await self._contacts(company, account, request)}

    async def delete(self, found: Found) -> None:
        """Delete it. The texts go first, since HubSpot's recycle bin keeps what is archived for a while."""
        for contact in found[Kind.CONTACTS]:
            await self._client.forget_contact(contact.id)
        for kind, texts in _TEXTS.items():
            emptied = [Changed(id=each.id, properties=dict.fromkeys(texts, "-")) for each in found[kind]]
            await self._client.update(kind, emptied)
            await self._client.archive(kind, [each.id for each in found[kind]])

    async def _contacts(self, company: str, account: AccountRecord, request: EraseData) -> list[HubSpotObject]:
        people = await self._on(company, Kind.CONTACTS, (self._names.contacts["id"],))
        own = [each for each in people if await self._only_here(each)]
        ids = sorted(self._names.contact_id(each) for each in people)
        wanted = [request.written_to, account.contact_id or "", *ids[:1]]
        spared = next((one for one in wanted if one in ids), "") if request.keep_address else ""
        return [each for each in own if self._names.contact_id(each) != spared]

    async def _only_here(self, contact: HubSpotObject) -> bool:
        return len(await self._client.linked(Kind.CONTACTS, contact.id, Kind.COMPANIES)) == 1

    async def _on(self, company: str, kind: Kind, names: tuple[str, ...]) -> list[HubSpotObject]:
        ids = await self._client.linked(Kind.COMPANIES, company, kind)
        return list(await self._client.read(kind, ids, names))


class Erasing(Protocol):
    """Who deletes in HubSpot."""

    async def erase(self, request: EraseData) -> int:
        """Delete what the request does not spare; gives how much there was."""
        ...

    async def remains(self, request: EraseData) -> int:
        """How much is left that the same request would delete."""
        ...


class HubSpotStore:
    """ErasableStore over HubSpot, together with our own copy of it."""

    keeps_all = False

    def __init__(self, crm: Erasing, own: ErasableStore) -> None:
        self._crm = crm
        self._own = own
        self.name, self.kept = own.name, own.kept

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore."""
        there = await self._crm.erase(request)
        done = await self._own.erase(request)
        return done.model_copy(update={"rows": max(there, done.rows), "what": f"{done.what}, in HubSpot and here"})

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        return await self._crm.remains(request) + await self._own.remains(request)
