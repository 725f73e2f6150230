"""What makes an account a case: rules and signals as the company writes them, and the alerts that follow (part A)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.base import Id, Record, Request
from models.calendar import Offset
from models.health import HealthRules, Value

Percent = Annotated[int, Field(ge=1, le=100)]
Line = Annotated[str, Field(min_length=1, max_length=300)]


class AlertKind(StrEnum):
    """How the sources class a trigger (A.9), and what else is found without one."""

    IMMEDIATE = "immediate"
    INVESTIGATION = "investigation"
    PROACTIVE_OUTREACH = "proactive_outreach"
    AUTOMATIC_ALERT = "automatic_alert"
    BEHAVIOUR = "behaviour"
    CHURN_LIKELY = "churn_likely"
    HYGIENE = "hygiene"


class RiskLevel(StrEnum):
    """How close an account is to leaving (RISK-86..89); ``none`` is no risk, as a finding of hygiene."""

    NONE = "none"
    WATCH = "watch"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Happens(StrEnum):
    """What an alert results in; nothing is dropped in silence (RISK-85)."""

    OPEN_CASE = "open_case"
    FEED_CASE = "feed_case"
    ESCALATE_CASE = "escalate_case"
    OUTREACH = "outreach"
    WATCH = "watch"
    HYGIENE = "hygiene"
    WIN_BACK = "win_back"


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
    | FewStakeholders
    | NoSponsor,
    Field(discriminator="measure"),
]
"""A rule over measured facts; ``measure`` says how it is measured."""


class SignalSpec(Request):
    """Something that was seen or said, and what it means by itself.

    ``multiplies``: it never is a risk alone, but raises the level of any other (RISK-57). ``statement``: it is a code of
    the dictionary of statements. ``churning``: the customer has decided (RISK-3). ``former``: it is said by who has left.
    """

    kind: Id
    req: str = Field(pattern=r"^(RISK|CONV)-\d+$")
    family: Id
    level: RiskLevel
    alert: AlertKind = AlertKind.BEHAVIOUR
    multiplies: bool = False
    statement: bool = False
    churning: bool = False
    former: bool = False


class Part(Request):
    """One part of a combination: any of these rules and signals."""

    any_of: tuple[Id, ...] = Field(min_length=1)


class Combination(Request):
    """Red flags that together mean that churn is likely; every part is needed (RISK-22..24)."""

    id: Id
    req: str
    says: Line
    level: RiskLevel
    kind: AlertKind
    parts: tuple[Part, ...] = Field(min_length=2)


class Raise(Request):
    """From how many different findings on the risk is at least of that level (RISK-7)."""

    findings: int = Field(ge=2)
    level: RiskLevel


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


class DetectionRules(Request):
    """All of detection: the numbers of part A. ``fresh`` is how long a signal counts, ``lag_days`` how late facts may be.

    ``pressure_lifts_to`` is the highest level that the distress of a customer's own business lifts to (RISK-57).
    For accounts of the severity ``no_case_for`` no case is opened (DIS-5).
    """

    health: HealthRules
    baseline: Baseline
    fresh: Offset
    lag_days: int = Field(ge=0)
    rules: tuple[Rule, ...]
    signals: tuple[SignalSpec, ...]
    combinations: tuple[Combination, ...]
    together: tuple[Raise, ...]
    pressure_lifts_to: RiskLevel
    no_case_for: str
    responses: tuple[Response, ...]
    windows: tuple[WindowSpec, ...]
    probabilities: tuple[Probability, ...]


class Alert(Record):
    """Something that was found of an account: by which rule, since when, by which numbers, and what happens.

    ``was`` and ``now`` are in the unit of the rule: points of score, percent, days or a count; ``bound`` is what it was
    measured against.
    """

    account_id: Id
    rule: Id
    kind: AlertKind
    level: RiskLevel
    since: date
    was: float | None = None
    now: float | None = None
    bound: float | None = None
    happens: Happens = Happens.WATCH
    why: str = ""


class Unjudged(Record):
    """A rule that could not be answered for an account, and why: never an alert, never silence."""

    account_id: Id
    rule: str
    why: str
    day: date | None = None


class AtRisk(Record):
    """What all findings of an account come to (RISK-2..4, RISK-86..89)."""

    account_id: Id
    level: RiskLevel
    churn_likely: bool = False
    actively_churning: bool = False
    window: str = ""
    severity: str = ""
    respond: Offset | None = None
    resources: str = ""
    alerts: tuple[Alert, ...] = ()


class Suggestion(Record):
    """The class of save probability with the most ticks; a person picks, and nothing is given up by itself (AMB-35)."""

    suggested: str = ""
    ticks: dict[str, int] = {}
    why: str = ""
