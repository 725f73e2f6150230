"""How the people of a story come to an offer: proposed after the diagnosis, decided by whom it is for, accepted. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cli import timing
from cli.scene import Scene, acting_lead, first_event, spec_of
from models.base import Record
from models.calendar import Offset
from models.commands import Command, CompleteStep, EvidenceGiven
from models.concession import ApprovalState, Offer, OfferState
from models.offer_commands import AnswerOffer, DecideApproval, Decision, OfferAnswer, ProposeOffer
from models.people import PersonId
from models.plan import StepSpec
from models.step import StepState
from rules.concessions import TELLABLE
from rules.offers import apply_step

ACCEPTED = "email 5120: they take it, and speak for us"
_A_WHILE = timedelta(hours=3)


class Bargain(Record):
    """An offer that is made in a story and accepted: its id, its rate, how long, and what is asked in return."""

    offer: str
    pct: int = 0
    lasts: Offset
    tied_to: str = ""


def owed(scene: Scene) -> Bargain | None:
    """The first offer of the plan that a step of it tells of in any case, and cannot be done without (PLAY-94)."""
    told = (spec for spec in scene.plan.steps if spec.offers and not spec.condition)
    kinds = [kind for spec in told for kind in spec.offers]
    found = next((offer for offer in scene.plan.offers if offer.kind in kinds), None)
    return Bargain(offer=found.id, lasts=found.limit_duration or Offset()) if found else None


def waits_for_offer(scene: Scene, spec: StepSpec) -> bool:
    """Whether a step tells of an offer, and there is none yet that the customer may be told of."""
    told = (one for one in scene.status.offers if one.kind in spec.offers and one.state in TELLABLE)
    return bool(spec.offers) and not any(told)


def words(scene: Scene, bargain: Bargain) -> Iterator[tuple[datetime, Command]]:
    """The command that comes next, with the moment (UTC) at which somebody gives it; nothing once it is in force."""
    offers = scene.status.offers
    if not offers:
        yield from _proposing(scene, bargain)
    elif offers[-1].state is OfferState.AWAITING_APPROVAL:
        yield from _deciding(scene)
    elif offers[-1].state is OfferState.APPROVED:
        yield from _accepting(scene, offers[-1])
    elif offers[-1].state is OfferState.ACCEPTED:
        yield from _carrying_out(scene, offers[-1])


def _proposing(scene: Scene, bargain: Bargain) -> Iterator[tuple[datetime, Command]]:
    known = first_event(scene.status, "root_cause")
    by = acting_lead(scene, known.at) if known else None
    if _still_asks(scene):
        return
    if known and by:
        given = bargain.model_dump(exclude={"lasts"}, exclude_defaults=True)
        yield _at(scene, by, known.at), ProposeOffer(by=by, **given, lasts=bargain.lasts)


def _still_asks(scene: Scene) -> bool:
    """Whether the investigation goes on, or the playbook that brings it is still on its way (PLAY-3)."""
    picked = {rule.playbook for rule in scene.plan.policy.root_causes if rule.code == scene.status.root_cause}
    if any(playbook and not scene.status.plan.startswith(f"{playbook}@") for playbook in picked):
        return True
    running = (step for step in scene.status.steps if step.state in (StepState.OPEN, StepState.WAITING))
    return any((spec := spec_of(scene.plan, step)) and spec.investigates for step in running)


def _deciding(scene: Scene) -> Iterator[tuple[datetime, Command]]:
    for approval in (one for one in scene.status.approvals if one.state is ApprovalState.PENDING):
        step = next((one for one in scene.status.steps if one.id == approval.id), None)
        if step and step.person and step.opens:
            decided = DecideApproval(by=step.person, approval_id=approval.id, decision=Decision.APPROVED)
            yield _at(scene, step.person, step.opens), decided


def _accepting(scene: Scene, offer: Offer) -> Iterator[tuple[datetime, Command]]:
    approved = first_event(scene.status, "offer_approved")
    by = acting_lead(scene, approved.at) if approved else None
    if approved and by:
        answer = AnswerOffer(by=by, offer_id=offer.id, answer=OfferAnswer.ACCEPTED, evidence=ACCEPTED)
        yield _at(scene, by, approved.at), answer


def _carrying_out(scene: Scene, offer: Offer) -> Iterator[tuple[datetime, Command]]:
    step = next((one for one in scene.status.steps if one.id == apply_step(offer)), None)
    if step and step.person and step.opens:
        shown = EvidenceGiven(text="ticket 5121: it is set up, and they see it in their account")
        yield _at(scene, step.person, step.opens), CompleteStep(by=step.person, step_id=step.id, evidence=shown)


def _at(scene: Scene, by: PersonId, since: datetime) -> datetime:
    return timing.working(scene.team, by, since + _A_WHILE)
