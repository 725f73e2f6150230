"""The CRM and the team directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.account import AccountFile
from models.effects import Joined
from models.work import AddNote, LoadAccount, LoadPerson, Receipt, SyncTasks

if TYPE_CHECKING:
    from adapters.crm.port import CrmPort
    from adapters.directory.port import DirectoryPort


class CrmActivities:
    """What a case reads of an account and its team, and writes on it."""

    def __init__(self, crm: CrmPort, directory: DirectoryPort) -> None:
        self._crm = crm
        self._directory = directory

    @activity.defn
    @reporting_faults
    async def load_account(self, request: LoadAccount) -> AccountFile:
        """The account and its team, without names. Fails with ``UnknownAccount``."""
        return await self._crm.account_file(request.account_id, request.people)

    @activity.defn
    @reporting_faults
    async def load_person(self, request: LoadPerson) -> Joined:
        """A person with their calendar. Fails with ``UnknownPerson``."""
        return await self._directory.joined(request.person)

    @activity.defn
    @reporting_faults
    async def sync_tasks(self, request: SyncTasks) -> Receipt:
        """Open and close tasks in one call, once for the key."""
        return await self._crm.sync_tasks(request)

    @activity.defn
    @reporting_faults
    async def add_note(self, request: AddNote) -> Receipt:
        """Write a note on the account, once for the key."""
        return await self._crm.add_note(request)
