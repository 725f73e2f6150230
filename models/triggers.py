"""Triggers over measured facts: the score, use, tickets, answers, and who is known (A.3, A.9, A.10)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.alerts import AlertKind, RiskLevel
from models.base import Id, Request
from models.calendar import Offset
from models.health import Value

Percent = Annotated[int, Field(ge=1, le=100)]
Line = Annotated[str, Field(min_length=1, max_length=300)]


class Metric(StrEnum):
    """What is measured of the use of the product each day."""

    ACTIVE_USERS = "active_users"
    LOGINS = "logins"
    KEY_FEATURE_EVENTS = "key_feature_events"


class _Rule(Request):
    id: Id
    req: str = Field(pattern=r"^(RISK|AMB|PLAY|DIS)-\d+[a-z]?$")
    kind: AlertKind
    level: RiskLevel
    says: Line
    escalates: bool = False


class ScoreFallsBelow(_Rule):
    """The score was at ``below`` or over it, and now is under it: crossing, not standing (AMB-7)."""

    measure: Literal["score_falls_below"]
    below: Value


class ScoreIsBelow(_Rule):
    """The score is under ``below``, also where nobody saw it fall."""

    measure: Literal["score_is_below"]
    below: Value


class ScoreFalls(_Rule):
    """The score is ``points`` or more under its highest of the last ``within``."""

    measure: Literal["score_falls"]
    points: Value
    within: Offset


class ScoreStaysBelow(_Rule):
    """Every score since ``lasting`` or longer is under ``below``, without a gap longer than ``longest_gap_days``."""

    measure: Literal["score_stays_below"]
    below: Value
    lasting: Offset
    longest_gap_days: int = Field(ge=1)


class ScoreDeclines(_Rule):
    """So many strict drops from week to week, by the last score of each ISO week (AMB-8)."""

    measure: Literal["score_declines"]
    weeks: int = Field(ge=1, le=52)


class UsageFalls(_Rule):
    """The last ``recent_days`` are ``percent`` or more under the baseline (AMB-13)."""

    measure: Literal["usage_falls"]
    metric: Metric
    percent: Percent


class NoLogin(_Rule):
    """So many measured days in a row, up to the last measured one, without a log-in."""

    measure: Literal["no_login"]
    days: int = Field(ge=1)


class Unused(_Rule):
    """What was used on ``used_percent`` of the baseline days is at zero on every recent one, ``days`` long."""

    measure: Literal["unused"]
    metric: Metric
    days: int = Field(ge=1)
    least_days: int = Field(ge=1)
    used_percent: Percent
    weekends: bool = False


class RhythmSlows(_Rule):
    """Log-ins went from daily to weekly, or from weekly to monthly; a rhythm is active days per measured week."""

    measure: Literal["rhythm_slows"]
    days: int = Field(ge=7)
    least_days: int = Field(ge=1)
    daily_from: float = Field(gt=0, le=7)
    weekly_from: float = Field(gt=0, le=7)


class NegativeTickets(_Rule):
    """So many tickets within a stretch are negative: tagged so, or with a CSAT of at most ``csat`` (AMB-13)."""

    measure: Literal["negative_tickets"]
    count: int = Field(ge=1)
    within: Offset
    sentiments: tuple[str, ...] = Field(min_length=1)
    csat: int = Field(ge=0, le=10)


class CsatBelow(_Rule):
    """A ticket within the stretch was rated below ``below`` of 10."""

    measure: Literal["csat_below"]
    below: int = Field(ge=1, le=10)
    within: Offset


class TicketsRise(_Rule):
    """The tickets of the last ``days`` are at least ``percent`` of the mean of the ``trailing_days`` before (AMB-13)."""

    measure: Literal["tickets_rise"]
    percent: int = Field(gt=100)
    days: int = Field(ge=1)
    trailing_days: int = Field(ge=1)
    least: int = Field(ge=1)


class TicketsStop(_Rule):
    """None in the last ``days``, though there were at least ``least`` in the ``trailing_days`` before."""

    measure: Literal["tickets_stop"]
    days: int = Field(ge=1)
    trailing_days: int = Field(ge=1)
    least: int = Field(ge=1)


class NpsFalls(_Rule):
    """The NPS of the last ``days`` is ``points`` or more under that of the ``days`` before (AMB-13)."""

    measure: Literal["nps_falls"]
    points: int = Field(ge=1, le=200)
    days: int = Field(ge=1)
    least_answers: int = Field(ge=1)


class NpsBelow(_Rule):
    """An answer within the stretch is below ``below`` of 10, whatever was answered before (RISK-11)."""

    measure: Literal["nps_below"]
    below: int = Field(ge=1, le=10)
    within: Offset


class FewStakeholders(_Rule):
    """Fewer than ``least`` people of the customer are known."""

    measure: Literal["few_stakeholders"]
    least: int = Field(ge=1)


class NoSponsor(_Rule):
    """The account has no executive sponsor."""

    measure: Literal["no_sponsor"]


Rule = Annotated[
    ScoreFallsBelow
    | ScoreIsBelow
    | ScoreFalls
    | ScoreStaysBelow
    | ScoreDeclines
    | UsageFalls
    | NoLogin
    | Unused
    | RhythmSlows
    | NegativeTickets
    | CsatBelow
    | TicketsRise
    | TicketsStop
    | NpsFalls
    | NpsBelow
    | FewStakeholders
    | NoSponsor,
    Field(discriminator="measure"),
]
"""A rule over measured facts; ``measure`` says how it is measured."""
