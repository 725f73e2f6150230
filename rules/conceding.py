"""Who else hears of a concession: those whom the RACI names for its rung of the ladder (SAVE-26)."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.concession import Approval, Offer
from models.effects import Word
from models.raci import RaciRule
from rules import raci
from rules.concessions import rules_of, rung_of
from rules.edit import C
from rules.routing import policy_of


def asked(case: C, offer: Offer, step: str | None, now: datetime) -> C:
    """An offer was proposed: whoever is consulted, or does it besides, is asked before it is decided."""
    rule = _rule(case, offer)
    if rule is None:
        return case
    owner = case.step(step) if step else None
    knowing = {offer.proposed_by, owner.person if owner else None}
    roles = (*rule.responsible, *rule.consulted)
    return raci.tell_roles(case, roles, Word.CONSULTED, f"{_named(offer)} is proposed", step, knowing, now)


def decided(case: C, offer: Offer, approval: Approval, now: datetime) -> C:
    """Whoever is informed hears what was decided."""
    return _inform(case, offer, f"{_named(offer)} is {approval.state}", {approval.decided_by, offer.proposed_by}, now)


def applied(case: C, offer: Offer, now: datetime) -> C:
    """Whoever is informed hears that it is in force."""
    return _inform(case, offer, f"{_named(offer)} is applied: {offer.receipt}", set(), now)


def _inform(case: C, offer: Offer, text: str, knowing: set[str | None], now: datetime) -> C:
    rule = _rule(case, offer)
    return raci.tell_roles(case, rule.informed, Word.INFORMED, text, None, knowing, now) if rule else case


def _rule(case: Case, offer: Offer) -> RaciRule | None:
    """The row of the offer's rung; None for what concedes neither price nor terms."""
    rules = rules_of(case)
    if offer.kind not in (*rules.price_kinds, *rules.term_kinds):
        return None
    activity = rung_of(rules, offer.headline_pct).activity
    return next((rule for rule in policy_of(case).raci if rule.activity == activity), None)


def _named(offer: Offer) -> str:
    rate = f", {offer.headline_pct} % at most" if offer.headline_pct else ""
    return f"{offer.id} ({offer.title}{rate})"
