"""A case: a lifecycle and a plan, whole and serialisable. It is what continue-as-new passes on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from models.account import Account
from models.base import Record, Utc
from models.calendar import Offset
from models.concession import Approval, Offer
from models.effects import Action, DigestLine, PausedLane, Retry
from models.finding import Finding
from models.incident import SharedIncident
from models.past_step import PastStep
from models.people import PersonId, RoleId, Team
from models.plan import Plan, StepSpec
from models.promise import Commitment
from models.step import Step


class CaseKind(StrEnum):
    """Which lifecycle a case follows."""

    SAVE = "save"
    RECOVERY = "recovery"
    DEFERRAL = "deferral"
    CANCELLATION = "cancellation"
    RETENTION = "retention"
    WIN_BACK = "win_back"
    REVIEW = "review"


class RefusalType(StrEnum):
    """Why a command is refused; the ``type`` of the error that a caller gets."""

    BAD_PAYLOAD = "BadPayload"
    UNKNOWN_ACCOUNT = "UnknownAccount"
    UNKNOWN_PLAYBOOK = "UnknownPlaybook"
    UNKNOWN_STEP = "UnknownStep"
    UNKNOWN_PERSON = "UnknownPerson"
    UNKNOWN_ROLE = "UnknownRole"
    UNKNOWN_ROOT_CAUSE = "UnknownRootCause"
    UNKNOWN_OUTCOME = "UnknownOutcome"
    UNKNOWN_MESSAGE = "UnknownMessage"
    UNKNOWN_STATEMENT = "UnknownStatement"
    UNKNOWN_SIGNAL = "UnknownSignal"
    UNKNOWN_CASE = "UnknownCase"
    UNKNOWN_COMMITMENT = "UnknownCommitment"
    UNKNOWN_OFFER = "UnknownOffer"
    UNKNOWN_APPROVAL = "UnknownApproval"
    UNKNOWN_REVIEW = "UnknownReview"
    BAD_PLAYBOOK = "BadPlaybook"
    ILLEGAL_MOVE = "IllegalMove"
    NOT_ALLOWED = "NotAllowed"
    CASE_CLOSED = "CaseClosed"
    ATTEMPT_LIMIT = "AttemptLimit"
    ROOT_CAUSE_MISSING = "RootCauseMissing"
    INVESTIGATION_OPEN = "InvestigationOpen"
    APPROVAL_MISSING = "ApprovalMissing"
    EVIDENCE_MISSING = "EvidenceMissing"
    BRIEF_MISSING = "BriefMissing"
    CONSENT_MISSING = "ConsentMissing"
    MESSAGE_NOT_READY = "MessageNotReady"
    MAIL_REFUSED = "MailRefused"
    CRM_REFUSED = "CrmRefused"
    UNKNOWN_DELIVERY = "UnknownDelivery"
    OFFER_BLOCKED = "OfferBlocked"
    OFFER_EXPIRED = "OfferExpired"
    ABOVE_LIMIT = "AboveLimit"
    ABSURD_FIGURE = "AbsurdFigure"
    TIE_MISSING = "TieMissing"
    IN_COOLDOWN = "InCooldown"
    SELF_APPROVED = "SelfApproved"
    ALREADY_DECIDED = "AlreadyDecided"
    INTERNAL_FAULT = "InternalFault"


class Anchor(Record):
    """A named moment that steps count from."""

    name: str
    at: Utc


class Hold(Record):
    """A pause of the people's clocks until a date; promises to the customer go on."""

    since: Utc
    until: Utc
    reason: str
    by: PersonId


class MessageState(StrEnum):
    """Where a message to the customer stands."""

    DRAFTED = "drafted"
    SENT = "sent"
    DROPPED = "dropped"


class Message(Record):
    """A message of the case, by id; its text and the address live in the database (AMB-41).

    ``drafted_at`` is the moment whose knowledge the draft holds (UTC), ``drafts`` how often it was drafted.
    """

    id: str
    step: str
    template: str
    state: MessageState = MessageState.DRAFTED
    released_by: PersonId | None = None
    receipt: str = ""
    at: Utc
    drafted_at: Utc | None = None
    drafts: int = 1
    revision: int = 0


class TimelineEvent(Record):
    """One line of the case's history: when, what, who and why."""

    n: int
    at: Utc
    kind: str
    text: str
    by: PersonId | None = None
    step: str | None = None


class Notice(Record):
    """A line that somebody must still be told; it leaves with their next digest."""

    person: PersonId
    line: DigestLine
    at: Utc


class AskKind(StrEnum):
    """What a command waits for before it is answered."""

    PLAN = "plan"
    PERSON = "person"
    RELEASE = "release"
    STANDING = "standing"


class Edit(Record):
    """A part of a message that a person wrote."""

    name: str
    text: str


