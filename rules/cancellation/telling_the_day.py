"""Letters that speak of the end date: one that was drafted before a day was agreed is drafted anew after it (CANC-25)."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase
from models.case import Case
from models.plan import StepSpec
from rules.edit import waits_since

STEPS = ("acknowledgement", "follow_up", "date_answer", "plan_letter")
"""The steps whose letters ask for the day, or name it, and wait for a person."""


def news_for(case: Case, spec: StepSpec, message_id: str) -> datetime | None:
    """Since when (UTC) a draft is behind the day that was agreed; None where it is not, or is on its way."""
    if not isinstance(case, CancellationCase) or case.end_agreed_at is None or spec.id not in STEPS:
        return None
    since = waits_since(case, message_id)
    return case.end_agreed_at if since and case.end_agreed_at > since else None
