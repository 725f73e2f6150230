"""What the dashboard of cancellations shows besides the metrics: stages, reasons, who could be won back (OFFB-59)."""

from __future__ import annotations

from collections import Counter

from models.case import CaseKind
from models.metrics import Candidate, CaseRecord, Period, ReasonCount, StageCount
from models.metrics_policy import Counting
from rules.metrics import cases
from rules.metrics.cases import Records


def open_cancellations(records: Records) -> tuple[StageCount, ...]:
    """Where the open cancellations stand."""
    found = cases.of_kind(records, CaseKind.CANCELLATION)
    stages = Counter(record.case.stage for record in found if record.case.closed_at is None)
    return tuple(StageCount(stage=stage, count=count) for stage, count in sorted(stages.items()))


def churn_reasons(records: Records, counting: Counting, period: Period) -> tuple[ReasonCount, ...]:
    """Why customers left in the period, the most frequent reason first."""
    gone = [r for r in cases.leavers(records, counting) if period.has(cases.left_at(r))]
    counts = Counter(cases.leaving(record).churn_reason for record in gone)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(ReasonCount(reason=reason, count=count) for reason, count in ordered)


def candidates(records: Records, counting: Counting) -> tuple[Candidate, ...]:
    """Who left, is remembered by an open win-back, and did not ask for a clean break; the longest gone first (OFFB-51)."""
    last: dict[str, CaseRecord] = {}
    for record in sorted(cases.leavers(records, counting), key=lambda r: cases.left_at(r) or r.case.as_of):
        last[record.case.account_id] = record
    memories = [r for r in cases.of_kind(records, CaseKind.WIN_BACK) if r.case.closed_at is None]
    known = ((memory, last[memory.case.account_id]) for memory in memories if memory.case.account_id in last)
    found = (_candidate(memory, left) for memory, left in known if not cases.leaving(left).clean_break)
    return tuple(sorted(found, key=lambda one: (one.left_at, one.account_id)))


def _candidate(memory: CaseRecord, left: CaseRecord) -> Candidate:
    return Candidate(
        account_id=memory.case.account_id,
        case_id=memory.case.case_id,
        left_at=cases.left_at(left) or memory.case.opened_at,
        reason=cases.leaving(left).churn_reason,
    )
