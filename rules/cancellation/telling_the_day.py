"""Letters that speak of the end date: one that was drafted before a day was agreed is drafted anew after it.

CANC-25, OFFB-17.
"""

from __future__ import annotations

from datetime import datetime

from models.cancellation import END_DATE, CancellationCase
from models.case import Case
from models.plan import StepSpec, When
from rules.edit import waits_since


def news_for(case: Case, spec: StepSpec, message_id: str) -> datetime | None:
    """Since when (UTC) a draft is behind the day that was agreed; None where it is not, or is on its way."""
    if not isinstance(case, CancellationCase) or case.end_agreed_at is None or not spec.tells_end:
        return None
    since = waits_since(case, message_id)
    return case.end_agreed_at if since and case.end_agreed_at > since else None


def from_end(when: When | None) -> bool:
    """Whether that moment of the plan counts from the end date."""
    return when is not None and END_DATE in (when.before, when.after)
