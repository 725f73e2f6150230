"""Reaching out to a customer without a case: by a letter of the system, else by a task for whoever leads them (RISK-88)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.base import Record, Utc
from models.effects import TaskChange
from models.faults import Held, PermanentFault
from models.people import PersonId
from models.work import DraftMessage, ReleaseMessage, SyncTasks

if TYPE_CHECKING:
    from adapters.crm.port import CrmPort
    from adapters.email.port import EmailPort
    from adapters.letters.port import LettersPort

TEMPLATE = "check_in"
WRITTEN = "a letter was sent to the customer"
ASKED = "a task to reach out"
"""How it is said that a person was asked."""
_TITLE = "Reach out before it gets worse"


class ReachOut(Record):
    """A customer to be reached, by whom and why; ``due`` is until when (UTC)."""

    key: str
    account_id: str
    lead: PersonId | None
    why: str
    due: Utc | None
    at: Utc


class Outreach:
    """How a customer is reached of whom no case opens: those of low severity by letter, others by a person (RISK-106g)."""

    def __init__(self, letters: LettersPort, email: EmailPort, crm: CrmPort) -> None:
        self._letters, self._email, self._crm = letters, email, crm

    async def write(self, asked: ReachOut) -> str:
        """Send the letter, once for the key; what keeps it back for good makes a task. Gives what was done.

        Raises ``TransientFault`` where a service is out of reach.
        """
        if asked.lead is None:
            return await self.ask(asked)
        about = {"case_id": asked.key, "account_id": asked.account_id, "message_id": TEMPLATE, "at": asked.at}
        letter = {"step": TEMPLATE, "template": TEMPLATE, "signer": asked.lead, "opened_at": asked.at}
        try:
            await self._letters.draft(DraftMessage.model_validate(about | letter | {"key": f"{asked.key}/draft"}))
            release = ReleaseMessage.model_validate(about | {"key": asked.key, "by": asked.lead})
            composed = await self._letters.compose(release)
            await self._email.send(composed.model_copy(update={"automatic": True}), asked.key)
        except (PermanentFault, Held) as fault:
            kept_back = f"{asked.why}; the letter was kept back: {fault}"
            return await self.ask(asked.model_copy(update={"why": kept_back}))
        return WRITTEN

    async def ask(self, asked: ReachOut) -> str:
        """Open a task for whoever leads the account, once for the key. Gives what was done."""
        task = TaskChange(
            key=f"{asked.key}/task",
            step=TEMPLATE,
            title=_TITLE,
            person=asked.lead,
            due=asked.due,
            open=True,
            note=asked.why[:2000],
        )
        sync = SyncTasks(key=f"{asked.key}/sync_tasks", case_id=asked.key, account_id=asked.account_id, changes=(task,))
        await self._crm.sync_tasks(sync)
        return f"{ASKED} is due on {asked.due:%Y-%m-%d}" if asked.due else f"{ASKED} is open"
