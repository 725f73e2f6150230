"""The letter that makes an approved offer to the customer: owed once it is approved, moot once it was answered."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.concession import Offer, OfferState
from models.plan import EvidenceRule, StepSpec, When
from models.step import Step, StepState
from rules.concessions import TELLABLE, rules_of
from rules.dating import later
from rules.edit import C, change, drop_drafts, put_steps, say, waits_since
from rules.planning import new_steps, running
from rules.routing import holder, policy_of

_SUFFIX = "_letter"


def owe(case: C, offer: Offer, now: datetime) -> C:
    """The case that owes the letter of an offer that was approved now (SAVE-37, SAVE-45, TMPL-2, TMPL-23, TMPL-33).

    Unchanged where the policy names no letter for its kind, or a step of the plan writes one already.
    """
    letter = next((one for one in rules_of(case).letters if offer.kind in one.kinds), None)
    if letter is None or any(_writes(spec, letter.template, offer) for _, spec in running(case)):
        return case
    due = later(now, rules_of(case).told_within)
    spec = StepSpec(
        id=f"{offer.id}{_SUFFIX}",
        title=f"Make the offer in writing: {offer.title}"[:200],
        req="SAVE-37",
        owner=policy_of(case).lead_role,
        due=When(offset=rules_of(case).told_within),
        customer_facing=True,
        template=letter.template,
        evidence=EvidenceRule(kind="message", what="message id"),
    )
    dated = {"by_hand": True, "opens": now, "pinned_due": True, "person": holder(case, spec.owner, now)}
    last = min(due, offer.expires_at or due)
    step = new_steps((spec,), now)[0].model_copy(update=dated | {"due": last})
    return put_steps(change(case, extras=(*case.extras, spec)), step)


def offer_of(case: Case, spec: StepSpec | None) -> Offer | None:
    """The offer that a letter is about: its own, else the last of the kinds that its step tells of; None for any other."""
    if spec is None:
        return None
    told = (one for one in reversed(case.offers) if one.state in TELLABLE and one.kind in spec.offers)
    return case.offer(spec.id.removesuffix(_SUFFIX)) or next(told, None)


def news_for(case: Case, spec: StepSpec, message_id: str) -> datetime | None:
    """Since when (UTC) a draft is behind an offer that it may tell of now; None where it is not, or is on its way."""
    offer, since = offer_of(case, spec), waits_since(case, message_id)
    if offer is None or since is None:
        return None
    decided = next((one.decided_at for one in case.approvals if one.subject == offer.id), None)
    may_be_told = decided or offer.proposed_at
    return may_be_told if may_be_told and may_be_told > since else None


def settle(case: C, now: datetime) -> C:
    """The case without the letters of offers that were answered, or that nobody can accept any more. Idempotent."""
    for step, spec in tuple(running(case)):
        offer = case.offer(spec.id.removesuffix(_SUFFIX)) if spec.id.endswith(_SUFFIX) else None
        if offer and offer.state is not OfferState.APPROVED:
            case = _moot(case, step, offer, now)
    return case


def _moot(case: C, step: Step, offer: Offer, now: datetime) -> C:
    reason = f"{offer.id} is {offer.state} already"
    ended = step.model_copy(update={"state": StepState.SKIPPED, "reason": reason, "ended_at": now})
    return say(drop_drafts(put_steps(case, ended), step.id), now, "step_skipped", reason, step=step.id)


def _writes(spec: StepSpec, template: str, offer: Offer) -> bool:
    """Whether a step that is not ended tells the customer of this offer, or of what it gives, by itself."""
    return (spec.template == template and not spec.id.endswith(_SUFFIX)) or offer.kind in spec.offers
