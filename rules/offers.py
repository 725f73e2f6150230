"""The register of offers and approvals: what time and the steps make of them, and what a closed case leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.case import AskKind, Case, RefusalType
from models.concession import Approval, ApprovalState, CarriedOffer, Offer, OfferState, StepDone
from models.effects import Verb, Word
from models.offer import OfferKind
from models.plan import StepSpec
from models.step import Step, StepState
from rules import conceding, offer_letters
from rules.concessions import TELLABLE, is_open
from rules.edit import C, change, say, tell
from rules.refusal import Refused

IN_FORCE = (OfferState.ACCEPTED, OfferState.APPLIED)


def apply_step(offer: Offer) -> str:
    """The id of the step in which a person carries out what billing does not do by itself."""
    return f"{offer.id}_apply"


def verb_of(offer: Offer) -> Verb | None:
    """What billing does at the acceptance of an offer; None where a person carries it out, or another case does."""
    if offer.carried_from or apply_step(offer) in offer.steps:
        return None
    if offer.terms:
        return Verb.APPLY_CONCESSION
    return Verb.PAUSE_BILLING if offer.kind is OfferKind.PAUSE else None


def owed(case: Case) -> Iterator[tuple[Offer, Verb, datetime]]:
    """The accepted offers that billing has not applied yet, each with its verb and since when it is owed (UTC)."""
    for offer in case.offers:
        verb = verb_of(offer) if offer.state is OfferState.ACCEPTED else None
        if verb and offer.accepted_at:
            yield offer, verb, offer.accepted_at


def turning_points(case: Case) -> Iterator[datetime]:
    """The moments (UTC) at which an offer expires unanswered, or what it gave comes to its end."""
    for offer in case.offers if not case.closed else ():
        if offer.state is OfferState.APPROVED and offer.expires_at:
            yield offer.expires_at
        if offer.ends_at and (offer.state is OfferState.APPLIED or offer.carried_from):
            yield offer.ends_at


def settle(case: C, now: datetime) -> C:
    """The case with its register as time and the steps have it at ``now`` (UTC). Idempotent."""
    if case.closed:
        return case
    for offer in case.offers:
        case = _ended(_carried_out(_expired(case, offer, now), offer.id, now), offer.id, now)
    for approval in case.approvals:
        step = case.step(approval.id)
        if step and approval.state is ApprovalState.PENDING and step.due != approval.due:
            case = put_approval(case, approval.model_copy(update={"due": step.due}))
    return offer_letters.settle(case, now)


def put(case: C, offer: Offer) -> C:
    """The case with that offer: one of a known id is replaced, another is appended."""
    stamped = offer.model_copy(update={"revision": case.revision + 1})
    if case.offer(offer.id) is None:
        return change(case, offers=(*case.offers, stamped))
    return change(case, offers=tuple(stamped if one.id == stamped.id else one for one in case.offers))


def put_approval(case: C, approval: Approval) -> C:
    """The case with that approval: one of a known id is replaced, another is appended."""
    stamped = approval.model_copy(update={"revision": case.revision + 1})
    if case.approval(approval.id) is None:
        return change(case, approvals=(*case.approvals, stamped))
    return change(case, approvals=tuple(stamped if one.id == stamped.id else one for one in case.approvals))


def close(case: C, reason: str, now: datetime) -> C:
    """The register as a closed case leaves it: open offers lapse; what was accepted is still applied."""
    return _lapse(case, [offer for offer in case.offers if is_open(offer)], reason, now)


def withdraw(case: C, reason: str, now: datetime) -> C:
    """Offers that nobody approved yet lapse with their approval, and who proposed them is told (CONV-20)."""
    waiting = [offer for offer in case.offers if offer.state is OfferState.AWAITING_APPROVAL]
    for offer in waiting:
        text = f"{offer.id} ({offer.title}) is withdrawn before it was approved: {reason}"
        case = tell(case, now, offer.proposed_by or None, Word.PROPOSED, text)
    return _lapse(case, waiting, reason, now)


def _lapse(case: C, lapsed: list[Offer], reason: str, now: datetime) -> C:
    names = {offer.id for offer in lapsed}
    for offer in lapsed:
        case = put(case, offer.model_copy(update={"state": OfferState.LAPSED}))
    for approval in case.approvals:
        if approval.subject in names and approval.state is ApprovalState.PENDING:
            gone = {"state": ApprovalState.LAPSED, "decided_at": now, "reason": reason}
            case = put_approval(case, approval.model_copy(update=gone))
    return say(case, now, "offers_lapsed", f"{', '.join(offer.id for offer in lapsed)}: {reason}") if lapsed else case


def carried_over(case: Case) -> tuple[CarriedOffer, ...]:
    """What whoever takes over from this case must see through: each offer in force, and what is behind it."""
    here = {"carried_from": case.case_id}
    in_force = (offer for offer in case.offers if offer.state in IN_FORCE)
    return tuple(
        CarriedOffer(offer=offer.model_copy(update=here), done=tuple(_done(case, offer))) for offer in in_force
    )


def check_not_approval(case: Case, step: Step) -> None:
    """An approval is decided, not completed. Raises ``Refused(IllegalMove)`` naming the command."""
    if case.approval(step.id):
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{step.id} is an approval: 'decide_approval' approves or refuses it, nothing else",
        )


def check_skippable(case: Case, step: Step) -> None:
    """What an agreed offer brings is decided by somebody, never left out. Raises ``Refused(IllegalMove)``."""
    offer = next((offer for offer in case.offers if step.step_id in offer.steps), None)
    if offer:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{step.id} belongs to {offer.id}, which the customer accepted; decide it instead"
        )


def check_offered(case: Case, step: Step, spec: StepSpec) -> None:
    """What tells the customer of an offer waits for one that may be told (SAVE-37, SAVE-44, PLAY-73, PLAY-74).

    Raises ``Refused(ApprovalMissing)`` naming the kinds that would do.
    """
    if spec.offers and not any(one.kind in spec.offers and one.state in TELLABLE for one in case.offers):
        raise Refused(
            RefusalType.APPROVAL_MISSING,
            f"{step.id} tells the customer of an offer; 'propose_offer' one of the kind {' or '.join(spec.offers)}, "
            "and have it approved first",
        )


def _expired(case: C, offer: Offer, now: datetime) -> C:
    answered = any(ask.kind is AskKind.STANDING and ask.subject == offer.id for ask in case.asks)
    if offer.state is not OfferState.APPROVED or answered or offer.expires_at is None or now < offer.expires_at:
        return case
    case = put(case, offer.model_copy(update={"state": OfferState.EXPIRED}))
    text = f"{offer.id} ({offer.title}) was not answered by {offer.expires_at:%Y-%m-%d %H:%M} UTC"
    return tell(say(case, now, "offer_expired", text), now, offer.proposed_by or None, Word.PROPOSED, text)


def _carried_out(case: C, offer_id: str, now: datetime) -> C:
    """What a person carries out counts as applied as long as their step is done; its evidence is the receipt."""
    offer = case.offer(offer_id)
    step = case.step(apply_step(offer)) if offer else None
    if offer is None or step is None or offer.state not in IN_FORCE:
        return case
    done = step.state is StepState.DONE
    state = OfferState.APPLIED if done else OfferState.ACCEPTED
    if state is offer.state:
        return case
    receipt = step.evidence.text if done and step.evidence else ""
    offer = offer.model_copy(update={"state": state, "receipt": receipt})
    case = put(case, offer)
    case = conceding.applied(case, offer, now) if done else case
    return say(case, now, f"offer_{state}", f"{offer.id}: {offer.title}", step=step.id)


def _ended(case: C, offer_id: str, now: datetime) -> C:
    offer = case.offer(offer_id)
    in_force = offer is not None and (
        offer.state is OfferState.APPLIED or (offer.carried_from and offer.state in IN_FORCE)
    )
    if offer is None or not in_force or offer.ends_at is None or now < offer.ends_at:
        return case
    case = put(case, offer.model_copy(update={"state": OfferState.ENDED}))
    text = "the standard price holds again" if offer.terms else "what it gave has come to its end"
    return say(case, now, "offer_ended", f"{offer.id} ({offer.title}): {text}")


def _done(case: Case, offer: Offer) -> Iterator[StepDone]:
    for name in offer.steps:
        step = case.step(name)
        if step and step.state is StepState.DONE and step.ended_at:
            decision = step.evidence.decision if step.evidence else None
            yield StepDone(step_id=name, at=step.ended_at, decision=decision or "")
