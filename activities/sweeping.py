"""A sweep of the portfolio: facts are put aside, scored part by part, and new alerts kept for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.beating import beating
from activities.faults import reporting_faults
from models.sweep import Span, Stock, SweepReport, Swept, TakeStock
from models.work import Receipt
from rules.sweeping import UNANSWERABLE, WEIGHTY

if TYPE_CHECKING:
    from activities.judging import Judge
    from activities.sweep_news import SweepNews
    from adapters.alerts.port import AlertsPort
    from adapters.sweeps.port import SweepsPort


class SweepActivities:
    """What ``HealthSweep`` asks for to know how the accounts are."""

    def __init__(self, judge: Judge, alerts: AlertsPort, sweeps: SweepsPort, news: SweepNews) -> None:
        self._judge, self._alerts, self._sweeps, self._news = judge, alerts, sweeps, news

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

    @activity.defn
    @reporting_faults
    async def keep_report(self, report: SweepReport) -> SweepReport:
        """Keep what a sweep came to until now, with how many accounts became what; gives it back."""
        found = await self._alerts.became(report.at, WEIGHTY, UNANSWERABLE) if report.at else {}
        kept = report.model_copy(update={"became": found})
        await self._sweeps.put(kept)
        return kept

    @activity.defn
    @reporting_faults
    async def tell_of_trouble(self, report: SweepReport) -> Receipt:
        """Tell every manager what the sweep left undone; the receipt names the sweep, and how many were told."""
        told = await beating(self._news.tell(report))
        assert report.at is not None
        return Receipt(id=f"{report.id}: {told} told", at=report.at)
