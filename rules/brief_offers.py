"""What a person may offer before a call: alone, with whose approval, and what is ruled out (CONV-12, SAVE-37..51)."""

from __future__ import annotations

from models.brief import Approver, BriefFacts, Named, OfferLine, OfferSection
from models.concession_policy import ConcessionRung
from models.offer import OfferKind, OfferSpec
from models.people import RoleId
from rules import causes, concessions

_DISCOUNT = OfferSpec(id="discount", kind=OfferKind.DISCOUNT, what=("a discount",), approval=concessions.LADDER)


def offer_section(facts: BriefFacts) -> OfferSection:
    """Section 4: the ladder as it stands for this reader, and every offer that is not ruled out."""
    rules = facts.plan.policy.concessions
    lines = offer_lines(facts)
    return OfferSection(
        diagnosed=facts.case.root_cause is not None,
        price=_price(facts),
        budget=facts.budget,
        blocked=_blocked_kinds(facts),
        alone=tuple(line for line in lines if line.approver is None),
        approved=tuple(line for line in lines if line.approver is not None),
        ties=rules.ties,
        cooldown=rules.cooldown,
        valid_for=rules.valid_for,
        approval_within=rules.approval_within,
    )


def offer_lines(facts: BriefFacts) -> tuple[OfferLine, ...]:
    """The offers of the plan, the modules of its root cause and the policy, without those that are blocked."""
    offers: dict[str, OfferSpec] = {}
    for offer in (*facts.plan.offers, *facts.module_offers, *facts.plan.policy.offers):
        offers.setdefault(offer.id, offer)
    blocked = _blocked_kinds(facts)
    return tuple(_line(facts, offer) for offer in offers.values() if offer.kind not in blocked)


def category_of(facts: BriefFacts) -> str:
    """The category of the root cause; empty where none is known."""
    cause = causes.rule_of(facts.plan.policy, facts.case.root_cause)
    return cause.category if cause else ""


def _blocked_kinds(facts: BriefFacts) -> tuple[OfferKind, ...]:
    policy = facts.plan.policy
    cause = causes.rule_of(policy, facts.case.root_cause)
    return policy.concessions.price_kinds if cause and causes.no_price_answers(policy, cause) else ()


def _price(facts: BriefFacts) -> tuple[Approver, ...]:
    """Who says yes to a discount of this reader's: each role with the highest rate that is its to give (DIS-12)."""
    asked: dict[RoleId, ConcessionRung] = {}
    for rung in facts.plan.policy.concessions.ladder:
        asked[_decides(facts, _DISCOUNT, rung.up_to_pct)] = rung
    return tuple(_approving(facts, role, rung) for role, rung in asked.items())


def _approving(facts: BriefFacts, role: RoleId, rung: ConcessionRung) -> Approver:
    holders = _holders(facts, role)
    return Approver(role=role, people=holders, up_to_pct=rung.up_to_pct, needs_reason=rung.needs_reason)


def _decides(facts: BriefFacts, offer: OfferSpec, rate: int) -> RoleId:
    return concessions.approver(facts.plan.policy, offer, rate, facts.roles, to_the_top=False)


def _holders(facts: BriefFacts, role: RoleId) -> tuple[Named, ...]:
    names = {person.id: person for person in facts.people}
    held = (seat.person for seat in facts.seats if seat.role == role)
    return tuple(names.get(person, Named(id=person)) for person in held)


def _line(facts: BriefFacts, offer: OfferSpec) -> OfferLine:
    rate = _headline(offer)
    role = _decides(facts, offer, rate or 0)
    return OfferLine(
        id=offer.id,
        kind=offer.kind,
        what=offer.what,
        limit_pct=rate,
        approver=Approver(role=role, people=_holders(facts, role)) if role else None,
    )


def _headline(offer: OfferSpec) -> int | None:
    """The highest rate of an offer, which decides who approves it (DIS-12)."""
    rates = [step.pct for step in offer.schedule] + ([offer.limit_pct] if offer.limit_pct is not None else [])
    return max(rates, default=None)