class Ask(Record):
    """A command that needs an answer from outside before it takes effect: a plan, a person, a release, a standing.

    ``offer`` is what is proposed, or what the customer accepted, before the standing is known.
    """

    id: str
    kind: AskKind
    subject: str
    by: PersonId
    at: Utc
    reason: str = ""
    role: RoleId = ""
    edits: tuple[Edit, ...] = ()
    offer: Offer | None = None
    awaited: bool = False
    answered: bool = False
    refusal: RefusalType | None = None
    sentence: str = ""


class Sibling(Record):
    """A case of the same account that this one must still start, or tell what was seen where it is open already.

    ``only_told``: it hears the signal where it is open, and is not started where it is not.
    """

    kind: CaseKind
    at: Utc
    by: PersonId = ""
    reason: str = ""
    signal: str = ""
    detail: str = ""
    only_told: bool = False


class Case(Record):
    """What every case has, whatever its lifecycle. Every stored field has a default, so that old histories load.

    ``deferred_before`` says that a deferral of the account may wait, ``deferral_over_at`` since when it must not any more
    (UTC), ``parked_since`` since when what it carries is to be taken over.
    ``extras`` are obligations that are not of the present plan: added by hand, or done under a former playbook.
    """

    case_id: str = ""
    kind: CaseKind = CaseKind.SAVE
    account_id: str = ""
    opened_by: PersonId = ""
    opened_at: Utc
    reason: str = ""
    stage: str = "opened"
    outcome: str | None = None
    closed_at: Utc | None = None
    account: Account | None = None
    team: Team = Team()
    plan: Plan | None = None
    extras: tuple[StepSpec, ...] = ()
    steps: tuple[Step, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    hold: Hold | None = None
    messages: tuple[Message, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    offers: tuple[Offer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    incidents: tuple[SharedIncident, ...] = ()
    asks: tuple[Ask, ...] = ()
    notices: tuple[Notice, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    deferred_before: bool = False
    deferral_over_at: Utc | None = None
    parked_since: Utc | None = None
    past: tuple[PastStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    imported_at: Utc | None = None
    timeline: tuple[TimelineEvent, ...] = ()
    events: int = 0
    in_flight: tuple[Action, ...] = ()
    retries: tuple[Retry, ...] = ()
    paused: tuple[PausedLane, ...] = ()
    digests: int = 0
    syncs: int = 0
    asked: int = 0
    revision: int = Field(default=1)
    booked_revision: int = 0
    booked_events: int = 0
    closing_noted: bool = False

    @property
    def closed(self) -> bool:
        """Whether the case has its outcome; nothing new opens after that."""
        return self.closed_at is not None

    def first_response(self) -> tuple[Offset, Utc] | None:
        """Within how long the first contact is due by the case's own judgement, and since when; None without one."""
        return None

    def ladder(self) -> str:
        """The ladder that stands in for the standard one by the case's own judgement."""
        return "standard"

    def finding(self, name: str) -> Finding:
        """What is known of something that steps depend on; nothing where nobody has looked yet."""
        return next((finding for finding in self.findings if finding.name == name), Finding(name=name))

    def anchor(self, name: str) -> Utc | None:
        """The moment of an anchor (UTC), or None while it is unknown; ``step:X`` is when step X ended."""
        if name.startswith("step:"):
            return next((step.ended_at for step in self.steps if step.step_id == name[5:] and step.ended), None)
        return next((anchor.at for anchor in self.anchors if anchor.name == name), None)

    def spec(self, step_id: str) -> StepSpec | None:
        """What is owed in a step, by its plan id: of the plan, added by hand, or done under a former playbook."""
        planned = self.plan.step(step_id) if self.plan else None
        return planned or next((spec for spec in self.extras if spec.id == step_id), None)

    def specs(self) -> dict[str, StepSpec]:
        """What is owed in every step, by its plan id, for whoever goes through them all."""
        planned = self.plan.steps if self.plan else ()
        return {spec.id: spec for spec in (*self.extras, *planned)}

    def step(self, step_id: str) -> Step | None:
        """The step of that id; for a recurring one without a number, its first occurrence that is not ended."""
        exact = next((step for step in self.steps if step.id == step_id), None)
        running = (step for step in self.steps if step.step_id == step_id and not step.ended)
        return exact or next(running, None)

    def offer(self, offer_id: str) -> Offer | None:
        """The offer of that id, or None."""
        return next((known for known in self.offers if known.id == offer_id), None)

    def approval(self, approval_id: str) -> Approval | None:
        """The approval of that id, which is also that of its step, or None."""
        return next((known for known in self.approvals if known.id == approval_id), None)

    def keeps_time(self, spec: StepSpec) -> bool:
        """Whether a hold leaves the dates of this step alone: it is promised, or an agreed offer fixes its day."""
        return spec.promise or any(spec.id in offer.steps for offer in self.offers)

    def commitment(self, commitment_id: str) -> Commitment | None:
        """The promise of that id, or None."""
        return next((known for known in self.commitments if known.id == commitment_id), None)
