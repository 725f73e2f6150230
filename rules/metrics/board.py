"""The dashboard as data: every metric of part F.16 with its figures, its target and the source's reference lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from models.facts import NpsAnswer
from models.metrics import Board, Metric, Period, Reading
from models.metrics_policy import MetricId, MetricSpec, MetricsPolicy
from rules.metrics import dashboard, leaving, promises, reviews, saves
from rules.metrics.cases import Records

NOTHING = "nothing measured yet"
NO_SOURCE = "not measured: no source"

Readings = tuple[Reading, ...]


def board(
    records: Records,
    policy: MetricsPolicy,
    period: Period,
    now: datetime,
    *,
    nps: Mapping[str, Sequence[NpsAnswer]] | None = None,
) -> Board:
    """All metrics at ``now`` (UTC) for what happened in ``period``; the order of the records does not matter."""
    counted = _counted(records, policy, period, now, nps or {})
    by_calendar = {one.metric: reviews.said(one.review, records, period) for one in policy.reviews}
    found = (_metric(policy.spec(metric), counted, by_calendar) for metric in MetricId)
    return Board(
        at=now,
        period=period,
        open_cancellations=dashboard.open_cancellations(records),
        churn_reasons=dashboard.churn_reasons(records, policy.counting, period),
        candidates=dashboard.candidates(records, policy.counting),
        metrics=tuple(found),
    )


def _metric(
    spec: MetricSpec, counted: Mapping[MetricId, Callable[[], Readings]], by_calendar: Mapping[MetricId, str]
) -> Metric:
    known = {"id": spec.id, "title": spec.title, "src": spec.src, "target": spec.target, "references": spec.references}
    if spec.id in by_calendar:
        return Metric.model_validate(known | {"said": by_calendar[spec.id]})
    readings = counted[spec.id]() if spec.id in counted else ()
    if any(read.whole for read in readings):
        return Metric.model_validate(known | {"readings": readings, "said": spec.note})
    empty = {MetricId.BRAND: f"{NO_SOURCE}; {spec.note}", MetricId.CAVEAT: spec.note}
    return Metric.model_validate(known | {"readings": readings, "said": empty.get(spec.id, NOTHING)})


def _counted(
    records: Records, policy: MetricsPolicy, period: Period, now: datetime, nps: Mapping[str, Sequence[NpsAnswer]]
) -> dict[MetricId, Callable[[], Readings]]:
    rules = policy.counting

    def aim(metric: MetricId, count: Callable[..., Readings], *more: datetime) -> Callable[[], Readings]:
        return partial(count, records, rules, period, policy.spec(metric).target, *more)

    def plain(count: Callable[..., Readings], *more: object) -> Callable[[], Readings]:
        return partial(count, records, rules, period, *more)

    return {
        MetricId.PROCESSING: aim(MetricId.PROCESSING, leaving.processing),
        MetricId.EXPORT: aim(MetricId.EXPORT, leaving.export, now),
        MetricId.FEEDBACK: aim(MetricId.FEEDBACK, leaving.feedback),
        MetricId.ATTEMPTS: aim(MetricId.ATTEMPTS, saves.attempts),
        MetricId.SATISFACTION: aim(MetricId.SATISFACTION, leaving.satisfaction),
        MetricId.WIN_BACK: plain(leaving.win_back, now),
        MetricId.BRAND: plain(leaving.brand, nps),
        MetricId.SAVES: aim(MetricId.SAVES, saves.save_rate),
        MetricId.PLAYBOOKS: plain(saves.playbooks),
        MetricId.SERVICE_LEVEL: aim(MetricId.SERVICE_LEVEL, promises.service_levels),
        MetricId.RESPONSE: aim(MetricId.RESPONSE, saves.response, now),
        MetricId.PROMISES: aim(MetricId.PROMISES, promises.reliability, now),
        MetricId.DURABLE: plain(saves.durable, now),
    }
