"""What people and systems ask of a case: one model per Update and signal of the contract.

``by`` is always the id of a person in the team directory. A field that is not of the model is refused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.base import Command as Command
from models.base import Given, Id, Line, Remark, Request, StepId, Text, Utc
from models.close_commands import CloseRecovery as CloseRecovery
from models.close_commands import CloseSave as CloseSave
from models.close_commands import CorrectOutcome as CorrectOutcome
from models.offer_commands import AnswerOffer as AnswerOffer
from models.offer_commands import DecideApproval as DecideApproval
from models.offer_commands import ProposeOffer as ProposeOffer
from models.offer_commands import WithdrawOffer as WithdrawOffer
from models.plan import Channel
from models.promise import PromiseKind, PromiseSource
from models.save import Probability, SaveableAnswers, SaveWindow


class TriggerPlaybook(Command):
    """Run this playbook on the case (signal)."""

    playbook: Id
    reason: Text


class RiskSignal(Request):
    """A fact that raises or feeds a case (signal); ``by`` is absent where a system sends it.

    One that ``escalates`` is told to the manager too (RISK-73).
    """

    kind: Id
    detail: Remark = ""
    at: Given | None = None
    by: Id | None = None
    escalates: bool = False


class CancellationRequested(Request):
    """The account asked to cancel, or what that leaves to a save changed (signal from its cancellation case).

    ``no_sales_contact``: the customer wants no sales conversation, and ``barred_roles`` have no part in it (DIS-32).
    ``attempts_left``: how many save attempts are left (CANC-41); None while the policy is not known. ``stays``: the
    cancellation is over, and limits nothing any more.
    """

    case_id: Id
    no_sales_contact: bool = False
    barred_roles: tuple[Id, ...] = ()
    attempts_left: Annotated[int, Field(ge=0, le=2)] | None = None
    stays: bool = False


class TeamChanged(Request):
    """A person's absences, roles or activity changed in the directory, which the case then reads (signal)."""

    person: Id


class IncidentProgressed(Command):
    """What the case shares made progress, or it was linked to it (``number`` 0), or by mistake (``unlinks``) (signal)."""

    incident_id: Id
    kind: Id = "incident"
    title: Text
    number: Annotated[int, Field(ge=0, le=10_000)] = 0
    text: Remark = ""
    estimate: Given | None = None
    closes: bool = False
    unlinks: bool = False


class RetryNow(Command):
    """A part came back: try at once what waits for it (signal)."""


class LogContact(Command):
    """A call or message to the customer was made, answered or not (SAVE-2)."""

    channel: Channel
    answered: bool
    summary: Text
    prefers_email: bool = False


class LogSaveContact(LogContact):
    """A contact of a save, in which the customer may have been asked whether they renew: once, and after no no (DIS-24)."""

    asked_renewal: bool = False


class RecordRootCause(Command):
    """The root cause and the chain of one to five whys that led to it (SAVE-9)."""

    root_cause: Id
    whys: Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
    stated_reason: Remark = ""


class EvidenceGiven(Request):
    """Evidence as given: a text, an answer per required content, and a decision where the step asks for one."""

    text: Remark = ""
    items: Annotated[dict[Id, Remark], Field(max_length=30)] = {}
    decision: Id | None = None


class CompleteStep(Command):
    """A step is done, and this proves it. ``without_brief`` is why an urgent first call came before its brief (DIS-6)."""

    step_id: StepId
    evidence: EvidenceGiven
    without_brief: Remark = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("evidence"), str):
            return value | {"evidence": {"text": value["evidence"]}}
        return value


class ReleaseMessage(Command):
    """Send a drafted message, with the parts that a person wrote."""

    message_id: Id
    edits: Annotated[dict[Id, Remark], Field(max_length=30)] = {}


class TagStatement(Command):
    """The customer said something that the dictionary knows (RISK-25)."""

    code: Id
    quote: Remark = ""


class Triage(Command):
    """The saveable test, and the person's own estimate of the chances (RISK-93..97, AMB-35)."""

    answers: SaveableAnswers
    probability: Probability | None = None
    window: SaveWindow | None = None


class RescheduleStep(Command):
    """Move a due moment; a promise to the customer needs the customer's consent."""

    step_id: StepId
    due: Given
    reason: Text
    consent: Remark = ""


class ReopenStep(Command):
    """The evidence of a step was wrong or weak: open it again."""

    step_id: StepId
    reason: Text


class SkipStep(Command):
    """Leave a step out, where the plan allows it."""

    step_id: StepId
    reason: Text


class AddStep(Command):
    """Add a step by hand, to one role, with a due moment."""

    step_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    title: Line
    owner: Id
    due: Given
    reason: Text
    customer_facing: bool = False


class MakeCommitment(Command):
    """Something was promised to the customer: what, who owes it, until when, and where it was said (SAVE-17, SAVE-29).

    A promise about the roadmap says in ``evidence`` who of product or engineering confirmed it (DIS-31).
    """

    text: Line
    owner: Id
    due: Given
    source: PromiseSource
    kind: PromiseKind = PromiseKind.GENERAL
    evidence: Remark = ""


class OfCommitment(Command):
    """A promise came one state further, and this proves it."""

    commitment_id: Id
    evidence: Text


class FulfilCommitment(OfCommitment):
    """What was promised is delivered."""


class CommunicateCommitment(OfCommitment):
    """The customer was told clearly that it is done."""


class ConfirmCommitment(OfCommitment):
    """The customer sees the result; ``communicated`` proves that they were told, where that is not on record yet."""

    communicated: Remark = ""


class WithdrawCommitment(Command):
    """A promise was entered by mistake, and is taken back while it is still open."""

    commitment_id: Id
    reason: Text


class Assign(Command):
    """Give a role on this case to a person of the directory."""

    role: Id
    person: Id


class HoldCase(Command):
    """Pause the people's clocks until a moment; promises to the customer go on."""

    until: Given
    reason: Text


class Resume(Command):
    """End a hold early."""


class AdoptPlan(Command):
    """Move the case to the present version of its playbook, or to another one; done steps are kept."""

    playbook: Id | None = None
    reason: Text = "newer version"


class Answered(Request):
    """What an accepted command answers: a sentence, and where the case stands now.

    ``next_due`` lies ahead; ``overdue_since`` is when what is overdue longest was due (both UTC).
    """

    ok: Literal[True] = True
    said: str
    stage: str
    next_due: Utc | None = None
    overdue_since: Utc | None = None
