"""The customer's no is respected: nothing is offered after it, and the renewal question is asked once (CONV-20, DIS-24)."""

from __future__ import annotations

from datetime import datetime

from models.case import RefusalType
from models.concession import ApprovalState, OfferState
from models.contact import RiskFact
from models.offer import OfferKind
from models.plan import StepSpec
from models.save import SaveCase, SaveStage
from models.step import Step, StepState
from rules import offers, under_cancellation
from rules.edit import drop_drafts, put_steps, say
from rules.planning import running
from rules.refusal import Refused
from rules.routing import policy_of


def check_no(case: SaveCase) -> None:
    """Raises ``Refused(OfferBlocked)`` after a firm no, and where a cancellation leaves no attempt (CANC-41)."""
    under_cancellation.check(case)
    if no := firm_no(case):
        raise Refused(
            RefusalType.OFFER_BLOCKED,
            f"the customer said no on {no.at:%Y-%m-%d} ({no.kind}: {no.detail}); nothing more is offered, 'close' is next",
        )


def check_offer(case: SaveCase, kind: OfferKind) -> None:
    """Raises ``Refused(OfferBlocked)`` after a firm no, and for a kind of offer that the customer declined before."""
    check_no(case)
    declined = next((one for one in case.offers if one.kind is kind and one.state is OfferState.DECLINED), None)
    if declined:
        raise Refused(
            RefusalType.OFFER_BLOCKED,
            f"the customer declined a {kind} before ({declined.id}: {declined.answer}); offer another kind or none",
        )


def check_renewal_question(case: SaveCase) -> None:
    """Raises ``Refused(IllegalMove)`` where it was asked before, after a firm no, or before there is a plan."""
    if case.renewal_asked_at:
        why = f"it was asked on {case.renewal_asked_at:%Y-%m-%d}"
    elif firm_no(case):
        why = "the customer said no"
    elif barred := under_cancellation.why_barred(case):
        why = barred
    elif SaveStage.PLANNED not in case.reached:
        why = f"it comes after the plan was agreed; this case is {case.stage}"
    else:
        return
    raise Refused(RefusalType.ILLEGAL_MOVE, f"the renewal question ('asked_renewal') is asked once: {why}")


def settle(case: SaveCase, now: datetime) -> SaveCase:
    """After a firm no what would still be said to the customer is left out, and what waits to be offered is withdrawn.

    Promises go on, and so does what an accepted offer brought (CONV-20). Idempotent.
    """
    said = _noes(case)
    if not said or case.closed:
        return case
    no = said[-1]
    reason = f"the customer said no on {no.at:%Y-%m-%d} ({no.kind})"
    approvals = {approval.id for approval in case.approvals if approval.state is ApprovalState.PENDING}
    left = [step for step, spec in running(case) if step.id in approvals or _is_contact(case, step, spec, no)]
    case = offers.withdraw(case, reason, now)
    for step in left:
        ended = step.model_copy(update={"state": StepState.SKIPPED, "reason": reason, "ended_at": now})
        case = say(drop_drafts(put_steps(case, ended), step.id), now, "step_skipped", reason, step=step.id)
    return case


def _is_contact(case: SaveCase, step: Step, spec: StepSpec, no: RiskFact) -> bool:
    """Whether the step speaks to the customer, is owed to nobody, and was not asked for by a person after the no."""
    if not under_cancellation.speaks(case, step, spec) or spec.promise:
        return False
    asked = step.opened_at if step.round > 1 else step.origin if step.by_hand else None
    return asked is None or asked <= no.at


def firm_no(case: SaveCase) -> RiskFact | None:
    """What the customer said that ends every attempt; None where they said no such thing."""
    return next(iter(_noes(case)), None)


def _noes(case: SaveCase) -> list[RiskFact]:
    codes = {statement.code for statement in policy_of(case).statements if statement.says_no}
    return [fact for fact in case.facts if fact.kind in codes]
