"""What the metrics are measured against: targets, the source's reference lines, and who hears of a pattern (F.16)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.base import Id, Request
from models.calendar import Offset
from models.eligibility import StatedReason
from models.people import RoleId

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Percent = Annotated[int, Field(ge=0, le=100)]

UNVERIFIED = "unverified claim of the source"


class MetricId(StrEnum):
    """The metrics of part F.16."""

    PROCESSING = "METR-1"
    EXPORT = "METR-2"
    FEEDBACK = "METR-3"
    ATTEMPTS = "METR-4"
    SATISFACTION = "METR-5"
    WIN_BACK = "METR-6"
    BRAND = "METR-7"
    SPOT_CHECK = "METR-8"
    THEMES = "METR-9"
    AUDIT = "METR-10"
    CAVEAT = "METR-11"
    SAVES = "METR-12"
    PLAYBOOKS = "METR-13"
    SERVICE_LEVEL = "METR-14"
    RESPONSE = "METR-15"
    PROMISES = "METR-16"
    DURABLE = "METR-17"


class Target(Request):
    """What is aimed at, in words and as the figure that decides: a length of time, a share in percent, or a score.

    A length of time is an upper bound, a share and a score are lower ones.
    """

    says: Line
    within: Offset | None = None
    percent: Percent | None = None
    score: Annotated[int, Field(ge=0, le=10)] | None = None

    @model_validator(mode="after")
    def _one_figure(self) -> Target:
        given = [figure for figure in (self.within, self.percent, self.score) if figure is not None]
        if len(given) != 1:
            raise ValueError("a target has one figure; give one of within, percent and score")
        return self


class Reference(Request):
    """A line of the source to compare with. Nobody has verified it."""

    id: Id
    says: Line
    src: Line


class MetricSpec(Request):
    """A metric: what it is called, what is aimed at, and what it may be compared with."""

    id: MetricId
    title: Line
    src: Line
    target: Target | None = None
    references: tuple[Reference, ...] = ()
    note: str = ""


class HeldReview(Request):
    """A metric that is whether the review of that name is held by its calendar."""

    metric: MetricId
    review: Id


class Counting(Request):
    """How the cases are counted: the outcomes, the steps that a figure is read from, and its bounds."""

    saved: tuple[Id, ...] = Field(min_length=1)
    undecided: tuple[Id, ...] = ()
    left: Id
    stayed: tuple[Id, ...] = Field(min_length=1)
    work_takes: Offset
    export_warned: Offset
    first_response: Id
    responded_within: Offset
    responded_late: Offset
    weekly_update: Id
    service_level: Id
    satisfaction_question: Id
    win_back_after: tuple[Offset, ...] = Field(min_length=1)
    durable_after: tuple[Offset, ...] = Field(min_length=1)


class Audience(Request):
    """Who hears of the reasons named here; without reasons, of every one."""

    name: Line
    roles: tuple[RoleId, ...] = Field(min_length=1)
    reasons: tuple[StatedReason, ...] = ()

    def hears_of(self, reason: str) -> bool:
        """Whether that reason is theirs."""
        return not self.reasons or reason in self.reasons


class Patterns(Request):
    """From how many customers on a theme is a pattern, and who hears of it (OFFB-36)."""

    customers: int = Field(ge=2, le=1000)
    quotes: int = Field(ge=0, le=20)
    told: tuple[Audience, ...] = Field(min_length=1)


class Loop(Request):
    """How the loop is closed with those who left (OFFB-37): with which letter, and how rarely (OFFB-54)."""

    letter: Id
    contact_every: Offset


class MetricsPolicy(Request):
    """All of it; every metric once."""

    metrics: tuple[MetricSpec, ...]
    counting: Counting
    reviews: tuple[HeldReview, ...]
    patterns: Patterns
    loop: Loop

    @model_validator(mode="after")
    def _complete(self) -> MetricsPolicy:
        named = [spec.id for spec in self.metrics]
        lacking = [metric.value for metric in MetricId if named.count(metric) != 1]
        if lacking:
            raise ValueError(f"every metric is there once, not so: {', '.join(lacking)}; write each one time")
        return self

    def spec(self, metric: MetricId) -> MetricSpec:
        """The metric of that id."""
        return next(spec for spec in self.metrics if spec.id is metric)
