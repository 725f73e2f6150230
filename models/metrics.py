"""What the metrics are counted from, and what comes of it. Nothing that was not measured is shown as zero."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from models.base import Record, Utc
from models.book import CaseEntry, StepEntry
from models.case import TimelineEvent
from models.metrics_policy import MetricId, Reference, Target
from models.promise import Commitment

MISSED, TRIGGER = "service_level_missed", "trigger"
OUTREACH, OUTREACH_SENT, OUTREACH_LEFT = "outreach", "outreach_sent", "outreach_left"
OPTED_IN, OPTED_OUT = "opted_in", "opted_out"
COUNTED = (MISSED, TRIGGER, OUTREACH, OUTREACH_SENT, OUTREACH_LEFT, OPTED_IN, OPTED_OUT)
"""The kinds of lines of a case's history that are counted."""


class CaseRecord(Record):
    """A case as the book has it: with its steps, its promises, and the lines of its history that are counted."""

    case: CaseEntry
    steps: tuple[StepEntry, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()


class Period(Record):
    """From when until before when (UTC) something must have happened to be counted; open ends restrict nothing."""

    since: Utc | None = None
    until: Utc | None = None

    def has(self, at: Utc | None) -> bool:
        """Whether the moment lies in it; what has not happened lies in none."""
        return at is not None and (self.since is None or at >= self.since) and (self.until is None or at < self.until)


class Reading(Record):
    """One figure: ``part`` of ``whole``, a length of time (the median and the 90th percentile), or a mean score.

    ``share`` and the others are None where there is nothing to divide by. ``meets`` says whether the target is reached.
    """

    name: str
    part: int | None = None
    whole: int = 0
    share: float | None = Field(default=None, ge=0, le=1)
    median: timedelta | None = None
    p90: timedelta | None = None
    mean: float | None = None
    meets: bool | None = None


class Metric(Record):
    """A metric with its figures; ``said`` is the sentence where there are none, or what is to be known of them."""

    id: MetricId
    title: str
    src: str
    target: Target | None = None
    readings: tuple[Reading, ...] = ()
    references: tuple[Reference, ...] = ()
    said: str = ""


class StageCount(Record):
    """How many cancellations stand at a stage."""

    stage: str
    count: int


class ReasonCount(Record):
    """How many of those who left in the period named that reason."""

    reason: str
    count: int


class Candidate(Record):
    """A former customer who is remembered and may be spoken to again: since when they are gone (UTC), and why."""

    account_id: str
    case_id: str
    left_at: Utc
    reason: str


class Board(Record):
    """All metrics at a moment (UTC), for a period, and what the dashboard of cancellations shows besides (OFFB-59):
    where the open ones stand, why customers left in the period, and who could be won back now."""

    at: Utc
    period: Period
    open_cancellations: tuple[StageCount, ...] = ()
    churn_reasons: tuple[ReasonCount, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    metrics: tuple[Metric, ...] = ()


class StepDuration(Record):
    """How long one step of one plan takes: from its opening to its end, and against the time that it had.

    ``allowed`` is the median of the time from opening to due. ``late`` of ``with_due`` ended after their due moment or are
    open past it.
    """

    plan: str
    step: str
    ended: int
    median: timedelta | None = None
    p90: timedelta | None = None
    allowed: timedelta | None = None
    late: int = 0
    with_due: int = 0
    late_share: float | None = Field(default=None, ge=0, le=1)


class Amount(Record):
    """Yearly revenue in one currency (minor units)."""

    currency: str
    minor: int


class Quote(Record):
    """What a leaver wrote in the exit survey."""

    account_id: str
    text: str


class Theme(Record):
    """Why customers left: a stated reason, or an entry of the register of incidents and product gaps.

    ``pattern``: as many customers as the policy says, or more. ``told`` are the audiences that hear of it.
    """

    name: str
    title: str = ""
    customers: int
    arr: tuple[Amount, ...] = ()
    quotes: tuple[Quote, ...] = ()
    pattern: bool = False
    told: tuple[str, ...] = ()


class Themes(Record):
    """The themes of a period, the largest first: by reason, and by what they named in the register.

    ``sent``: whoever is to hear of them was written to for this period.
    """

    at: Utc
    period: Period
    leavers: int
    threshold: int
    sent: bool = False
    reasons: tuple[Theme, ...] = ()
    named: tuple[Theme, ...] = ()


class LoopEntry(Record):
    """A leaver who named something that is fixed now. ``blocked`` says why nobody writes to them, if so."""

    account_id: str
    case_id: str
    left_at: Utc | None = None
    named: str
    incident_id: str = ""
    fixed_at: Utc
    fixed: str
    letter: str
    blocked: str = ""
