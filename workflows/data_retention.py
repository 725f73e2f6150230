"""``DataRetention``: what is kept of a customer who left, until it is deleted and its deletion proved."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Command
    from models.retention import RetentionCase
    from models.starts import RetentionStart
    from models.status import Status
    from rules import status
    from rules.refusal import Refused
    from rules.retention import commands, lifecycle, signals

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening("retention", RetentionStart, lambda start: contract.retention_id(start.account_id), lifecycle.opened)


@workflow.defn(name=contract.WorkflowType.DATA_RETENTION)
@speaks_contract
class DataRetention(CaseShell):
    """The data of one account that left: retrievable, deleted, gone from the backups."""

    updates = contract.RETENTION_UPDATES
    signals = contract.RETENTION_SIGNALS

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the case (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(RetentionCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: RetentionCase, command: Command, now: datetime) -> RetentionCase:
        """A command on the retention."""
        return commands.apply(case, command, now)

    def receive(self, case: RetentionCase, signal: Request, now: datetime) -> RetentionCase:
        """A signal to the retention."""
        return signals.receive(case, signal, now)
