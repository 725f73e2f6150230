"""A save of an account that asked to cancel: what the customer and the policy leave to it (CANC-36, CANC-41, DIS-32)."""

from __future__ import annotations

from datetime import datetime

from models.case import Case, CaseKind, RefusalType, Sibling
from models.commands import CancellationRequested, Command, CompleteStep, LogContact, ReleaseMessage
from models.concession import ApprovalState
from models.plan import StepSpec
from models.save import SaveCase
from models.step import Step, StepState
from rules import offers
from rules.edit import change, drop_drafts, put_steps, say
from rules.planning import running
from rules.refusal import Refused
from rules.reviving import come_back, revive
from rules.talking import warn_manager

ATTEMPTED = "save_attempted"
_LEFT_OUT = "the account is cancelling:"


def why_barred(case: SaveCase) -> str:
    """Why the save speaks to the customer no more and offers nothing; empty where it may."""
    if case.no_sales_contact:
        return f"{_LEFT_OUT} the customer wants no sales conversation ({case.cancellation_case_id})"
    if case.attempts_left == 0:
        return f"{_LEFT_OUT} no save attempt is left to its cancellation ({case.cancellation_case_id})"
    return ""


def check(case: SaveCase) -> None:
    """Raises ``Refused(OfferBlocked)`` where nothing may be offered; nobody overrides it (CANC-41)."""
    if why := why_barred(case):
        raise Refused(RefusalType.OFFER_BLOCKED, f"{why}; nothing is offered, respect the decision")


def check_acceptance(case: SaveCase) -> None:
    """Raises ``Refused(OfferBlocked)`` for what was approved before nothing may be offered any more (CANC-41, DIS-32)."""
    if why := why_barred(case):
        raise Refused(
            RefusalType.OFFER_BLOCKED,
            f"{why}; what was approved before is not accepted either, unless the customer stays: 'withdraw' of the "
            "cancellation comes first",
        )


def heard(case: SaveCase, signal: CancellationRequested, now: datetime) -> SaveCase:
    """The case with what its cancellation leaves to it; where that limits it no more, what it left out is owed again."""
    if signal.stays and case.cancellation_case_id != signal.case_id:
        return case  # it speaks of a cancellation that limits nothing here
    was = why_barred(case)
    left = CancellationRequested(case_id=signal.case_id) if signal.stays else signal
    case = change(
        case,
        cancellation_case_id="" if signal.stays else left.case_id,
        attempt_told=case.attempt_told and case.cancellation_case_id == left.case_id,
        no_sales_contact=left.no_sales_contact,
        barred_roles=left.barred_roles,
        attempts_left=left.attempts_left,
    )
    if (why := why_barred(case)) == was:
        return case
    text = why or "the cancellation limits the save no more; it goes on"
    case = warn_manager(say(case, now, "attempts", text), now, text)
    return settle(case, now) if why else _back(case, now)


def settle(case: SaveCase, now: datetime) -> SaveCase:
    """The case without the steps that would speak to the customer, where it may not; promises go on. Idempotent."""
    why = why_barred(case)
    if not why or case.closed:
        return case
    pending = {approval.id for approval in case.approvals if approval.state is ApprovalState.PENDING}
    gone = [step for step, spec in running(case) if step.id in pending or speaks(case, step, spec)]
    case = offers.withdraw(case, why, now)
    for step in gone:
        ended = step.model_copy(update={"state": StepState.SKIPPED, "reason": why, "ended_at": now})
        case = say(drop_drafts(put_steps(case, ended), step.id), now, "step_skipped", why, step=step.id)
    return case


def counted(case: SaveCase, command: Command, now: datetime) -> SaveCase:
    """The case that tells the cancellation once that it speaks to the customer, which is an attempt (CANC-41)."""
    if not case.cancellation_case_id or case.attempt_told or not _is_contact(case, command):
        return case
    told = Sibling(kind=CaseKind.CANCELLATION, at=now, by=command.by, signal=ATTEMPTED, only_told=True)
    return change(case, attempt_told=True, siblings=(*case.siblings, told))


def _is_contact(case: SaveCase, command: Command) -> bool:
    if isinstance(command, CompleteStep):
        step = case.step(command.step_id)
        spec = case.spec(step.step_id) if step else None
        return spec is not None and spec.customer_facing
    return isinstance(command, LogContact | ReleaseMessage)


def speaks(case: Case, step: Step, spec: StepSpec) -> bool:
    """Whether the step speaks to the customer, and neither a promise nor an offer that they accepted asks for it."""
    return spec.customer_facing and not step.commitment and not any(spec.id in offer.steps for offer in case.offers)


def _back(case: SaveCase, now: datetime) -> SaveCase:
    last = {step.step_id: step for step in case.steps}
    left = [step for step in last.values() if step.state is StepState.SKIPPED and step.reason.startswith(_LEFT_OUT)]
    for step in left:
        if spec := case.spec(step.step_id):
            case = put_steps(case, come_back(case, spec, step, now))
            case = say(case, now, "step_back", "the cancellation limits the save no more", step=step.id)
            case = revive(case, step.step_id, now)
    return case
