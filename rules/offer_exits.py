"""What an offer comes to when it fails: who leads the case and the manager hear of it at once (PLAY-143, PLAY-145)."""

from __future__ import annotations

from datetime import datetime

from models.commands import CompleteStep
from models.effects import Word
from rules.edit import C, tell
from rules.offer_steps import CUSTOMER_LEAVES, MISSED, NOT_COLLECTED
from rules.routing import holder, policy_of

_HEARD = {
    MISSED: "the guarantee was missed, and they may leave",
    CUSTOMER_LEAVES: "the customer leaves",
    NOT_COLLECTED: "the deferred fee did not come in",
}


def told(case: C, command: CompleteStep, now: datetime) -> C:
    """The case after a step was done: a decision on an offer that lets the customer go is told, not only written down."""
    offer = next((offer for offer in case.offers if command.step_id in offer.steps), None)
    text = _HEARD.get(command.evidence.decision or "")
    if offer is None or text is None:
        return case
    policy = policy_of(case)
    people = (holder(case, role, now) for role in (policy.lead_role, policy.manager_role))
    for person in dict.fromkeys(people):
        case = tell(case, now, person, Word.PROPOSED, f"{offer.id} ({offer.title}): {text}", command.step_id)
    return case
