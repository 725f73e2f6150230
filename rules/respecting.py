"""The customer's no is respected: nothing is offered after it, and the renewal question is asked once (CONV-20, DIS-24)."""

from __future__ import annotations

from models.case import RefusalType
from models.concession import OfferState
from models.contact import RiskFact
from models.offer import OfferKind
from models.save import SaveCase, SaveStage
from rules.refusal import Refused
from rules.routing import policy_of


def check_no(case: SaveCase) -> None:
    """Raises ``Refused(OfferBlocked)`` after a firm no."""
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
    elif SaveStage.PLANNED not in case.reached:
        why = f"it comes after the plan was agreed; this case is {case.stage}"
    else:
        return
    raise Refused(RefusalType.ILLEGAL_MOVE, f"the renewal question ('asked_renewal') is asked once: {why}")


def firm_no(case: SaveCase) -> RiskFact | None:
    """What the customer said that ends every attempt; None where they said no such thing."""
    codes = {statement.code for statement in policy_of(case).statements if statement.says_no}
    return next((fact for fact in case.facts if fact.kind in codes), None)
