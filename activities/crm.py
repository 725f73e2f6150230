"""The CRM and the team directory."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.account import AccountFile
from models.case import CaseKind
from models.effects import Joined
from models.win_back import WinBackOutcome
from models.work import AddNote, LoadAccount, LoadPerson, Receipt, SyncTasks

if TYPE_CHECKING:
    from adapters.book.port import BookPort
    from adapters.crm.port import CrmPort
    from adapters.directory.port import DirectoryPort


class CrmActivities:
    """What a case reads of an account and its team, and writes on it."""

    def __init__(self, crm: CrmPort, directory: DirectoryPort, book: BookPort) -> None:
        self._crm = crm
        self._directory = directory
        self._book = book

    @activity.defn
    @reporting_faults
    async def load_account(self, request: LoadAccount) -> AccountFile:
        """The account and its team, without names, and whether it was deferred before. Fails with ``UnknownAccount``.

        Who came back, as a person said in what followed their leaving, counts as a customer before the CRM says so.
        """
        file = await self._crm.account_file(request.account_id, request.people)
        left_on = file.account.churned_on
        if left_on and await self._came_back(request.account_id, left_on):
            file = file.model_copy(update={"account": file.account.model_copy(update={"churned_on": None})})
        return file.model_copy(update={"deferred": await self._book.was_deferred(request.account_id)})

    async def _came_back(self, account_id: str, left_on: date) -> bool:
        last = [await self._book.latest_case(account_id, kind) for kind in (CaseKind.WIN_BACK, CaseKind.RETENTION)]
        ended = [one for one in last if one and one.closed_at and one.outcome == WinBackOutcome.RETURNED]
        return any(one.closed_at.date() >= left_on for one in ended if one.closed_at)

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
