"""What may be offered, and which root causes there are, read from the playbooks and the policy (SAVE-37..51, PLAY-150)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.menu import CauseLine, Menu, MenuLine
from models.offer import OfferKind, OfferSpec
from models.plan import Plan
from models.policy import Policy, RootCauseRule
from rules.causes import no_price_answers
from rules.rates import LESS_FOR_LESS


def menu(plans: Iterable[Plan], policy: Policy, cause: RootCauseRule | None) -> Menu:
    """The offers of these playbooks and modules, and those that the policy allows with every one.

    With a root cause, each offer of a price is marked as blocked where no price answers it (SAVE-47).
    """
    rules = policy.concessions
    blocked = ""
    if cause and no_price_answers(policy, cause):
        blocked = f"no price answers {cause.code} ({cause.category})"
    lines = [_line(policy, offer, plan, blocked) for plan in plans for offer in plan.offers]
    lines += [_line(policy, offer, None, blocked) for offer in policy.offers]
    return Menu(
        cause=cause.code if cause else "",
        playbook=cause.playbook if cause else "",
        lines=tuple(lines),
        ladder=rules.ladder,
        ties=rules.ties,
        cooldown=rules.cooldown,
        valid_for=rules.valid_for,
        approval_within=rules.approval_within,
    )


def causes(policy: Policy) -> Iterator[CauseLine]:
    """Every root cause of the company's list, in its order."""
    for rule in policy.root_causes:
        yield CauseLine(
            code=rule.code,
            category=rule.category,
            title=rule.title,
            playbook=rule.playbook,
            modules=rule.modules,
            no_price=no_price_answers(policy, rule),
        )


def _line(policy: Policy, offer: OfferSpec, plan: Plan | None, blocked: str) -> MenuLine:
    price = offer.kind in policy.concessions.price_kinds
    rates = [step.pct for step in offer.schedule] + ([] if offer.limit_pct is None else [offer.limit_pct])
    return MenuLine(
        id=offer.id,
        kind=offer.kind,
        what="; ".join(offer.what),
        source=plan.name if plan else "",
        module=plan is not None and plan.is_module,
        limit_pct=max(rates, default=None),
        lasts=offer.limit_duration,
        needs=offer.needs,
        tied=price,
        approval=offer.approval,
        cost=_cost(offer.kind, price=price),
        blocked=blocked if price else "",
    )


def _cost(kind: OfferKind | None, *, price: bool) -> str:
    """By which rule ``rules/rates.py`` counts what an offer of that kind costs in a year."""
    if price:
        return "the yearly price x the rate, over months 1 to 12"
    if kind is OfferKind.PAUSE:
        return "the yearly price x days / 365"
    if kind in LESS_FOR_LESS:
        return "the yearly price less the new one"
    return "nothing of the price"
