"""An outcome that was stated wrongly stands beside the right one: a save that is linked to it puts it right (CONV-21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.case import RefusalType
from models.concession import CarriedOffer, Offer, StepDone
from models.correction import Correction
from models.people import PersonId
from models.promise import Commitment, PromiseState
from models.save import SaveCase, SaveOutcome
from models.starts import CarriedCommitment, KnownBefore, SaveStart
from models.status import Status
from models.step import StepState
from rules import offers, remembering
from rules.edit import change, say
from rules.refusal import Refused
from rules.save import stages

REASON = "outcome_corrected"
_OWED = (PromiseState.OPEN, PromiseState.BREACHED, PromiseState.DONE, PromiseState.COMMUNICATED, PromiseState.DROPPED)
_CAUSE = "root_cause"
_TOLD = ("closed", _CAUSE, "known_before")


def check(seen: Status) -> None:
    """Raises ``Refused(IllegalMove)`` for a save that has no outcome which a person gave."""
    if seen.outcome is None:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"the save of {seen.account_id} is open and has no outcome yet; 'close' gives it one",
        )
    if stages.rule_for(seen.outcome) is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"nobody chose {seen.outcome}, so that there is nothing to correct")


def check_recovery_runs(seen: Status, ended_as: str | None) -> None:
    """Raises ``Refused(CaseClosed)`` where the recovery of the save is over: what followed the outcome took place."""
    if ended_as:
        raise Refused(
            RefusalType.CASE_CLOSED,
            f"the recovery of {seen.account_id}, which followed {seen.outcome}, ended as {ended_as}; what comes now is a "
            f"new attempt: 'save open {seen.account_id}'",
        )


def start(seen: Status, by: PersonId, why: str, now: datetime) -> SaveStart:
    """The save that puts right the outcome of one that the book shows so, with what that one owed and had found out.

    What was dropped with a customer who was taken for gone is owed again (SAVE-29). What a deferral carries is taken over
    from there. Raises ``Refused(IllegalMove)``.
    """
    check(seen)
    given = Correction(case_id=seen.case_id, outcome=seen.outcome or "", by=by, at=now, why=why)
    opened = SaveStart(account_id=seen.account_id, opened_by=by, reason=REASON, corrects=given)
    if seen.outcome == SaveOutcome.DEFERRED:
        return opened
    known = _known(seen)
    carried = {
        "carried_from": seen.case_id,
        "playbook": known.playbook,
        "known": known,
        "commitments": tuple(_owed(one) for one in seen.commitments if one.state in _OWED),
        "offers": tuple(_in_force(seen, one) for one in seen.offers if one.state in offers.IN_FORCE),
    }
    return opened.model_copy(update=carried)


def taken_on(case: SaveCase, given: Correction, now: datetime) -> SaveCase:
    """The save that puts another one's outcome right; both outcomes stay in the history."""
    text = f"it puts right save case {given.case_id}, {given.closed_as}: {given.why}"
    return say(change(case, corrects=given), now, "corrects", text, by=given.by)


def _owed(one: Commitment) -> CarriedCommitment:
    fields = one.model_dump(include=set(CarriedCommitment.model_fields))
    return CarriedCommitment(**fields | ({"state": PromiseState.OPEN} if one.state is PromiseState.DROPPED else {}))


def _in_force(seen: Status, offer: Offer) -> CarriedOffer:
    here = offer.model_copy(update={"carried_from": offer.carried_from or seen.case_id})
    return CarriedOffer(offer=here, done=tuple(_done(seen, offer)))


def _done(seen: Status, offer: Offer) -> Iterator[StepDone]:
    for step in seen.steps:
        if step.id in offer.steps and step.state is StepState.DONE:
            decision = step.evidence.decision if step.evidence else None
            yield StepDone(step_id=step.id, at=seen.as_of, decision=decision or "")


def _known(seen: Status) -> KnownBefore:
    """What the book knows of it; of the causes its history tells those that were given up, since the last one goes along."""
    causes = [event for event in seen.timeline if event.kind == _CAUSE]
    told = [event for event in seen.timeline if event.kind in _TOLD and event not in (causes[-1:] if seen.whys else ())]
    lines = [*remembering.found_out(event.text for event in told)]
    return KnownBefore(
        playbook=seen.plan.partition("@")[0] or None,
        root_cause=seen.root_cause,
        whys=seen.whys,
        stated_reason=seen.stated_reason,
        remarks=remembering.cut(lines[-20:]),
    )
