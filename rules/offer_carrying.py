"""Offers that a case leaves in force: the one after it sees their prices, ends and returns through (POST-11, T-BRIDGE)."""

from __future__ import annotations

from datetime import datetime

from models.concession import CarriedOffer, StepDone
from models.step import Evidence, Step, StepState
from rules import offer_steps
from rules.edit import C, say


def carry_on(case: C, offers: tuple[CarriedOffer, ...], source: str, now: datetime) -> C:
    """The case with every offer that it took over from the case ``source``, and the steps that are still ahead of it.

    Billing heard of each from there, and ends it by the same request: nothing is applied or returned here again.
    """
    for carried in (one for one in offers if case.offer(one.offer.id) is None):
        case = _carried(case, carried, source, now)
    return case


def _carried(case: C, carried: CarriedOffer, source: str, now: datetime) -> C:
    offer = carried.offer.model_copy(update={"carried_from": carried.offer.carried_from or source})
    behind = {done.step_id: done for done in carried.done}
    owed = tuple((spec, _as_left(step, behind)) for spec, step in offer_steps.owed_for(case, offer, now))
    text = f"{offer.id} ({offer.title}) is in force since {offer.starts}, and is seen through here"
    return say(offer_steps.brings(case, offer, owed), now, "offer_carried", text)


def _as_left(step: Step, behind: dict[str, StepDone]) -> Step:
    done = behind.get(step.step_id)
    if done is None:
        return step
    proof = Evidence(text="done before it was taken over", decision=done.decision or None)
    return step.model_copy(update={"state": StepState.DONE, "ended_at": done.at, "evidence": proof})
