"""Notices to the team: reminders, escalations and news, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.case import RefusalType
from models.faults import Held, PermanentFault, TransientFault
from models.people import PersonId
from models.work import NotifyTeam, Receipt, SendDigest

if TYPE_CHECKING:
    from adapters.crm.port import CrmPort
    from adapters.directory.port import DirectoryPort
    from adapters.email.port import EmailPort
    from adapters.letters.port import LettersPort


class NoticeActivities:
    """What a case tells its team."""

    def __init__(self, letters: LettersPort, email: EmailPort, directory: DirectoryPort, crm: CrmPort) -> None:
        self._letters = letters
        self._email = email
        self._directory = directory
        self._crm = crm

    @activity.defn
    @reporting_faults
    async def send_digest(self, request: SendDigest) -> Receipt:
        """One mail with all that a person must be told, once for the key. Fails with ``UnknownPerson`` or ``Held``."""
        card = await self._directory.card(request.person)
        account = (await self._crm.account(request.account_id)).name if request.account_id else ""
        about = ": ".join(part for part in (request.about, account) if part)
        return await self._email.send(self._letters.digest(request, card, about), request.key)

    @activity.defn
    @reporting_faults
    async def notify_team(self, request: NotifyTeam) -> Receipt:
        """A mail to each of several people, once for the key and person; the receipt is the first person's.

        Everybody is tried. While a fault may pass, it is raised, so that another attempt reaches those who are left.
        """
        account = await self._crm.account(request.account_id)
        receipts: list[Receipt] = []
        faults: list[Exception] = []
        for person in dict.fromkeys(request.people):
            try:
                receipts.append(await self._tell(person, request, account.name))
            except (Held, PermanentFault, TransientFault) as fault:
                faults.append(fault)
        if faults:
            raise next((fault for fault in faults if not isinstance(fault, PermanentFault)), faults[0])
        if not receipts:
            raise PermanentFault(RefusalType.UNKNOWN_PERSON, "the notice names nobody; give at least one person")
        return receipts[0]

    async def _tell(self, person: PersonId, request: NotifyTeam, account_name: str) -> Receipt:
        card = await self._directory.card(person)
        letter = self._letters.notice(request, card, account_name)
        return await self._email.send(letter, f"{request.key}/{person}")
