"""Offers that a won save leaves in force: the recovery sees their prices, ends and returns through (POST-11, T-BRIDGE)."""

from __future__ import annotations

from datetime import datetime

from models.concession import CarriedOffer, StepDone
from models.recovery import RecoveryCase
from models.step import Evidence, Step, StepState
from rules import offer_steps
from rules.edit import say


def carry_on(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """The case with every offer that it took over and the steps that are still ahead of it.

    Billing heard of each from the save, and ends it by the same request: nothing is applied or returned here again.
    """
    for carried in (one for one in case.carried_offers if case.offer(one.offer.id) is None):
        case = _carried(case, carried, now)
    return case


def _carried(case: RecoveryCase, carried: CarriedOffer, now: datetime) -> RecoveryCase:
    offer = carried.offer.model_copy(update={"carried_from": case.save_case_id})
    behind = {done.step_id: done for done in carried.done}
    owed = tuple((spec, _as_left(step, behind)) for spec, step in offer_steps.owed_for(case, offer, now))
    text = f"{offer.id} ({offer.title}) is in force since {offer.starts}, and is seen through here"
    return say(offer_steps.brings(case, offer, owed), now, "offer_carried", text)


def _as_left(step: Step, behind: dict[str, StepDone]) -> Step:
    done = behind.get(step.step_id)
    if done is None:
        return step
    proof = Evidence(text="done in the save", decision=done.decision or None)
    return step.model_copy(update={"state": StepState.DONE, "ended_at": done.at, "evidence": proof})
