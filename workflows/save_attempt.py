"""``SaveAttempt``: from a risk signal to a verified outcome."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Command
    from models.save import SaveCase
    from models.starts import SaveStart
    from models.status import Status
    from rules import status
    from rules.refusal import Refused
    from rules.save import commands, lifecycle, signals

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening("save attempt", SaveStart, lambda start: contract.save_id(start.account_id), lifecycle.opened)


@workflow.defn(name=contract.WorkflowType.SAVE_ATTEMPT)
@speaks_contract
class SaveAttempt(CaseShell):
    """One save attempt for one account: its stages, its plan, its people, its outcome."""

    updates = contract.UPDATES
    signals = contract.SIGNALS

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the case (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(SaveCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: SaveCase, command: Command, now: datetime) -> SaveCase:
        """A person's command on the save."""
        return commands.apply(case, command, now)

    def receive(self, case: SaveCase, signal: Request, now: datetime) -> SaveCase:
        """A signal to the save."""
        return signals.receive(case, signal, now)
