"""Whether what was promised was kept: service levels, commitments, and the weekly update (METR-14, METR-16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.book import StepEntry
from models.case import CaseKind
from models.metrics import MISSED, CaseRecord, Period, Reading
from models.metrics_policy import Counting, Target
from models.promise import Commitment, PromiseState
from models.step import StepState
from rules import service_level
from rules.metrics import cases
from rules.metrics.cases import Records
from rules.metrics.figures import share

_DELIVERED = (PromiseState.DONE, PromiseState.COMMUNICATED, PromiseState.CUSTOMER_CONFIRMED)


def service_levels(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """Of the weeks in which a written service level was measured, how many kept it; a week without a ticket is none."""
    kept = whole = 0
    for record in records:
        missed = {event.step for event in record.timeline if event.kind == MISSED}
        for step in _turns(record, counting.service_level):
            evidence = step.status.evidence
            if period.has(step.ended_at) and evidence and not service_level.quiet(evidence.text):
                whole += 1
                kept += step.status.id not in missed
    return (share("weeks that kept the service level", kept, whole, target),)


def _turns(record: CaseRecord, step_id: str) -> Iterator[StepEntry]:
    return (s for s in record.steps if cases.plan_id(s.status.id) == step_id and s.status.state is StepState.DONE)


def reliability(
    records: Records, counting: Counting, period: Period, target: Target | None, now: datetime
) -> tuple[Reading, ...]:
    """Promises kept in time, of those that were due; and the weekly updates that went out in time (SAVE-18, SAVE-27)."""
    due = [(r, each) for r, each in commitments(records) if period.has(each.due) and _counts(r, each, now)]
    kept = sum(each.state in _DELIVERED and each.breached_at is None for _, each in due)
    return share("promises kept in time", kept, len(due), target), _weekly(records, counting, period, target, now)


def commitments(records: Records) -> Iterator[tuple[CaseRecord, Commitment]]:
    """Every promise once: one that goes along to the next case of its account is meant as it stands there."""
    last: dict[tuple[str, str, datetime], tuple[CaseRecord, Commitment]] = {}
    for kind in (CaseKind.SAVE, CaseKind.RECOVERY, CaseKind.CANCELLATION):
        for record in cases.of_kind(records, kind):
            for each in record.commitments:
                known = last.get((record.case.account_id, each.title, each.due))
                if known is None or known[0].case.opened_at <= record.case.opened_at:
                    last[record.case.account_id, each.title, each.due] = record, each
    return iter(last.values())


def _counts(record: CaseRecord, each: Commitment, now: datetime) -> bool:
    """Whether a promise is due by now; one that was dropped before it was broken is owed no more."""
    if each.state is PromiseState.WITHDRAWN:
        return False
    if each.state is PromiseState.DROPPED:
        return each.breached_at is not None
    return each.state in _DELIVERED or each.breached_at is not None or each.due <= max(now, record.case.as_of)


def _weekly(records: Records, counting: Counting, period: Period, target: Target | None, now: datetime) -> Reading:
    kept = whole = 0
    for record in records:
        for step in (s for s in record.steps if cases.plan_id(s.status.id) == counting.weekly_update):
            due, state = step.status.due, step.status.state
            skipped_before = state is StepState.SKIPPED and (step.ended_at is None or step.ended_at <= (due or now))
            if due is None or not period.has(due) or skipped_before:
                continue
            in_time = state is StepState.DONE and step.ended_at is not None and step.ended_at <= due
            owed = state in (StepState.DONE, StepState.FAILED, StepState.SKIPPED) or (
                record.case.closed_at is None and due <= max(now, record.case.as_of)
            )
            kept, whole = kept + in_time, whole + owed
    return share("weekly updates in time", kept, whole, target)
