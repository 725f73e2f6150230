"""``Cancellation``: from a request to leave until the customer has left, and nothing is owed to them any more."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.cancellation import CancellationCase
    from models.cancellation_commands import RequestCancellation
    from models.commands import Command
    from models.status import Status
    from rules import status
    from rules.cancellation import commands, lifecycle, signals
    from rules.refusal import Refused

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening(
    "cancellation", RequestCancellation, lambda start: contract.cancellation_id(start.account_id), lifecycle.opened
)


@workflow.defn(name=contract.WorkflowType.CANCELLATION)
@speaks_contract
class Cancellation(CaseShell):
    """The cancellation of one account: its requests, its save talk, its offboarding, its proofs."""

    updates = contract.CANCELLATION_UPDATES
    signals = contract.CANCELLATION_SIGNALS

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the case with its first request (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(CancellationCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: CancellationCase, command: Command, now: datetime) -> CancellationCase:
        """A command of a customer or of the team on the cancellation."""
        return commands.apply(case, command, now)

    def receive(self, case: CancellationCase, signal: Request, now: datetime) -> CancellationCase:
        """A signal to the cancellation."""
        return signals.receive(case, signal, now)
