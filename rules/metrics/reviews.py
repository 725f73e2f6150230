"""The reviews of the process by the calendar: when each was last done, and when it is due (METR-8..10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.metrics import Review
from models.metrics_policy import MetricsPolicy, ReviewSpec
from rules.dating import later
from rules.refusal import one_of


def said(spec: ReviewSpec, reviews: Sequence[Review], now: datetime) -> str:
    """In one sentence when it was last done and is due next; what nobody has noted was never done."""
    done = max((review.at for review in reviews if review.kind == spec.kind), default=None)
    if done is None:
        return f"never noted; note it with 'report review {spec.kind}'"
    due = later(done, spec.every)
    word = "overdue since" if due <= now else "next due"
    return f"last done {done:%Y-%m-%d}, {word} {due:%Y-%m-%d}"


def unknown_kind(kind: str, policy: MetricsPolicy) -> str:
    """The sentence that refuses a review that the policy does not name; empty where it does."""
    kinds = [spec.kind for spec in policy.reviews]
    return "" if kind in kinds else f"there is no review '{kind}'; the policy has: {one_of(kinds)}"
