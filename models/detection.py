"""What makes an account a case: all of detection as the company writes it (part A)."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from models.alerts import Happens, RiskLevel
from models.base import Id, Record, Request
from models.calendar import Offset
from models.health import HealthRules
from models.signals import Combination, Raise, SignalSpec
from models.triggers import Line, Rule


class Response(Request):
    """What a level requires (RISK-86..89, DIS-5)."""

    level: RiskLevel
    happens: Happens
    respond: Offset | None = None
    says: Line


class Baseline(Request):
    """What the use is compared with: the middle per weekday of ``days`` before the last ``within_days`` (AMB-13, DIS-4).

    The last ``recent_days`` are compared; both stretches need so many measured days.
    """

    recent_days: int = Field(ge=1)
    least_recent: int = Field(ge=1)
    within_days: int = Field(ge=1)
    days: int = Field(ge=7)
    least_days: int = Field(ge=1)


class Probability(Request):
    """A class of save probability with its checklist (RISK-108..110); ``success`` is the source's own, unverified."""

    name: Id
    req: str
    success: str
    items: tuple[Line, ...] = Field(min_length=1)


class WindowSpec(Request):
    """A save window, and the signals that put an account into it; the latest that fits wins (RISK-4)."""

    name: Id
    signals: tuple[Id, ...] = ()


class Reach(Record):
    """How many days back the rules look: on the use, on other facts, on scores."""

    usage: int
    facts: int
    scores: int


class SweepTime(Request):
    """When the portfolio is swept each day, by the clock of a time zone."""

    hour: int = Field(ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"'{name}' is no time zone; write one such as Asia/Kuala_Lumpur") from None
        return name


class DetectionRules(Request):
    """All of detection: the numbers of part A. ``fresh`` is how long a signal counts, ``lag_days`` how late facts may be.

    ``pressure_lifts_to`` is the highest level that the distress of a customer's own business lifts to (RISK-57).
    For accounts of the severity ``no_case_for`` no case is opened (DIS-5); they get a letter of the system, at most one
    in ``written_every``. Others are reached by whoever leads them.
    """

    health: HealthRules
    sweep: SweepTime
    baseline: Baseline
    fresh: Offset
    lag_days: int = Field(ge=0)
    rules: tuple[Rule, ...]
    signals: tuple[SignalSpec, ...]
    combinations: tuple[Combination, ...]
    together: tuple[Raise, ...]
    pressure_lifts_to: RiskLevel
    no_case_for: str
    written_every: Offset
    responses: tuple[Response, ...]
    windows: tuple[WindowSpec, ...]
    probabilities: tuple[Probability, ...]
