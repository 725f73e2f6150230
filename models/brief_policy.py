"""The policy of the two documents: how far back they look, what counts as a drop, how long they may be."""

from __future__ import annotations

from pydantic import Field

from models.base import Request
from models.offer import OfferKind


class TrendRules(Request):
    """What counts as a decline (CONV-10). Stretches of ``window_days`` are compared by their middle values.

    A stretch with fewer than ``least_days`` measured days says nothing, nor does a week with fewer than
    ``week_least_days``. A change below ``steady_pct`` is none; a fall
    of ``drop_pct`` or more from one stretch to the next is a sudden drop.
    """

    window_days: int = Field(default=14, ge=1, le=60)
    least_days: int = Field(default=5, ge=1, le=60)
    week_least_days: int = Field(default=5, ge=1, le=7)
    steady_pct: int = Field(default=15, ge=1, le=99)
    drop_pct: int = Field(default=40, ge=1, le=99)


class BriefRules(Request):
    """What the preparation brief (CONV-9..13) and the value summary (SAVE-10) go by.

    ``engagement_metric`` is the one whose trend is told; ``depth_metric`` per unit of it below ``low_depth`` is little
    use of the key features. ``averaged`` metrics have no sum, such as people counted anew each day.
    A case on ``skippable_ladder`` may call without a brief, with a reason (DIS-6).
    Two periods are compared where ``compare_from_pct`` of the days of each were measured. A page has at most
    ``most_words`` (two minutes of reading) and lists up to ``most_lines`` of a kind, fewer where the words run out.
    """

    skippable_ladder: str = ""
    look_back_days: int = Field(default=90, ge=7, le=730)
    most_words: int = Field(default=450, ge=100)
    most_lines: int = Field(default=5, ge=1)
    engagement_metric: str = Field(default="active_users", min_length=1)
    depth_metric: str = Field(default="key_feature_events", min_length=1)
    low_depth: float = Field(default=3.0, gt=0)
    averaged: tuple[str, ...] = ("active_users",)
    compare_from_pct: int = Field(default=50, ge=1, le=100)
    trend: TrendRules = TrendRules()
    alternative_kinds: tuple[OfferKind, ...] = ()
    positive_sentiments: tuple[str, ...] = ()
    praise_from_score: int = Field(default=9, ge=0, le=10)
