"""``Deferral``: the day on which a customer said that they would decide does not pass in silence."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.siblings import SiblingActivities
    from models.commands import RiskSignal
    from models.contract_names import NAMES
    from models.policy import FailureClass
    from models.starts import DeferralStart, HandedOver, TakeOver
    from models.status import Status
    from models.work import Receipt, StartCase
    from rules import deferring
    from rules.refusal import Refused

from workflows import contract, payloads
from workflows.options import OPTIONS

_AGAIN = timedelta(hours=1)


@workflow.defn(name=contract.WorkflowType.DEFERRAL)
class Deferral:
    """Waits for the day of the decision, then opens the save again, or tells the one that is open."""

    def __init__(self) -> None:
        self._start: DeferralStart | None = None
        self._opened = ""
        self._opening = False
        self._handed_over = False

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Status:
        """Sleep until the customer decides, open their save, and give the final status."""
        try:
            self._start = deferring.merged(payloads.fit(DeferralStart, payloads.plain(payloads.only(start, more))))
        except Refused as refused:
            raise payloads.refusal(refused) from None
        wait = max(self._start.decides_at - workflow.now(), timedelta(milliseconds=1))
        await workflow.sleep(wait, summary="the customer decides")
        self._opening = True
        self._opened = (await self._open(self._start)).id
        return self.status()

    @workflow.query
    def parked(self) -> TakeOver | None:
        """What waits here for a save of the account that is open before the day (SAVE-29)."""
        there = self._start and not self._opening and not self._handed_over
        return deferring.parked(self._start) if self._start and there else None

    @workflow.signal(name=NAMES[HandedOver])
    @payloads.takes_one
    def handed_over(self, raw: RawValue = payloads.NOTHING, *more: object) -> None:
        """A save has taken that over; whatever is no such word changes nothing."""
        with contextlib.suppress(Refused):
            payloads.read(HandedOver, payloads.only(raw, more))
            self._handed_over = True
            self._start = deferring.handed_over(self._start) if self._start else None

    @workflow.query
    def status(self) -> Status:
        """Whose decision is waited for, and until when."""
        if self._start is None:
            raise Refused(contract.RefusalType.UNKNOWN_CASE, "the deferral is being opened; ask again in a moment")
        return deferring.status_of(self._start, self._opened, workflow.info().start_time, workflow.now())

    async def _open(self, start: DeferralStart) -> Receipt:
        """What is owed is not given up: a start that fails for long is tried again an hour later."""
        while True:
            try:
                return await workflow.execute_activity_method(
                    SiblingActivities.start_case,
                    _request(start),
                    task_queue=contract.Queue.CASES,
                    summary="open the save again",
                    **OPTIONS[FailureClass.RECORD],
                )
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                await workflow.sleep(_AGAIN, summary="try again to open the save")


def _request(start: DeferralStart) -> StartCase:
    return StartCase(
        key=f"{start.save_case_id}/deferral/start_case",
        case_id=start.save_case_id,
        account_id=start.account_id,
        workflow_type=contract.WorkflowType.SAVE_ATTEMPT,
        workflow_id=contract.save_id(start.account_id),
        summary=f"save: {start.account_id}",
        save=deferring.save_start(start, workflow.now()),
        signal=RiskSignal(kind=deferring.REASON, detail=start.detail, at=start.decides_at),
    )
