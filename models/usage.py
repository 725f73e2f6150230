"""The use of the product over a stated period: what was measured, how much it was, and how it went."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from pydantic import model_validator

from models.base import Record


class Period(Record):
    """Whole days from ``since`` until before ``until``."""

    since: date
    until: date

    @model_validator(mode="after")
    def _forward(self) -> Period:
        if self.since >= self.until:
            raise ValueError(f"a period ends after it begins; {self.since} to {self.until} holds no day")
        return self

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.until - self.since).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    @property
    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(since=self.since - timedelta(days=self.days), until=self.since)

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.since <= day < self.until


class Measure(Record):
    """What a metric came to in a period. ``average`` is that of a measured day; None where no day was measured."""

    metric: str
    period: Period
    measured_days: int = 0
    total: float = 0.0
    average: float | None = None


class Week(Record):
    """Seven days from ``since``, and the middle of what was measured in them; None where that is too little."""

    since: date
    level: float | None = None


class Shape(StrEnum):
    """How the use went (CONV-10)."""

    NOT_MEASURED = "not_measured"
    STEADY = "steady"
    RISING = "rising"
    GRADUAL_DECLINE = "gradual_decline"
    SUDDEN_DROP = "sudden_drop"
    DIPPED = "dipped"


class Trend(Record):
    """How a metric went in a period.

    ``first`` and ``last`` are the middle values of its first and last measured stretch; ``broke_on`` is the day of the
    sharpest fall, ``broke_pct`` how far it went down there.
    """

    metric: str
    period: Period
    shape: Shape = Shape.NOT_MEASURED
    measured_days: int = 0
    last_measured: date | None = None
    first: float | None = None
    last: float | None = None
    change_pct: int | None = None
    broke_on: date | None = None
    broke_pct: int | None = None
    weeks: tuple[Week, ...] = ()
