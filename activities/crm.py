"""The CRM and the team directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.faults import reporting_faults
from models.account import AccountFile
from models.case import CaseKind
from models.effects import Joined
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
        if left_on and await self._book.came_back(request.account_id, left_on):
            file = file.model_copy(update={"account": file.account.model_copy(update={"churned_on": None})})
        known: dict[str, Any] = {"deferred": await self._book.was_deferred(request.account_id)}
        known["cancelling"] = await self._book.open_case(request.account_id, CaseKind.CANCELLATION) is not None
        if left_on is None:
            known["held_as_left"] = await self._held_as_left(request.account_id)
        return file.model_copy(update=known)

    async def _held_as_left(self, account_id: str) -> tuple[str, ...]:
        """What is open of a former leaving and has not heard that they are back."""
        cases = [await self._book.open_case(account_id, kind) for kind in (CaseKind.RETENTION, CaseKind.WIN_BACK)]
        return tuple(case.kind for case in cases if case and case.returned_at is None)

    @activity.defn
    @reporting_faults
    async def load_person(self, request: LoadPerson) -> Joined:
        """A person with their calendar, and who vouches for them, and the team, as asked. Fails with ``UnknownPerson``."""
        joined = await self._directory.joined(request.person)
        voucher = await self._directory.joined(request.voucher) if request.voucher else None
        team = (await self._crm.account_file(request.team_of)).team if request.team_of else None
        return joined.model_copy(update={"voucher": voucher, "team": team})

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
