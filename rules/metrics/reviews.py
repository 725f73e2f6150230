"""The reviews that are metrics: when each was last held, and how often it was not (METR-8..10)."""

from __future__ import annotations

from models.case import CaseKind
from models.metrics import CaseRecord, Period
from models.review import ReviewOutcome
from rules.metrics import cases
from rules.metrics.cases import Records


def said(review: str, records: Records, period: Period) -> str:
    """In one sentence how often it was held of the times that ended in the period, and when last; or that it waits."""
    own = [one for one in cases.of_kind(records, CaseKind.REVIEW) if cases.playbook(one) == review]
    ended = [one for one in own if period.has(one.case.closed_at) and one.case.outcome != ReviewOutcome.REJECTED]
    waits = next((f"; '{_name(one)}' waits to be held" for one in own if one.case.closed_at is None), "")
    if not ended:
        return f"none has ended in this period{waits}"
    held = [one.case.closed_at for one in ended if one.case.outcome == ReviewOutcome.HELD and one.case.closed_at]
    last = f", last on {max(held):%Y-%m-%d}" if held else ""
    return f"held {len(held)} of {len(ended)} times{last}{waits}"


def _name(one: CaseRecord) -> str:
    return one.case.workflow_id.partition(":")[2]
