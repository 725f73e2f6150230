"""The steps that an accepted offer brings: later prices, the return, ends and measuring days, each with a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from models.account import Money
from models.calendar import Calendar, Clock, Offset
from models.case import Case
from models.concession import Offer
from models.offer import ON_THE_ROADMAP, OfferKind
from models.people import RoleId
from models.plan import Condition, EvidenceRule, StepSpec, When
from models.step import Step
from rules import offers
from rules.concessions import rules_of
from rules.dating import add_months, ahead, day_begins, later, moment
from rules.edit import C, change, put_steps
from rules.offers import apply_step
from rules.planning import new_steps
from rules.routing import holder, policy_of

MISSED, CUSTOMER_LEAVES, NOT_COLLECTED = "missed", "customer_leaves", "not_collected"
"""Decisions after which somebody must act: the customer goes, or what was put off did not come in."""

PRICE, RETURN = ("as_agreed", "talk_first"), ("standard_price_stands", "new_offer", CUSTOMER_LEAVES)
END = ("becomes_regular", "agreed_anew", "ends")
PAUSE_END = ("resumes", "agreed_anew", CUSTOMER_LEAVES)
COLLECTED, LET_GO = ("collected", NOT_COLLECTED), ("cancellation_opened", "stays_after_all")
MEASURED, IMPROVED, EXIT = ("reached", MISSED), ("improved", "not_improved"), ("stays", CUSTOMER_LEAVES)
"""What can be decided on each of these days; the software understands ``not_improved``, from which the notice counts."""

_BY_ITSELF = (OfferKind.PAUSE, *ON_THE_ROADMAP)  # billing pauses, and a promise is a step of its own

Owed = tuple[StepSpec, Step]


def calendar_of(case: Case) -> Calendar:
    """The customer's calendar, in which billing dates and days are meant."""
    return case.account.calendar if case.account else Calendar()


def term_begins(offer: Offer, month: int) -> date:
    """The billing date of the first day of a month after acceptance, counted from 1."""
    assert offer.starts is not None
    return add_months(offer.starts, month - 1)


def ends_at(case: Case, offer: Offer) -> datetime | None:
    """When what the offer gives comes to its end (UTC); None for what has no end."""
    if offer.starts is None:
        return None
    calendar = calendar_of(case)
    if offer.terms:
        return day_begins(term_begins(offer, offer.terms[-1].last + 1), calendar)
    if until := offer.detail("until_date"):
        return day_ends(case, until)
    begun = day_begins(offer.starts, calendar)
    end = moment(begun, offer.lasts, Clock.ELAPSED, calendar)
    return end if end > begun else None


def day_ends(case: Case, day: str) -> datetime:
    """The moment (UTC) at which a day (ISO text) of the customer is over."""
    return day_begins(date.fromisoformat(day) + timedelta(days=1), calendar_of(case))


def owed_for(case: Case, offer: Offer, now: datetime) -> tuple[Owed, ...]:
    """Every step of an accepted offer, dated; a day that a decision is about asks for it ahead of time."""
    return tuple(
        step
        for steps in (_by_hand(case, offer, now), _price_steps(case, offer, now), _days(case, offer, now))
        for step in steps
    )


def brings(case: C, offer: Offer, owed: tuple[Owed, ...]) -> C:
    """The case with the offer and the steps that it brings."""
    names = tuple(spec.id for spec, _ in owed)
    case = change(case, extras=(*case.extras, *(spec for spec, _ in owed)))
    case = put_steps(case, *(step for _, step in owed))
    return offers.put(case, offer.model_copy(update={"steps": names}))


def carried_out(case: Case, offer: Offer, now: datetime) -> Owed:
    """The step in which a person does what an accepted offer says, where billing does not."""
    rules = rules_of(case)
    spec = StepSpec(
        id=apply_step(offer),
        title=f"Carry out what was agreed: {offer.title}"[:200],
        req="SAVE-37",
        owner=rules.applied_by or policy_of(case).lead_role,
        due=When(offset=Offset()),
        evidence=EvidenceRule(what="what was set up, and where it can be seen"),
    )
    start = offer.detail("start_date")
    due = day_ends(case, start) if start else later(now, rules.applied_within)
    return spec, _dated(case, spec, now, due, now)


def _by_hand(case: Case, offer: Offer, now: datetime) -> Iterator[Owed]:
    if (not offer.terms and offer.kind not in _BY_ITSELF) or apply_step(offer) in offer.steps:
        yield carried_out(case, offer, now)


def _price_steps(case: Case, offer: Offer, now: datetime) -> Iterator[Owed]:
    calendar = calendar_of(case)
    for number, term in enumerate(offer.terms[1:], start=2):
        day = day_begins(term_begins(offer, term.first), calendar)
        title = f"The price changes to {term.pct} % off: {offer.title}"
        yield _decision(case, offer, f"{offer.id}_price_{number}", title, day, PRICE, now)
    end = ends_at(case, offer)
    if offer.terms and end:
        title = f"Back to the standard price: {offer.title}"
        yield _decision(case, offer, f"{offer.id}_return", title, end, RETURN, now)
        yield _leaving(case, offer, f"{offer.id}_return", CUSTOMER_LEAVES, now)


