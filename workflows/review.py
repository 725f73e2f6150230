"""``Review``: a named person holds a review of the calendar and says what came of it (RISK-121, METR-8..10)."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Command
    from models.review import ReviewCase, ReviewStart
    from models.status import Status
    from rules import status
    from rules.refusal import Refused
    from rules.reviews import commands, lifecycle, signals

from workflows import contract, payloads
from workflows.handlers import speaks_contract
from workflows.shell import CaseShell, Opening

_OPENING = Opening("review", ReviewStart, lambda start: contract.review_id(start.name), lifecycle.opened)


@workflow.defn(name=contract.WorkflowType.REVIEW)
@speaks_contract
class Review(CaseShell):
    """One review of one period: its page, whom it asks, and whether it was held."""

    updates = contract.REVIEW_UPDATES
    signals = contract.REVIEW_SIGNALS

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Open the review (or go on with it), follow it through, and give its final status."""
        try:
            self.case = self.begin(ReviewCase, payloads.plain(payloads.only(start, more)), _OPENING)
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return status.of(await self.follow(), self.now())

    def apply(self, case: ReviewCase, command: Command, now: datetime) -> ReviewCase:
        """A command on the review."""
        return commands.apply(case, command, now)

    def receive(self, case: ReviewCase, signal: Request, now: datetime) -> ReviewCase:
        """A signal to it."""
        return signals.receive(case, signal, now)
