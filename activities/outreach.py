"""Reaching out to a customer without a case: by a letter of the system, else by a task for whoever leads them (RISK-88)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.base import Utc
from models.calendar import Offset
from models.effects import TaskChange
from models.faults import Held, PermanentFault
from models.people import PersonId
from models.work import DraftMessage, ReleaseMessage, SyncTasks

if TYPE_CHECKING:
    from adapters.crm.port import CrmPort
    from adapters.email.port import EmailPort
    from adapters.letters.port import LettersPort

TEMPLATE = "check_in"
_TITLE = "Reach out before it gets worse"


class Outreach:
    """How a customer of low severity is reached (RISK-106g)."""

    def __init__(self, letters: LettersPort, email: EmailPort, crm: CrmPort) -> None:
        self._letters, self._email, self._crm = letters, email, crm

    async def reach(
        self, account_id: str, key: str, lead: PersonId | None, why: str, within: Offset | None, at: Utc
    ) -> str:
        """Send the letter once for the key and say so; what keeps it back makes a task, due ``within`` from ``at``.

        Raises ``TransientFault`` where a service is out of reach.
        """
        if lead is None:
            return await self._task(account_id, key, None, why, within, at)
        letter = DraftMessage(
            key=f"{key}/draft",
            case_id=key,
            account_id=account_id,
            message_id=TEMPLATE,
            step=TEMPLATE,
            template=TEMPLATE,
            signer=lead,
            at=at,
            opened_at=at,
        )
        try:
            await self._letters.draft(letter)
            sent = ReleaseMessage(key=key, case_id=key, account_id=account_id, message_id=TEMPLATE, by=lead, at=at)
            await self._email.send(await self._letters.compose(sent), key)
        except (PermanentFault, Held) as fault:
            return await self._task(account_id, key, lead, f"{why}; the letter was kept back: {fault}", within, at)
        return "a letter was sent to the customer"

    async def _task(
        self, account_id: str, key: str, lead: PersonId | None, why: str, within: Offset | None, at: Utc
    ) -> str:
        due = at + timedelta(days=within.days, minutes=within.minutes) if within else None
        task = TaskChange(
            key=f"{key}/task", step=TEMPLATE, title=_TITLE, person=lead, due=due, open=True, note=why[:2000]
        )
        await self._crm.sync_tasks(
            SyncTasks(key=f"{key}/sync_tasks", case_id=key, account_id=account_id, changes=(task,))
        )
        return f"a task to reach out is due on {due:%Y-%m-%d}" if due else "a task to reach out is open"
