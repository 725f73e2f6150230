"""The commands on offers, and what they become once the book has said how the account and the proposer stand."""

from __future__ import annotations

from datetime import datetime

from models.account import Money
from models.case import Ask, RefusalType
from models.concession import Approval, ApprovalState, Detail, Offer, OfferState, Standing
from models.effects import Word
from models.offer_commands import AnswerOffer, DecideApproval, Decision, OfferAnswer, ProposeOffer
from models.people import RoleId
from models.plan import EvidenceRule, StepSpec, When
from models.save import SaveCase
from models.step import Evidence
from rules import (
    accepting,
    asking,
    budgets,
    conceding,
    concessions,
    offer_details,
    offer_letters,
    offer_steps,
    offers,
    rates,
    respecting,
    steps,
    twins,
    under_cancellation,
)
from rules.dating import later, local_day
from rules.edit import change, put_steps, say, tell
from rules.planning import new_steps
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of, roles_of


def propose(case: SaveCase, command: ProposeOffer, now: datetime) -> SaveCase:
    """An offer of the playbook is proposed; one of a price waits for what the book says of the account (SAVE-39..45)."""
    offer = _draft(case, command, now)
    if twin := twins.offer(case, offer):
        return say(case, now, "offer_proposed_again", twins.once(twin), by=command.by)
    if concessions.is_price(case, offer.kind):
        return asking.standing(case, command.offer, command.by, offer, now)
    return _placed(case, offer, None, now)[0]


def decide(case: SaveCase, command: DecideApproval, now: datetime) -> SaveCase:
    """An offer is approved or refused; the first decision stands, and nobody decides on their own (SAVE-44)."""
    approval = _pending(case, command.approval_id)
    offer = find(case, approval.subject)
    concessions.check_decider(case, approval, offer, command.by, now)
    refused = command.decision is Decision.REFUSED
    if refused and not command.reason:
        raise Refused(
            RefusalType.EVIDENCE_MISSING, f"to refuse {offer.id} needs a 'reason', which its proposer is told"
        )
    state = ApprovalState.REFUSED if refused else ApprovalState.APPROVED
    decided = {"state": state, "decided_by": command.by, "decided_at": now, "reason": command.reason}
    step, spec = steps.find(case, approval.id)
    proof = Evidence(text=command.reason, decision=state)
    case = steps.finish(case, step, spec, proof, command.by, now)
    approval = approval.model_copy(update=decided)
    case = conceding.decided(offers.put_approval(case, approval), offer, approval, now)
    offer = offer.model_copy(update={"state": OfferState.REFUSED}) if refused else _valid(case, offer, now)
    case = offers.put(case, offer)
    case = case if refused else offer_letters.owe(case, offer, now)
    text = f"{offer.id} ({offer.title}) is {state}" + (f": {command.reason}" if command.reason else "")
    case = say(case, now, f"offer_{state}", _follows(offer), by=command.by)
    return tell(case, now, offer.proposed_by, Word.PROPOSED, text)


def _follows(offer: Offer) -> str:
    """What a decision brings, beside the decision itself, which its step tells."""
    until = f" may be answered until {offer.expires_at:%Y-%m-%d %H:%M} UTC" if offer.expires_at else " is not offered"
    return f"{offer.id} ({offer.title}){until}"


def answer(case: SaveCase, command: AnswerOffer, now: datetime) -> SaveCase:
    """The customer's answer; what is accepted is checked once more against the cause and the cooldown, then applied."""
    offer = _answerable(find(case, command.offer_id))
    offer = offer.model_copy(update={"answer": command.evidence})
    if command.answer is OfferAnswer.DECLINED:
        case = offers.put(case, offer.model_copy(update={"state": OfferState.DECLINED}))
        return say(case, now, "offer_declined", f"{offer.id} ({offer.title}): {command.evidence}", by=command.by)
    under_cancellation.check_acceptance(case)
    concessions.check_cause(case, offer.kind)
    if concessions.is_price(case, offer.kind):
        return asking.standing(case, offer.id, command.by, offer, now)
    return accepting.accept(case, offer, command.by, now)


def standing_known(case: SaveCase, ask: Ask, standing: Standing, now: datetime) -> SaveCase:
    """What was asked for is done, now that the standing is known, or refused in the same words as any command.

    A fault of ours refuses, too: nothing changed, and a case that stands still would be worse.
    """
    try:
        weighed, sentence = _weighed(case, ask, standing, now)
    except Refused as refused:
        return _not_possible(case, ask, refused, now)
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as fault:
        sentence = f"this ran into a fault of the software ({type(fault).__name__}); nothing changed"
        return _not_possible(case, ask, Refused(RefusalType.INTERNAL_FAULT, sentence), now)
    return asking.answer(weighed, ask, sentence=sentence)


