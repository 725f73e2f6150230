"""``ReviewRound``: the calendar asks for a review, and each person or account that has it gets one of its own."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.beginning import BeginningActivities
    from models.policy import FailureClass
    from models.review import BeginReviews, Begun, ReviewRoundStart
    from rules.refusal import Refused

from workflows import contract, payloads
from workflows.options import OPTIONS


@workflow.defn(name=contract.WorkflowType.REVIEW_ROUND)
class ReviewRound:
    """Begins what is due now. What has begun for the period is left alone, however often the round goes."""

    @workflow.run
    @payloads.takes_one
    async def run(self, start: RawValue = payloads.NOTHING, *more: object) -> Begun:
        """Begin the reviews, and give their names."""
        try:
            asked = payloads.fit(ReviewRoundStart, payloads.plain(payloads.only(start, more)))
        except Refused as refused:
            raise payloads.refusal(refused) from None
        return await workflow.execute_activity_method(
            BeginningActivities.begin_reviews,
            BeginReviews(review=asked.review, subject=asked.subject, at=workflow.now()),
            task_queue=contract.Queue.CASES,
            summary=f"begin: {asked.review}",
            **OPTIONS[FailureClass.BULK],
        )
