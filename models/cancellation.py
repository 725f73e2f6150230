"""The cancellation case: from a request through the offboarding to a closed account (part F of the requirements)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.base import Record, Utc
from models.case import CaseKind
from models.contact import CustomerCase
from models.eligibility import Override, StatedReason
from models.leaving_stages import CancellationStage as CancellationStage
from models.people import PersonId, RoleId

CONFIRMED, END_DATE, EXPORT_ASKED, WITHDRAWN, CLOSED = "confirmed", "end_date", "export_asked", "withdrawn", "closed"
"""The anchors that the plan of a cancellation counts from, besides the opening."""


class CancellationOutcome(StrEnum):
    """How a cancellation ends.

    ``saved`` is a customer who stays before the cancellation was confirmed, ``saved_after_confirmation`` one who withdrew
    later (AMB-18); ``misrouted`` was no wish to leave; ``scope_changed`` keeps the subscription in a smaller form;
    ``rejected`` is a request for an account that nobody knows.
    """

    LEFT = "left"
    SAVED = "saved"
    SAVED_AFTER_CONFIRMATION = "saved_after_confirmation"
    MISROUTED = "misrouted"
    SCOPE_CHANGED = "scope_changed"
    REJECTED = "rejected"


class RequestChannel(StrEnum):
    """Where a request to cancel comes in (CANC-10)."""

    EMAIL = "email"
    TICKET = "ticket"
    PORTAL = "portal"
    CSM = "csm"


class Scope(StrEnum):
    """How much a request wants to end; less than the whole is a change of scope and no offboarding."""

    WHOLE = "whole"
    PART = "part"
    USERS = "users"


class ReceivedRequest(Record):
    """A request as it came in. ``authorised``: its sender may cancel for the account.

    ``requested_by`` is the id of a contact, or empty where the sender is none; what they wrote lives with its source.
    """

    id: str = ""
    at: Utc
    channel: RequestChannel
    requested_by: str = ""
    authorised: bool = False
    scope: Scope = Scope.WHOLE
    reason: str = ""
    detail: str = ""
    exit_date: date | None = None
    no_sales_contact: bool = False
    taken_by: PersonId | None = None


class Invitation(Record):
    """One save attempt: an invitation, and the conversation that it leads to (AMB-17).

    ``by_save``: no invitation, since the save case of the account spoke to the customer by itself.
    """

    n: int
    at: Utc
    by: PersonId | None = None
    accepted: bool | None = None
    words: str = ""
    answered_at: Utc | None = None
    by_save: bool = False


class Found(StrEnum):
    """What steps of an offboarding plan may depend on; their ``only`` names one."""

    REQUESTER_UNKNOWN = "requester_unknown"
    OTHERS_MAY_CANCEL = "others_may_cancel"
    NOBODY_MAY_CANCEL = "nobody_may_cancel"
    WHOLE = "whole"
    PART = "part"
    DATE_INVALID = "date_invalid"
    SAVE_ATTEMPT = "save_attempt"
    SAVE_ACCEPTED = "save_accepted"
    NEEDS_MANAGER = "needs_manager"
    NEEDS_LEGAL = "needs_legal"
    STRATEGIC = "strategic"
    FEEDBACK_WELCOME = "feedback_welcome"
    FEEDBACK_OPEN = "feedback_open"
    CONTACT_WELCOME = "contact_welcome"
    STRATEGIC_FEEDBACK = "strategic_feedback"
    STRATEGIC_CONTACT = "strategic_contact"
    REFUND_DUE = "refund_due"
    BALANCE_DUE = "balance_due"
    DELTA_HAS_DATA = "delta_has_data"
    ACCESS_LIVE = "access_live"
    ACCESS_REDUCED = "access_reduced"


class DataChoice(StrEnum):
    """What becomes of the customer's data: deleted, or given back and then deleted (GDPR 28(3)(g))."""

    DELETE = "delete"
    RETURN = "return"


