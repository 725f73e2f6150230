"""How long each step takes, by plan: which ones take too long, and which are late again and again (OFFB-61)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from models.metrics import CaseRecord, Period, StepDuration
from models.step import StepState
from rules.metrics import cases
from rules.metrics.cases import Records
from rules.metrics.figures import NINTH, middle, percentile

_Row = tuple[CaseRecord, int]


def durations(records: Records, period: Period, now: datetime, plan: str | None = None) -> tuple[StepDuration, ...]:
    """Every step that ended in the period, or is open now, by plan and step; the latest share first within a plan.

    A turn of a recurring step counts as one. ``plan``: that playbook alone.
    """
    found: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for record in (r for r in records if plan in (None, cases.playbook(r))):
        for n, step in enumerate(record.steps):
            ended = step.status.state is StepState.DONE and period.has(step.ended_at)
            if ended or step.status.state is StepState.OPEN:
                found[cases.playbook(record), cases.plan_id(step.status.id)].append((record, n))
    rows = (_duration(*key, turns, now) for key, turns in found.items())
    return tuple(sorted(rows, key=lambda row: (row.plan, -(row.late_share or 0), row.step)))


def _duration(plan: str, step: str, turns: Sequence[_Row], now: datetime) -> StepDuration:
    taken, allowed, late, with_due = list[timedelta](), list[timedelta](), 0, 0
    for record, n in turns:
        opens, due, ended = record.steps[n].status.opens, record.steps[n].status.due, record.steps[n].ended_at
        reached = ended or record.case.closed_at or max(now, record.case.as_of)
        if ended and opens:
            taken.append(max(ended - opens, timedelta()))
        if opens and due:
            allowed.append(max(due - opens, timedelta()))
        if due and (ended or reached > due):
            with_due, late = with_due + 1, late + (reached > due)
    return StepDuration(
        plan=plan,
        step=step,
        ended=sum(record.steps[n].ended_at is not None for record, n in turns),
        median=middle(taken) if taken else None,
        p90=percentile(taken, NINTH) if taken else None,
        allowed=middle(allowed) if allowed else None,
        late=late,
        with_due=with_due,
        late_share=late / with_due if with_due else None,
    )
