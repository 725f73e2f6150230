"""The save case: from a risk signal to a verified outcome (parts B, C and D of the requirements)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.calendar import Offset
from models.case import CaseKind
from models.contact import ContactAttempt as ContactAttempt
from models.contact import CustomerCase
from models.contact import RiskFact as RiskFact
from models.correction import Correction
from models.people import RoleId
from models.starts import CarriedStep


class SaveStage(StrEnum):
    """The stages of a save, in order."""

    OPENED = "opened"
    CONTACTED = "contacted"
    DIAGNOSED = "diagnosed"
    PLANNED = "planned"
    EXECUTING = "executing"
    VALIDATING = "validating"
    CLOSED = "closed"


class SaveOutcome(StrEnum):
    """How a save ends (CONV-23); ``rejected`` is a case that was opened for an account nobody knows."""

    SAVED_FULL = "saved_full"
    SAVED_PARTIAL = "saved_partial"
    PAUSED = "paused"
    DEFERRED = "deferred"
    LOST = "lost"
    DECLINED_CONVERSATION = "declined_conversation"
    NO_CONTACT = "no_contact"
    LET_GO = "let_go"
    REJECTED = "rejected"


class Answer(StrEnum):
    """The answer to one question of the saveable test."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SaveableAnswers(Record):
    """The five questions of the saveable test (RISK-93..97)."""

    can_solve: Answer = Answer.UNKNOWN
    still_needed: Answer = Answer.UNKNOWN
    will_work_with_us: Answer = Answer.UNKNOWN
    economics: Answer = Answer.UNKNOWN
    good_for_us: Answer = Answer.UNKNOWN


class Saveable(StrEnum):
    """The verdict of the saveable test (RISK-90)."""

    SAVEABLE = "saveable"
    UNSAVEABLE = "unsaveable"
    NEEDS_MANAGER_DECISION = "needs_manager_decision"
    UNDECIDED = "undecided"


class Probability(StrEnum):
    """The class of save probability that a person picked (RISK-108..110)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SaveWindow(StrEnum):
    """How far the customer has gone already (RISK-4)."""

    BEST_SHOT = "best_shot"
    GOOD_SHOT = "good_shot"
    TOUGH_SHOT = "tough_shot"
    VERY_TOUGH_SHOT = "very_tough_shot"


class Assessment(Record):
    """Severity x urgency, and what the matrix answers to it (RISK-99..106); ``respond`` counts from ``since``."""

    severity: str
    urgency: str
    respond: Offset
    since: Utc
    resources: str
    ladder: str = "standard"


class SaveCase(CustomerCase):
    """A save attempt for one account (DESIGN: one open save case per account).

    ``no_sales_contact``, ``barred_roles`` and ``attempts_left`` are what the cancellation of the account leaves to it
    (CANC-41, DIS-32); ``attempt_told``: that one knows that this save spoke to the customer. ``corrects`` is the save whose
    outcome was stated wrongly, which this one puts right (CONV-21).
    """

    kind: CaseKind = CaseKind.SAVE
    stage: SaveStage = SaveStage.OPENED
    reached: tuple[SaveStage, ...] = (SaveStage.OPENED,)
    outcome: SaveOutcome | None = None
    stated_reason: str = ""
    root_cause: str | None = None
    whys: tuple[str, ...] = ()
    former_causes: tuple[str, ...] = ()
    assessment: Assessment | None = None
    answers: SaveableAnswers = SaveableAnswers()
    saveable: Saveable = Saveable.UNDECIDED
    probability: Probability | None = None
    window: SaveWindow | None = None
    no_contact_proposed: bool = False
    renewal_asked_at: Utc | None = None
    decision_date: Utc | None = None
    customer_quotes: tuple[str, ...] = ()
    accepted_offer: str | None = None
    follow_up: Utc | None = None
    cancellation_case_id: str = ""
    no_sales_contact: bool = False
    barred_roles: tuple[RoleId, ...] = ()
    attempts_left: int | None = None
    attempt_told: bool = False
    carried_from: str = ""
    corrects: Correction | None = None
    carried_steps: tuple[CarriedStep, ...] = ()

    def first_response(self) -> tuple[Offset, Utc] | None:
        """The response time of the matrix (RISK-106), capped by the policy (DIS-5), and since when it counts."""
        return (self.assessment.respond, self.assessment.since) if self.assessment else None

    def ladder(self) -> str:
        """The ladder of the matrix: the urgent one for critical and immediate (AMB-37)."""
        return self.assessment.ladder if self.assessment else "standard"
