"""A sweep of the portfolio: facts are put aside, scored part by part, and new alerts kept for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.beating import beating
from activities.faults import reporting_faults
from models.sweep import Span, Stock, Swept, TakeStock
from models.work import Receipt

if TYPE_CHECKING:
    from activities.judging import Judge


class SweepActivities:
    """What ``HealthSweep`` asks for to know how the accounts are."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @activity.defn
    @reporting_faults
    async def take_stock(self, request: TakeStock) -> Stock:
        """Put aside the facts of all accounts as they are now, once for the key."""
        return await beating(self._judge.take_stock(request.key, request.at))

    @activity.defn
    @reporting_faults
    async def score_accounts(self, span: Span) -> Swept:
        """Score the accounts of a span, keep their scores of the day, and raise and settle their alerts.

        The same span again finds its own alerts there and raises none twice. Fails with ``BadPlaybook``, ``BadFrame``,
        ``NoStock``, or ``UnknownAccount`` for one account that nobody knows.
        """
        return await beating(self._judge.swept(span))

    @activity.defn
    @reporting_faults
    async def forget_stock(self, request: TakeStock) -> Receipt:
        """Remove what was put aside."""
        await self._judge.forget(request.key)
        return Receipt(id=request.key, at=request.at)
