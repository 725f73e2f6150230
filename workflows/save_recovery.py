"""``SaveRecovery``: the year after a save that ended well (POST-1..12)."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Command
    from models.recovery import RecoveryCase
    from models.starts import RecoveryStart
    from models.status import Status
    from rules import status
    from rules.recovery import commands, lifecycle, signals
    from rules.refusal import Refused

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening("recovery", RecoveryStart, lambda start: contract.recovery_id(start.account_id), lifecycle.opened)


@workflow.defn(name=contract.WorkflowType.SAVE_RECOVERY)
@speaks_contract
class SaveRecovery(CaseShell):
    """The recovery of one account: what a saved customer is given, and whether the save lasts."""

    updates = contract.RECOVERY_UPDATES
    signals = contract.RECOVERY_SIGNALS
    longest_history = 1_500  # a year is several runs, each below 2,000 events also where nobody does anything

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the case (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(RecoveryCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: RecoveryCase, command: Command, now: datetime) -> RecoveryCase:
        """A person's command on the recovery."""
        return commands.apply(case, command, now)

    def receive(self, case: RecoveryCase, signal: Request, now: datetime) -> RecoveryCase:
        """A signal to the recovery."""
        return signals.receive(case, signal, now)