def _not_possible(case: SaveCase, ask: Ask, refused: Refused, now: datetime) -> SaveCase:
    case = say(case, now, "offer_not_possible", f"{ask.subject}: {refused.sentence}", by=ask.by)
    if not ask.awaited:
        case = tell(case, now, ask.by, Word.REFUSED, refused.sentence)
    return asking.answer(case, ask, refused.kind, refused.sentence)


def _weighed(case: SaveCase, ask: Ask, standing: Standing, now: datetime) -> tuple[SaveCase, str]:
    assert ask.offer is not None
    concessions.check_cause(case, ask.offer.kind)
    if ask.offer.id:
        _answerable(find(case, ask.offer.id))
        under_cancellation.check_acceptance(case)  # which it may have heard of since
    concessions.check_cooldown(case, standing, now)
    if not ask.offer.id:
        respecting.check_no(case)  # the customer may have said no since it was proposed
        if twin := twins.offer(case, ask.offer):
            return case, twins.once(twin)
        return _placed(case, ask.offer, standing, now)
    return accepting.accept(case, ask.offer, ask.by, now), f"{ask.offer.id} is accepted; billing applies it now"


def find(case: SaveCase, offer_id: str) -> Offer:
    """The offer of that id. Raises ``Refused(UnknownOffer)`` naming those that there are."""
    offer = case.offer(offer_id)
    if offer is None:
        there = one_of(offer.id for offer in case.offers)
        raise Refused(RefusalType.UNKNOWN_OFFER, f"there is no offer '{offer_id}'; proposed: {there}")
    return offer


def money(amount: Money) -> str:
    """An amount as an answer says it."""
    return f"{amount.currency} {amount.minor / 100:,.2f}"


def _draft(case: SaveCase, command: ProposeOffer, now: datetime) -> Offer:
    """The offer with its figures, checked against the cause, the playbook and the policy; it has no id yet."""
    concessions.check_cause(case, None)
    spec, kind = concessions.find_spec(case, command.offer)
    concessions.check_cause(case, kind)
    respecting.check_offer(case, kind)
    rules, arr = concessions.rules_of(case), case.account.arr if case.account else Money()
    today = local_day(now, offer_steps.calendar_of(case))
    details = offer_details.details_of(spec, command, today)
    draft = Offer(
        id="",
        offer=spec.id,
        kind=kind,
        title=command.title or spec.what[0][:200],
        details=tuple(Detail(name=name, text=text) for name, text in details.items()),
        tied_to=command.tied_to or "",
        tie_ref=command.tie_ref or "",
        reason=command.reason,
        proposed_by=command.by,
        proposed_at=now,
    )
    lasts = rates.lasting(spec, command, rules, now)
    if not concessions.is_price(case, kind):
        rates.check_without_rate(spec, kind, command, arr)
        cost = rates.cost_without_rate(kind, command, lasts, arr, now)
        return draft.model_copy(update={"lasts": lasts, "cost_per_year": cost})
    terms = rates.terms_of(spec, command, lasts, rules)
    rung = concessions.rung_of(rules, rates.headline(terms))
    concessions.check_tie(case, command)
    if rung.needs_reason and not command.reason:
        raise Refused(
            RefusalType.EVIDENCE_MISSING, f"{rates.headline(terms)} % is for emergencies and needs a 'reason'"
        )
    figures = {"terms": terms, "headline_pct": rates.headline(terms), "blended_bp": rates.blended(terms)}
    return draft.model_copy(update={**figures, "cost_per_year": rates.yearly_cost(terms, arr)})


def _placed(case: SaveCase, offer: Offer, standing: Standing | None, now: datetime) -> tuple[SaveCase, str]:
    """The offer on the register with the approval that it needs, and a sentence on what it costs and who decides."""
    left = concessions.budget_left(case, standing, offer.proposed_by, now) if standing else None
    cost = budgets.converted(policy_of(case), offer.cost_per_year)
    over = standing is not None and (left is None or cost is None or cost > left.minor)
    why = "over the budget of the quarter" if over else _given_up(case, offer)
    offer = offer.model_copy(update={"id": _free_id(case)})
    spec, _ = concessions.find_spec(case, offer.offer)
    proposer = roles_of(case, offer.proposed_by)
    role = concessions.approver(policy_of(case), spec, offer.headline_pct, proposer, to_the_top=bool(why))
    case, decides = _asked_for(case, offer, role, why, now)
    said = f"{offer.id} ({offer.offer}): {_priced(offer)}{_budget(left, cost)}; {decides}"
    return say(case, now, "offer_proposed", said, by=offer.proposed_by), said


