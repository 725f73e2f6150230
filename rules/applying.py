"""What billing does for an accepted offer: the request, under one key for ever, and what its receipt or refusal means."""

from __future__ import annotations

from datetime import datetime

from models.billing import ApplyConcession, DatedDiscount, PauseBilling
from models.case import Case
from models.concession import Offer, OfferState
from models.effects import Action, Outcome, Word
from models.step import StepState
from rules import conceding, offers
from rules.dating import local_day
from rules.edit import C, change, put_steps, say, tell
from rules.offer_steps import calendar_of, carried_out, term_begins
from rules.routing import holder, policy_of


def concession(case: Case, action: Action) -> ApplyConcession:
    """The dated rates of an offer. Their end is the return to the standard price: billing keeps it, whoever forgets."""
    offer = _offer(case, action)
    parts = (
        DatedDiscount(pct=t.pct, starts=term_begins(offer, t.first), ends=term_begins(offer, t.last + 1))
        for t in offer.terms
    )
    return ApplyConcession(
        key=action.key,
        account_id=case.account_id,
        case_id=case.case_id,
        schedule=tuple(parts),
        reason=f"{offer.offer}, accepted as {offer.id}",
    )


def pause(case: Case, action: Action) -> PauseBilling:
    """The pause of an offer, until its last day, from which on billing charges again by itself."""
    offer = _offer(case, action)
    assert offer.starts is not None and offer.ends_at is not None
    until = local_day(offer.ends_at, calendar_of(case))
    return PauseBilling(
        key=action.key, account_id=case.account_id, case_id=case.case_id, from_date=offer.starts, until=until
    )


def applied(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """Billing gave its receipt."""
    offer = _offer(case, action)
    offer = offer.model_copy(update={"state": OfferState.APPLIED, "receipt": outcome.receipt})
    case = conceding.applied(offers.put(case, offer), offer, now)
    return say(case, now, "offer_applied", f"{offer.id} ({offer.title}): receipt {outcome.receipt}")


def failed(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """Billing refused for good, or patience ran out: a person carries it out, the manager where the case is closed."""
    offer = _offer(case, action)
    spec, step = carried_out(case, offer, now)
    case = offers.put(case, offer.model_copy(update={"steps": (*offer.steps, spec.id)}))
    case = say(case, now, "by_hand", f"{action.summary}: {outcome.reason}; a person takes over", step=spec.id)
    if case.closed:
        gone = {"state": StepState.SKIPPED, "ended_at": now, "reason": "the case is closed; the manager was told"}
        step = step.model_copy(update=gone)
    case = put_steps(change(case, extras=(*case.extras, spec)), step)
    role = policy_of(case).manager_role if case.closed else spec.owner
    return tell(case, now, holder(case, role, now), Word.FAILED, spec.title, spec.id)


def _offer(case: Case, action: Action) -> Offer:
    return next(offer for offer in case.offers if offer.id == action.subject)