class Feedback(StrEnum):
    """Where the exit feedback stands; after ``declined`` nobody asks again (OFFB-34)."""

    NOT_ASKED = "not_asked"
    ANSWERED = "answered"
    DECLINED = "declined"


class SurveyAnswer(Record):
    """The answer to one question of a survey."""

    question: str
    text: str


class SaveTerms(Record):
    """What a cancellation leaves to the save case of the account; ``stays``: it is over, and limits nothing any more."""

    no_sales_contact: bool = False
    barred_roles: tuple[RoleId, ...] = ()
    attempts_left: int | None = None
    stays: bool = False

    @property
    def binds(self) -> tuple[bool, tuple[RoleId, ...], bool, bool]:
        """What of it makes a difference to the save."""
        return self.no_sales_contact, self.barred_roles, self.attempts_left == 0, self.stays


class ReasonBefore(Record):
    """A reason that was noted and corrected since: who corrected it, and when (UTC)."""

    reason: StatedReason
    detail: str = ""
    corrected_at: Utc
    corrected_by: PersonId


class CancellationCase(CustomerCase):
    """The cancellation of one account.

    ``requests`` are all that came in, the first of which opened the case. ``end_date`` is the first day without the
    service, as agreed at ``end_agreed_at`` (UTC); ``asked_end_date`` the day that the customer named. ``scope`` is how
    much ends, once a person or an authorised request has settled it. ``attempt_left`` is why people leave the save
    attempt out that the rules would allow. ``opening_answered``: who sent the first request has their answer, so that
    the same one is from now on a second one. ``reasons_before`` are the reasons that were corrected, the first one first;
    ``policy_since`` is when the policy of leaving was picked (UTC). ``save_outcome``
    is how the save attempt of this cancellation ended; ``save_terms`` what an open save case knows, None where none is
    open. ``strong_relationship`` and ``unusual`` circumstances are what a person says as they validate the wish.
    ``erased_at`` is when the customer's data was erased, and with it whom to write to (UTC).
    """

    kind: CaseKind = CaseKind.CANCELLATION
    stage: CancellationStage = CancellationStage.RECEIVED
    reached: tuple[CancellationStage, ...] = (CancellationStage.RECEIVED,)
    outcome: CancellationOutcome | None = None
    requests: tuple[ReceivedRequest, ...] = ()
    policy: str = ""
    policy_since: Utc | None = None
    intentional: bool | None = None
    churn_reason: StatedReason = StatedReason.UNKNOWN
    reason_detail: str = ""
    destination: str = ""
    no_sales_contact: bool = False
    strong_relationship: bool = False
    unusual: str = ""
    scope: Scope | None = None
    asked_end_date: date | None = None
    end_date: date | None = None
    end_agreed_at: Utc | None = None
    waiver: str = ""
    invitations: tuple[Invitation, ...] = ()
    attempt_override: Override | None = None
    attempt_left: str = ""
    save_outcome: str = ""
    save_terms: SaveTerms | None = None
    withdrawn_at: Utc | None = None
    feedback: Feedback = Feedback.NOT_ASKED
    answers: tuple[SurveyAnswer, ...] = ()
    satisfaction: int | None = None
    data_choice: DataChoice | None = None
    opening_answered: bool = False
    reasons_before: tuple[ReasonBefore, ...] = ()
    clean_break: bool = False
    proof_wanted: bool = False
    erased_at: Utc | None = None

    @property
    def request(self) -> ReceivedRequest:
        """The request that opened the case."""
        return self.requests[0]

    def done(self, step_id: str) -> bool:
        """Whether that step was done."""
        return any(step.step_id == step_id and step.state == "done" for step in self.steps)

    def begun(self, step_id: str) -> bool:
        """Whether that step has opened, whatever became of it."""
        return any(step.step_id == step_id and step.opened_at is not None for step in self.steps)
