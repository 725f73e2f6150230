"""What a person may offer before a call: alone, with whose approval, and what is ruled out (CONV-12, SAVE-37..51)."""

from __future__ import annotations

from models.brief import Approver, BriefFacts, Named, OfferLine, OfferSection
from models.concession_policy import ConcessionRules, ConcessionRung
from models.offer import OfferKind, OfferSpec
from models.people import RoleId

_LADDER = "discount_ladder"


def offer_section(facts: BriefFacts) -> OfferSection:
    """Section 4: the ladder as it stands for this reader, and every offer that is not ruled out."""
    rules = facts.plan.policy.concessions
    lines = offer_lines(facts)
    return OfferSection(
        diagnosed=facts.case.root_cause is not None,
        alone_up_to_pct=_alone_up_to(facts, rules),
        above=tuple(_rung(facts, rung) for rung in rules.ladder if rung.up_to_pct > (_alone_up_to(facts, rules) or 0)),
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
    causes = {rule.code: rule.category for rule in facts.plan.policy.root_causes}
    return causes.get(facts.case.root_cause or "", "")


def _blocked_kinds(facts: BriefFacts) -> tuple[OfferKind, ...]:
    rules = facts.plan.policy.concessions
    return rules.price_kinds if category_of(facts) in rules.blocked_categories else ()


def _alone_up_to(facts: BriefFacts, rules: ConcessionRules) -> int | None:
    return max((rung.up_to_pct for rung in rules.ladder if rung.role in facts.roles), default=None)


def _rung(facts: BriefFacts, rung: ConcessionRung) -> Approver:
    holders = _holders(facts, rung.role)
    return Approver(role=rung.role, people=holders, up_to_pct=rung.up_to_pct, needs_reason=rung.needs_reason)


def _holders(facts: BriefFacts, role: RoleId) -> tuple[Named, ...]:
    names = {person.id: person for person in facts.people}
    held = (seat.person for seat in facts.seats if seat.role == role)
    return tuple(names.get(person, Named(id=person)) for person in held)


def _line(facts: BriefFacts, offer: OfferSpec) -> OfferLine:
    return OfferLine(
        id=offer.id,
        kind=offer.kind,
        what=offer.what,
        limit_pct=_headline(offer),
        approver=_approver(facts, offer),
    )


def _headline(offer: OfferSpec) -> int | None:
    """The highest rate of an offer, which decides who approves it (DIS-12)."""
    rates = [step.pct for step in offer.schedule] + ([offer.limit_pct] if offer.limit_pct is not None else [])
    return max(rates, default=None)


def _approver(facts: BriefFacts, offer: OfferSpec) -> Approver | None:
    """Who must say yes; None where the reader may make the offer alone, within their rate where it has no own one."""
    if offer.approval == _LADDER:
        return _by_ladder(facts, _headline(offer))
    if not offer.approval or offer.approval in facts.roles:
        return None
    return Approver(role=offer.approval, people=_holders(facts, offer.approval))


def _by_ladder(facts: BriefFacts, rate: int | None) -> Approver | None:
    rules = facts.plan.policy.concessions
    alone = _alone_up_to(facts, rules)
    if alone is not None and (rate is None or rate <= alone):
        return None
    rung = next((rung for rung in rules.ladder if rung.up_to_pct >= (rate or 0)), None)
    return _rung(facts, rung) if rung else None
