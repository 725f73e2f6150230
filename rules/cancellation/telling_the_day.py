"""Letters that speak of the end date: one that was drafted before a day was agreed is drafted anew after it.

CANC-25, OFFB-17.
"""

from __future__ import annotations

from datetime import datetime

from models.cancellation import END_DATE, CancellationCase
from models.case import Case
from models.plan import StepSpec, When
from rules.edit import waits_since

STEPS = ("acknowledgement", "follow_up", "date_answer", "plan_letter", "data_choice")
"""The steps that count from the request or the confirmation, and whose letters ask for the day, or name it."""


def news_for(case: Case, spec: StepSpec, message_id: str) -> datetime | None:
    """Since when (UTC) a draft is behind the day that was agreed; None where it is not, or is on its way."""
    if not isinstance(case, CancellationCase) or case.end_agreed_at is None or not _tells(spec):
        return None
    since = waits_since(case, message_id)
    return case.end_agreed_at if since and case.end_agreed_at > since else None


def from_end(when: When | None) -> bool:
    """Whether that moment of the plan counts from the end date."""
    return when is not None and END_DATE in (when.before, when.after)


def _tells(spec: StepSpec) -> bool:
    """Whether the letter of that step speaks of the end: it is sent at a distance from it, or is known to name it."""
    return spec.id in STEPS or from_end(spec.opens)
