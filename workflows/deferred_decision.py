"""``DeferredDecision``: waits for the date on which a customer decides, and then takes the account up again (CONV-23).

It is a workflow of its own, since a save attempt that waited itself would keep its id from the next one of the account.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.siblings import SiblingActivities
    from models.work import Receipt, StartCase

from workflows import contract

_RETRY = RetryPolicy(maximum_interval=timedelta(hours=1))


@workflow.defn(name=contract.DEFERRED_DECISION)
class DeferredDecision:
    """One deferred decision of one account. To cancel it takes the date back."""

    @workflow.run
    async def run(self, request: StartCase) -> Receipt:
        """Sleep until the date, then start a save attempt, or tell the one that is open by then."""
        if request.not_before:
            wait = max(request.not_before - workflow.now(), timedelta(milliseconds=1))
            await workflow.sleep(wait, summary=f"decision of {request.account_id}")
        return await workflow.execute_activity_method(
            SiblingActivities.start_case,
            request.model_copy(update={"not_before": None}),
            task_queue=contract.Queue.CASES,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary=request.summary,
        )