def _days(case: Case, offer: Offer, now: datetime) -> Iterator[Owed]:
    calendar, end = calendar_of(case), ends_at(case, offer)
    if end and not offer.terms:
        choices = PAUSE_END if offer.kind is OfferKind.PAUSE else END
        yield _decision(case, offer, f"{offer.id}_end", f"It ends: {offer.title}", end, choices, now)
        if CUSTOMER_LEAVES in choices:
            yield _leaving(case, offer, f"{offer.id}_end", CUSTOMER_LEAVES, now)
    if measured := offer.detail("measure_date"):
        title = f"Measure the guarantee: {offer.detail('metric')} against {offer.detail('target')}"
        day = day_begins(date.fromisoformat(measured), calendar)
        yield _decision(case, offer, f"{offer.id}_measure", title, day, MEASURED, now)
        yield _leaving(case, offer, f"{offer.id}_measure", MISSED, now)
    if offer.kind is OfferKind.DEFERRED_FEE and (due := offer.detail("due_date")):
        yield _fee(case, offer, day_ends(case, due), now)
    if improve := offer.detail("improve_by"):
        yield from _exit(case, offer, Offset.model_validate(improve), now)


def _fee(case: Case, offer: Offer, day: datetime, now: datetime) -> Owed:
    """The fee that was put off falls due, and whoever sends the bills says whether it came in (PLAY-82)."""
    currency = case.account.arr.currency if case.account else Money().currency
    title = f"Collect the deferred fee of {currency} {int(offer.detail('fee_minor')) / 100:,.2f}: {offer.title}"
    return _decision(case, offer, f"{offer.id}_fee", title, day, COLLECTED, now, rules_of(case).applied_by)


def _exit(case: Case, offer: Offer, improve: Offset, now: datetime) -> Iterator[Owed]:
    """By when it must be better, and from then on the notice, which exists only where it is not (PLAY-145)."""
    assert offer.accepted_at is not None
    number = offer.id.removeprefix("offer_")
    name, day = f"improve_by_{number}", moment(offer.accepted_at, improve, Clock.ELAPSED, calendar_of(case))
    yield _decision(case, offer, name, f"Is it better by now: {offer.title}", day, IMPROVED, now)
    anchor = f"step:{name}"
    written = _written(case, f"exit_notice_{number}", f"The exit notice runs out: {offer.title}", EXIT)
    spec = StepSpec.model_validate(
        written
        | {
            "opens": When(after=anchor),
            "due": When(after=anchor, offset=Offset.model_validate(offer.detail("exit_notice") or "P30D")),
            "condition": Condition(step=name, decision="not_improved"),
        }
    )
    yield spec, new_steps((spec,), now)[0].model_copy(update={"by_hand": True})
    yield _leaving(case, offer, spec.id, CUSTOMER_LEAVES, now)


def _leaving(case: Case, offer: Offer, decided: str, decision: str, now: datetime) -> Owed:
    """What is owed once a decision lets the customer go, and only then: they leave as agreed (PLAY-143, PLAY-145)."""
    title = f"Let them go as agreed, open the cancellation: {offer.title}"
    anchor = f"step:{decided}"
    written = _written(case, f"{offer.id}_leaves", title, LET_GO)
    spec = StepSpec.model_validate(
        written
        | {
            "opens": When(after=anchor),
            "due": When(after=anchor, offset=rules_of(case).leave_within),
            "condition": Condition(step=decided, decision=decision),
        }
    )
    return spec, new_steps((spec,), now)[0].model_copy(update={"by_hand": True})


def _decision(
    case: Case,
    offer: Offer,
    name: str,
    title: str,
    day: datetime,
    choices: tuple[str, ...],
    now: datetime,
    owner: RoleId = "",
) -> Owed:
    spec = StepSpec.model_validate(_written(case, name, title, choices, owner) | {"due": When(offset=Offset())})
    opens = ahead(day, rules_of(case).decide_ahead, Clock.ELAPSED, calendar_of(case))
    return spec, _dated(case, spec, max(opens, offer.accepted_at or now), day, now)


def _written(case: Case, name: str, title: str, choices: tuple[str, ...], owner: RoleId = "") -> dict[str, Any]:
    policy = policy_of(case)
    return {
        "id": name,
        "title": title[:200],
        "req": "SAVE-49",
        "owner": owner or policy.lead_role,
        "along": (policy.manager_role,),
        "evidence": EvidenceRule(what="what was decided, with whom, and why", decisions=choices),
    }


def _dated(case: Case, spec: StepSpec, opens: datetime, due: datetime, now: datetime) -> Step:
    fixed = {"by_hand": True, "opens": opens, "due": due, "pinned_due": True, "person": holder(case, spec.owner, now)}
    return new_steps((spec,), now)[0].model_copy(update=fixed)
