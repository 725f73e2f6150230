"""``WinBack``: the memory of a customer who left; nobody bothers them, and nobody forgets them."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Command
    from models.starts import WinBackStart
    from models.status import Status
    from models.win_back import WinBackCase
    from rules import status
    from rules.refusal import Refused
    from rules.win_back import commands, lifecycle, signals

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening("win-back", WinBackStart, lambda start: contract.win_back_id(start.account_id), lifecycle.opened)


@workflow.defn(name=contract.WorkflowType.WIN_BACK)
@speaks_contract
class WinBack(CaseShell):
    """One account that left: its reminders, what happened, how rarely it is written to."""

    updates = contract.WIN_BACK_UPDATES
    signals = contract.WIN_BACK_SIGNALS

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the case (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(WinBackCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: WinBackCase, command: Command, now: datetime) -> WinBackCase:
        """A command on the memory of who left."""
        return commands.apply(case, command, now)

    def receive(self, case: WinBackCase, signal: Request, now: datetime) -> WinBackCase:
        """A signal to it."""
        return signals.receive(case, signal, now)
