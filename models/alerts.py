"""What was found of an account, how near it is to leaving, and what happens (RISK-85..89, AMB-35)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.base import Id, Record, Utc
from models.calendar import Offset
from models.people import PersonId


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


DERIVED = ("several_signals", "business_under_pressure")
"""What several findings come to (RISK-7), and one under the pressure on a customer's business (RISK-57)."""


def heard_as(rule: str, kind: AlertKind) -> str:
    """What a case hears of an alert: of every red flag that churn is likely, as the policy of urgency knows it."""
    return kind.value if kind is AlertKind.CHURN_LIKELY else rule


class Happens(StrEnum):
    """What an alert results in; nothing is dropped in silence (RISK-85)."""

    OPEN_CASE = "open_case"
    FEED_CASE = "feed_case"
    ESCALATE_CASE = "escalate_case"
    OUTREACH = "outreach"
    WATCH = "watch"
    HYGIENE = "hygiene"
    WIN_BACK = "win_back"


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


UNANSWERED = "could not be answered: "
"""How the answer of an alert begins for which nothing could be done."""


class AlertEntry(Alert):
    """An alert as it is kept: open until its case has ended, it is over, or a person dismissed it (RISK-85).

    ``held``: its rule held at the last sweep, and ``told_at`` is the last fact or crossing that it rested on then: what was
    settled comes back only after it had ended, or by a later one. ``answer`` says what was done about it and when, ``case``
    is the workflow id of the case that it opened or fed, ``written``: the customer got a letter of the system. Moments are
    UTC.
    """

    id: str
    bucket: int = 0
    family: str = ""
    severity: str = ""
    raised_at: Utc
    open: bool = True
    held: bool = True
    told_at: Utc | None = None
    answered_at: Utc | None = None
    answer: str = ""
    written: bool = False
    case: str = ""
    settled_at: Utc | None = None
    settled_by: PersonId | None = None
    reason: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether nothing could be done about it; it waits for a person."""
        return self.answer.startswith(UNANSWERED)


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
