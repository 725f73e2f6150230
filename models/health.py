"""The health of an account: the model that weighs it, and a score that says what it is made of (RISK-63..70)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.base import Id, Record, Request
from models.calendar import Offset

Value = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
"""A sub-metric or a score, 0 to 100."""


class Component(Request):
    """One part of the score: its weight in percent, and the sub-metrics that share it equally (AMB-6).

    A component without a weight belongs to a model whose weights the company has to write first (DIS-1).
    """

    name: Id
    weight: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    metrics: tuple[Id, ...] = Field(min_length=1)


class HealthModel(Request):
    """A way to weigh an account (RISK-63, RISK-68)."""

    name: Id
    components: tuple[Component, ...] = Field(min_length=1)


class HealthBand(Request):
    """A band of the score from ``from_score`` up to the next band, which is not part of it (RISK-70, AMB-7)."""

    name: Id
    from_score: Value
    colour: str
    action: str


class Step(Request):
    """One point of a curve: where the raw figure is ``at``, the sub-metric is ``value``."""

    at: float = Field(allow_inf_nan=False)
    value: Value


class Curve(Request):
    """How a figure of our own facts becomes a sub-metric: straight lines between the steps, flat beyond them."""

    metric: Id
    steps: tuple[Step, ...] = Field(min_length=2)


class PaymentValue(Request):
    """What a state of payment is worth."""

    status: Id
    value: Value


class HealthRules(Request):
    """Which model scores, over which sub-metrics, and what a score means (RISK-63..70, DIS-1).

    ``given`` are sub-metrics that only arrive as values of 0 to 100, and hold for ``given_fresh``. A score needs
    ``least_percent`` of the weight. ``look_back`` is the stretch of our own facts that a curve reads, ``least_days`` how
    many measured days it needs there.
    """

    model: Id
    models: tuple[HealthModel, ...] = Field(min_length=1)
    bands: tuple[HealthBand, ...] = Field(min_length=1)
    least_percent: int = Field(ge=1, le=100)
    given: tuple[Id, ...]
    given_fresh: Offset
    look_back: Offset
    least_days: int = Field(ge=1)
    curves: tuple[Curve, ...]
    payments: tuple[PaymentValue, ...]

    @property
    def chosen(self) -> HealthModel:
        """The model in use."""
        return next(model for model in self.models if model.name == self.model)

    def band_of(self, score: float) -> HealthBand:
        """The band of a score; lower bounds belong to it."""
        ordered = sorted(self.bands, key=lambda band: band.from_score, reverse=True)
        return next(band for band in ordered if score >= band.from_score)


class ScoreState(StrEnum):
    """Whether there was enough to score."""

    SCORED = "scored"
    INSUFFICIENT_DATA = "insufficient_data"


class ComponentScore(Record):
    """What a component came to. ``weight`` is its share in percent after the missing ones were left out."""

    name: Id
    weight: float = 0
    value: float | None = None
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.weight * (self.value or 0) / 100


class HealthScore(Record):
    """The score of an account on a day. Without a score the state says why."""

    account_id: Id
    day: date
    state: ScoreState
    score: float | None = None
    band: str = ""
    available_percent: float = 0
    components: tuple[ComponentScore, ...] = ()


class Movement(Record):
    """Which component moved the score between two days, by how many points, and since which day."""

    since: date
    until: date
    points: float
    component: str
    component_points: float
    was: float | None
    now: float | None
