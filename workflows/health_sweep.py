"""``HealthSweep``: how every account is, each day, and how one is at once when a fact arrives (part A)."""

from __future__ import annotations

import contextlib
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.answering import AnsweringActivities
    from activities.sweeping import SweepActivities
    from models.contract_names import NAMES
    from models.policy import FailureClass
    from models.sweep import FactArrived, Responses, Span, Stock, SweepReport, SweepStart, Swept, TakeStock
    from rules import sweeping
    from rules.refusal import Refused

from workflows import contract, payloads
from workflows.options import OPTIONS


@workflow.defn(name=contract.WorkflowType.HEALTH_SWEEP)
class HealthSweep:
    """Scores the portfolio part by part; after each part its new alerts open or feed their cases.

    Where facts arrive meanwhile, all is judged once more in a run of its own, and the last one is what it came to.
    What is finished is in its history, so that a worker that dies costs the part that it was at. A part that cannot be
    judged or answered keeps no other back; managers hear of it, as of a sweep that stopped.
    """

    def __init__(self) -> None:
        self._report = SweepReport()
        self._heard = False

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> SweepReport:
        """Sweep, and give what it came to."""
        try:
            asked = payloads.fit(SweepStart, payloads.plain(payloads.only(start, more)))
        except Refused as refused:
            raise payloads.refusal(refused) from None
        at = workflow.now()
        key = sweeping.stock_key(workflow.info().workflow_id, at)
        self._report = SweepReport(id=key, account_id=asked.account_id, at=at)
        await (self._one(asked.account_id) if asked.account_id else self._all(TakeStock(key=key, at=at)))
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._heard:
            workflow.continue_as_new(args=[asked])
        return self._report

    @workflow.query
    def status(self) -> SweepReport:
        """How far it is."""
        return self._report

    @workflow.signal(name=NAMES[FactArrived])
    @payloads.takes_one
    def fact_arrived(self, raw: RawValue = payloads.NOTHING, *more: object) -> None:
        """Something new is known: it is judged once more before it ends. Whatever is no such word changes nothing."""
        with contextlib.suppress(Refused):
            payloads.read(FactArrived, payloads.only(raw, more))
            self._heard = True

    async def _one(self, account_id: str) -> None:
        await self._part(Span(at=workflow.now(), account_id=account_id))
        self._finish()

    async def _all(self, stock: TakeStock) -> None:
        try:
            await self._each(stock)
            self._finish()
            self._report = await _done(SweepActivities.keep_report, self._report, "keep what it came to")
        except ActivityError:
            await self._tell()
            raise
        await self._tell()

    async def _each(self, stock: TakeStock) -> None:
        taken: Stock = await _done(SweepActivities.take_stock, stock, "put the facts aside")
        parts = sweeping.parts(taken.accounts)
        self._report = self._report.model_copy(update={"parts": len(parts)})
        await _done(SweepActivities.keep_report, self._report, "keep that it began")
        for buckets in parts:
            await self._tried(Span(key=stock.key, at=stock.at, buckets=buckets))
        await _done(SweepActivities.forget_stock, stock, "put the facts away")

    async def _tell(self) -> None:
        if sweeping.trouble(self._report):
            await _done(SweepActivities.tell_of_trouble, self._report, "tell managers what was left undone")

    def _finish(self) -> None:
        self._report = self._report.model_copy(update={"finished_at": workflow.now()})

    async def _tried(self, span: Span) -> None:
        try:
            await self._part(span)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("a part of the sweep failed and is left to the next sweep", exc_info=error)
            self._report = sweeping.failed(self._report)

    async def _part(self, span: Span) -> None:
        swept: Swept = await _done(SweepActivities.score_accounts, span, _said("score", span))
        responses: Responses = await _done(AnsweringActivities.answer_alerts, span, _said("answer", span))
        self._report = sweeping.told(self._report, swept, responses)


def _said(what: str, span: Span) -> str:
    return f"{what} {span.account_id}" if span.account_id else f"{what} buckets {', '.join(map(str, span.buckets))}"


async def _done(method: Any, request: Any, summary: str) -> Any:
    return await workflow.execute_activity_method(
        method, request, task_queue=contract.Queue.DATA, summary=summary, **OPTIONS[FailureClass.BULK]
    )