def _given_up(case: SaveCase, offer: Offer) -> str:
    """Less scope is no discount, but a price for next to nothing is none either (SAVE-48)."""
    arr, most = case.account.arr if case.account else Money(), concessions.rules_of(case).less_up_to_pct
    less = offer.kind in rates.LESS_FOR_LESS and offer.cost_per_year.minor * 100 > arr.minor * most
    return f"more than {most} % of the revenue given up" if less else ""


def _free_id(case: SaveCase) -> str:
    taken = {one.id for one in case.offers}
    return next(name for n in range(1, len(taken) + 2) if (name := f"offer_{n}") not in taken)


def _asked_for(case: SaveCase, offer: Offer, role: RoleId, why: str, now: datetime) -> tuple[SaveCase, str]:
    if not role:
        offer = _valid(case, offer, now)
        case = conceding.asked(offers.put(case, offer), offer, None, now)
        return offer_letters.owe(case, offer, now), "nobody needs to approve it"
    rules = concessions.rules_of(case)
    judge = f"; judge first: {'; '.join(rules.judge)}" if rules.judge and concessions.is_price(case, offer.kind) else ""
    name, due = f"approval_{offer.id.removeprefix('offer_')}", later(now, rules.approval_within)
    spec = StepSpec(
        id=name,
        title=f"Decide on {offer.id}: {offer.title}"[:200],
        req="SAVE-44",
        owner=role,
        due=When(offset=rules.approval_within),
        evidence=EvidenceRule(what=f"approved or refused, by 'decide_approval'{judge}"),
        ladder=rules.escalation,
    )
    person = holder(case, role, now)
    dated = {"by_hand": True, "opens": now, "due": due, "pinned_due": True, "person": person}
    case = put_steps(change(case, extras=(*case.extras, spec)), new_steps((spec,), now)[0].model_copy(update=dated))
    case = offers.put_approval(case, Approval(id=name, subject=offer.id, role=role, due=due, why=why))
    case = tell(offers.put(case, offer), now, person, Word.ASSIGNED, f"{spec.title}{judge}", name)
    case = conceding.asked(case, offer, name, now)
    because = f", since it is {why}" if why else ""
    return case, f"{role} ({person or 'nobody yet'}) decides as {name} by {due:%Y-%m-%d %H:%M} UTC{because}"


def _priced(offer: Offer) -> str:
    shown = (
        f"headline {offer.headline_pct} %, blended over a year {offer.blended_bp / 100:g} %, " if offer.terms else ""
    )
    return f"{shown}costs {money(offer.cost_per_year)} a year"


def _budget(left: Money | None, cost: int | None) -> str:
    if left is None:
        return ""
    after = Money(minor=left.minor - (cost or 0), currency=left.currency)
    return f"; of your budget of this quarter {money(left)} are left, {money(after)} with this offer"


def _valid(case: SaveCase, offer: Offer, now: datetime) -> Offer:
    until = later(now, concessions.rules_of(case).valid_for)
    return offer.model_copy(update={"state": OfferState.APPROVED, "expires_at": until})


def _pending(case: SaveCase, approval_id: str) -> Approval:
    approval = case.approval(approval_id)
    if approval is None:
        there = one_of(known.id for known in case.approvals if known.state is ApprovalState.PENDING)
        raise Refused(RefusalType.UNKNOWN_APPROVAL, f"there is no approval '{approval_id}'; to be decided: {there}")
    if approval.state is not ApprovalState.PENDING:
        who = f" by {approval.decided_by}" if approval.decided_by else ""
        raise Refused(
            RefusalType.ALREADY_DECIDED,
            f"{approval.id} was {approval.state}{who} on {approval.decided_at:%Y-%m-%d %H:%M} UTC; that decision stands",
        )
    return approval


def _answerable(offer: Offer) -> Offer:
    if offer.state is OfferState.AWAITING_APPROVAL:
        raise Refused(RefusalType.APPROVAL_MISSING, f"{offer.id} is not approved yet; 'decide_approval' comes first")
    if offer.state is OfferState.EXPIRED:
        raise Refused(
            RefusalType.OFFER_EXPIRED, f"{offer.id} expired on {offer.expires_at:%Y-%m-%d %H:%M} UTC; propose it anew"
        )
    if offer.state is not OfferState.APPROVED:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{offer.id} is {offer.state} already; only an approved offer is answered"
        )
    return offer
