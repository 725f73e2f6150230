"""What binds every concession: the cause, the ladder, four eyes, ties, the cooldown and the budget (SAVE-37..51)."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from models.account import Money
from models.case import Case, RefusalType
from models.concession import Approval, Offer, OfferState, Standing
from models.concession_policy import ConcessionRules, ConcessionRung
from models.offer import ON_THE_ROADMAP, OfferKind, OfferSpec
from models.offer_commands import ProposeOffer
from models.people import PersonId, RoleId
from models.policy import Policy
from models.promise import PromiseState
from models.save import SaveCase, SaveStage
from rules import budgets, causes, investigating
from rules.dating import later
from rules.refusal import Refused, one_of
from rules.routing import acting_roles, policy_of
from rules.save.stages import at_least

LADDER = "discount_ladder"
UNTIL_DELIVERY = "until_delivery_of_our_commitment"
TELLABLE = (OfferState.APPROVED, OfferState.ACCEPTED, OfferState.APPLIED)
"""States in which the customer may be told of an offer, in a letter or otherwise (SAVE-44)."""
_SPENT = (
    OfferState.AWAITING_APPROVAL,
    OfferState.APPROVED,
    OfferState.ACCEPTED,
    OfferState.APPLIED,
    OfferState.ENDED,
)


def rules_of(case: Case) -> ConcessionRules:
    """The policy of concessions that the case runs under."""
    return policy_of(case).concessions


def is_price(case: Case, kind: OfferKind | None) -> bool:
    """Whether an offer of that kind lowers the price of what the customer has."""
    return kind in rules_of(case).price_kinds


def find_spec(case: SaveCase, offer_id: str) -> tuple[OfferSpec, OfferKind]:
    """What the playbook or policy authorises by that id. Raises ``Refused(UnknownOffer)`` naming what there is."""
    spec = case.plan.offer(offer_id) if case.plan else None
    if spec is None or spec.kind is None:
        known = [*(case.plan.offers if case.plan else ()), *policy_of(case).offers]
        cause = next((rule for rule in policy_of(case).root_causes if rule.code == case.root_cause), None)
        more = f"; 'adopt_plan' may bring those of {one_of(cause.modules)}" if cause and cause.modules else ""
        names = one_of(offer.id for offer in known)
        raise Refused(RefusalType.UNKNOWN_OFFER, f"'{offer_id}' is not authorised here; known: {names}{more}")
    return spec, spec.kind


def check_cause(case: SaveCase, kind: OfferKind | None) -> None:
    """No offer before the cause is known, and no price for a cause that no price answers (PLAY-3, SAVE-39, SAVE-47).

    Raises ``Refused``: ``RootCauseMissing``, ``InvestigationOpen`` or ``OfferBlocked``.
    """
    if case.root_cause is None or not at_least(case.stage, SaveStage.DIAGNOSED):
        raise Refused(
            RefusalType.ROOT_CAUSE_MISSING,
            f"an offer needs the diagnosis first: 'log_contact' and 'record_root_cause'; this case is {case.stage}",
        )
    if is_price(case, kind):
        _check_price(case, kind)
    investigating.check_answered(case)


def _check_price(case: SaveCase, kind: OfferKind | None) -> None:
    policy = policy_of(case)
    rule = causes.rule_of(policy, case.root_cause)
    if rule and causes.no_price_answers(policy, rule):
        raise Refused(
            RefusalType.OFFER_BLOCKED,
            f"no {kind} answers {rule.code} ({rule.category}); offer what mends it, such as service or training",
        )
    other = investigating.other_cause(case)
    if other and causes.no_price_answers(policy, other.rule):
        raise Refused(
            RefusalType.OFFER_BLOCKED,
            f"{other.step} found {other.decision}, and no {kind} answers that; 'record_root_cause' {other.rule.code}, or "
            f"'reopen_step' {other.step} to decide anew",
        )


def check_tie(case: Case, command: ProposeOffer) -> None:
    """A price concession is tied to something in return (SAVE-45). Raises ``Refused(TieMissing)``."""
    ties = rules_of(case).ties
    if command.tied_to not in ties:
        raise Refused(RefusalType.TIE_MISSING, f"a price concession is 'tied_to' one of: {one_of(ties)}")
    owed = [one.id for one in case.commitments if one.state in (PromiseState.OPEN, PromiseState.BREACHED)]
    if command.tied_to == UNTIL_DELIVERY and command.tie_ref not in owed:
        there = one_of(owed)
        raise Refused(
            RefusalType.TIE_MISSING,
            f"'{UNTIL_DELIVERY}' needs a promise that is still owed as 'tie_ref'; owed so far: {there}",
        )
    known = command.tie_ref is None or case.commitment(command.tie_ref) or case.step(command.tie_ref)
    if not known:
        raise Refused(RefusalType.TIE_MISSING, f"'tie_ref' names a promise or a step; there is no '{command.tie_ref}'")


def rung_of(rules: ConcessionRules, rate: int) -> ConcessionRung:
    """The first rung of the ladder that reaches a headline rate (DIS-12). Raises ``Refused(AboveLimit)``."""
    ladder = rules.ladder
    rung = next((rung for rung in ladder if rung.up_to_pct >= rate), None)
    if rung is None:
        top = max((rung.up_to_pct for rung in ladder), default=0)
        raise Refused(RefusalType.ABOVE_LIMIT, f"nobody may approve {rate} %; the ladder ends at {top} %")
    return rung


def approver(policy: Policy, spec: OfferSpec, rate: int, proposer: Container[RoleId], *, to_the_top: bool) -> RoleId:
    """Who decides on an offer: by its rate, by the role that its playbook names, never who proposed it.

    ``proposer`` are the roles of who proposes it. A named role of the ladder can only raise the rung; ``to_the_top`` the
    last of the chain decides. Empty where the offer needs nobody's approval.
    """
    rules = policy.concessions
    if spec.kind in rules.price_kinds or spec.approval == LADDER:
        chain = _ladder_roles(policy)
        rung = chain.index(rung_of(rules, rate).role)
        named = chain.index(spec.approval) if spec.approval in chain else 0
        wanted = len(chain) - 1 if to_the_top else max(rung, named)
    elif spec.kind in ON_THE_ROADMAP and spec.approval in rules.roadmap_by:
        chain = list(rules.roadmap_by)
        wanted = chain.index(spec.approval)
    elif not spec.approval and not to_the_top:
        return ""
    else:
        chain = _chain(policy, spec.approval)
        wanted = len(chain) - 1 if to_the_top else chain.index(spec.approval)
    held = [n for n, role in enumerate(chain) if role in proposer]
    return chain[min(max([wanted, *(n + 1 for n in held)]), len(chain) - 1)]


def check_decider(case: Case, approval: Approval, offer: Offer, by: PersonId, now: datetime) -> None:
    """Nobody approves their own, nobody above their rung, a deputy only while the holder is away, and the roadmap only
    those who build it (DIS-31). Raises ``Refused``: ``SelfApproved`` or ``NotAllowed``.
    """
    if by == offer.proposed_by:
        raise Refused(
            RefusalType.SELF_APPROVED,
            f"'{by}' proposed {approval.subject} and does not decide on it; {approval.role} does",
        )
    allowed = deciders(policy_of(case), approval.role)
    if offer.kind in ON_THE_ROADMAP:
        allowed = rules_of(case).roadmap_by or allowed
    acts_as = acting_roles(case, by, now)
    if not set(allowed) & set(acts_as):
        held = one_of(acts_as)
        raise Refused(RefusalType.NOT_ALLOWED, f"{approval.id} is decided by {one_of(allowed)}; '{by}' is {held}")


def deciders(policy: Policy, role: RoleId) -> tuple[RoleId, ...]:
    """The role that an approval is for, and those above it."""
    chain = _chain(policy, role)
    return tuple(chain[chain.index(role) :])


def check_cooldown(case: Case, standing: Standing, now: datetime) -> None:
    """One price concession at a time for an account, in whichever case. Raises ``Refused(InCooldown)``."""
    here = [one.accepted_at for one in case.offers if one.accepted_at and is_price(case, one.kind)]
    last = max([*here, *([standing.last_accepted] if standing.last_accepted else [])], default=None)
    until = later(last, rules_of(case).cooldown) if last else None
    if last and until and now < until:
        raise Refused(
            RefusalType.IN_COOLDOWN,
            f"the account accepted a price concession on {last:%Y-%m-%d}; the next one may be offered from "
            f"{until:%Y-%m-%d} on",
        )


def budget_left(case: Case, standing: Standing, person: PersonId, now: datetime) -> Money | None:
    """What is left of the person's budget for this quarter, negative where it is spent; None where no rate is known."""
    since = budgets.quarter_start(now)
    here = (
        offer.cost_per_year
        for offer in case.offers
        if offer.proposed_by == person
        and offer.state in _SPENT
        and not offer.carried_from  # the book counts it in the case that it came from
        and is_price(case, offer.kind)
        and offer.proposed_at
        and offer.proposed_at >= since
    )
    return budgets.left(policy_of(case), (*standing.spent, *here))


def is_open(offer: Offer) -> bool:
    """Whether somebody still has to decide on it or to answer it."""
    return offer.state in (OfferState.AWAITING_APPROVAL, OfferState.APPROVED)


def _ladder_roles(policy: Policy) -> list[RoleId]:
    return [rung.role for rung in policy.concessions.ladder]


def _chain(policy: Policy, role: RoleId) -> list[RoleId]:
    """The roles in whose order an approval of that role rises."""
    ladder = _ladder_roles(policy)
    if role in ladder:
        return ladder
    return list(dict.fromkeys((role, policy.manager_role, policy.executive_role)))
