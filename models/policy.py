"""The policy: the numbers and words of the process that hold for every plan. None of them is a constant in Python."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from models.base import Id, Request
from models.brief_policy import BriefRules
from models.calendar import ZERO, Clock, Offset
from models.concession_policy import ConcessionRules
from models.eligibility import EligibilityRules
from models.fix_policy import FixEstimates
from models.leaving import LeavingPolicy
from models.meeting_policy import DayThirty
from models.offer import OfferSpec
from models.outcome_policy import OutcomePolicy
from models.people import RoleId
from models.promise_policy import PromiseRules
from models.raci import RaciRule
from models.signal_policy import SignalRules
from models.survey import Survey


class FailureClass(StrEnum):
    """What a failing effect means for the case; the numbers behind a class live in one place each."""

    NOTIFY = "NOTIFY"
    MONEY = "MONEY"
    RECORD = "RECORD"
    BULK = "BULK"


class Rung(Request):
    """One rung of an escalation ladder: who is told, and how long after the breach (AMB-37)."""

    role: RoleId
    after: Offset = ZERO
    clock: Clock = Clock.ELAPSED


class Ladder(Request):
    """An escalation ladder by name; ``warns`` says whether the owner is reminded before the breach."""

    name: str
    warns: bool = True
    rungs: tuple[Rung, ...]


class Permission(Request):
    """Which roles may give a command; an empty list means anybody on the team."""

    command: str
    roles: tuple[RoleId, ...] = ()


class DecisionRule(Request):
    """A step that is a decision, by its plan id, and the roles that alone may finish it besides its owner."""

    step: Id
    roles: tuple[RoleId, ...] = Field(min_length=1)


CONSENT, CLOSING, ROADMAP, QUOTE = (
    "consent",
    "closing",
    "roadmap",
    "quote",
)  # the forms that commands ask for, beside those that steps name


COMMITMENTS = "commitments"
"""The form of evidence that names promises of the register."""


class EvidenceKind(Request):
    """A form of evidence: a pattern that the text must match, and what a refusal shows: what is enough in words, an example.

    ``email_only`` is the pattern that is accepted in place of a call from a customer who wants email (DIS-7).
    """

    name: str
    pattern: str
    enough: str = ""
    example: str
    email_only: str | None = None


class Patience(Request):
    """How long to keep trying an effect of a class: the waits between activities; after the last a person takes over."""

    failure_class: FailureClass
    waits: tuple[Offset, ...]


class RootCauseRule(Request):
    """A root cause of the company's list, its category (RISK-115..118) and the playbook that it picks (PLAY-150).

    ``modules`` are the intervention modules that may be added to the case, ``blocked_modules`` those that never may.
    ``price_helps``: a price may answer it, although its category is one that no price answers by default (SAVE-47).
    """

    code: Id
    category: str
    title: str
    playbook: Id
    modules: tuple[Id, ...] = ()
    blocked_modules: tuple[Id, ...] = ()
    price_helps: bool = False


class Statement(Request):
    """A phrase that customers say, what it means, and how to respond (RISK-25..52).

    ``phrase`` is the source's own wording, ``said`` how it is put in each language, by its code.

    After one that ``says_no`` nothing more is offered and the renewal is not asked about (CONV-20, DIS-24).
    """

    code: Id
    family: str
    phrase: str
    said: dict[str, str] = Field(default_factory=dict)
    meaning: str
    response: tuple[str, ...] = ()
    says_no: bool = False


class Band(Request):
    """A severity band by yearly revenue, lower bound included, in whole units (RISK-99..102, AMB-11)."""

    severity: str
    from_arr: int


class UrgencyBand(Request):
    """An urgency by days until renewal, upper bound included (AMB-10), or by why the case is open (RISK-103..105)."""

    urgency: str
    to_days: int
    reasons: tuple[str, ...] = ()


class Cell(Request):
    """One cell of the prioritisation matrix: response time and the resource level (RISK-106, AMB-9)."""

    severity: str
    urgency: str
    respond: Offset
    resources: str
    ladder: str = "standard"


class Rate(Request):
    """How many units of a currency make one unit of the currency of the bands."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    per_unit: Decimal = Field(gt=0)


class TriageRules(Request):
    """How an account is judged: severity, urgency, the response matrix and its cap (DIS-5, DIS-28)."""

    currency: str = "USD"
    rates: tuple[Rate, ...] = ()
    bands: tuple[Band, ...] = ()
    top_severity: str = "critical"
    long_tenure_years: int = 5
    tenure_alone_min_arr: int = 10_000
    urgencies: tuple[UrgencyBand, ...] = ()
    default_urgency: str = "medium"
    matrix: tuple[Cell, ...] = ()
    cap: Offset | None = None


class Policy(Request):
    """The numbers of the process that hold for every step of a plan.

    The policy files set every field; the defaults serve a case only until its plan is loaded. Where
    ``recovery_follows``, a save that ended well begins the account's recovery by itself (POST-5). ``issue_ladder`` is the
    ladder of what a saved customer waits for and somebody added by hand (POST-10). Only the plans of a leaving customer
    carry ``eligibility``, ``survey`` and ``leaving``.
    """

    warn_percent: int = Field(default=75, ge=1, le=99)
    lead_role: RoleId = "csm"
    manager_role: RoleId = "cs_manager"
    executive_role: RoleId = "executive"
    ladders: tuple[Ladder, ...] = ()
    issue_ladder: str = "standard"
    digest_window: Offset = ZERO
    task_closings_within: Offset = ZERO
    no_contact_after: int = Field(default=5, ge=1)
    reopened_due: Offset = ZERO
    import_grace: Offset = ZERO
    longest_hold: Offset = ZERO
    kept_timeline: int = 200
    held_waits: tuple[Offset, ...] = ()
    patience: tuple[Patience, ...] = (
        Patience(failure_class=FailureClass.RECORD, waits=tuple(Offset(minutes=wait) for wait in (1, 5, 15, 60))),
    )
    permissions: tuple[Permission, ...] = ()
    decisions: tuple[DecisionRule, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    root_causes: tuple[RootCauseRule, ...] = ()
    statements: tuple[Statement, ...] = ()
    triage: TriageRules = TriageRules()
    concessions: ConcessionRules = ConcessionRules()
    brief: BriefRules = BriefRules()
    promises: PromiseRules = PromiseRules()
    risk_signals: SignalRules = SignalRules()
    fix_estimates: FixEstimates | None = None
    day_30: DayThirty | None = None
    outcomes: tuple[OutcomePolicy, ...] = ()
    offers: tuple[OfferSpec, ...] = ()
    raci: tuple[RaciRule, ...] = ()
    recovery_follows: bool = False
    roles: tuple[RoleId, ...] = ()
    eligibility: EligibilityRules = EligibilityRules()
    survey: Survey = Survey()
    leaving: tuple[LeavingPolicy, ...] = ()
