"""A playbook as the engine plays it: ``day, step, verb, to`` for a fixed cast over 35 days; then what it may offer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from models.case import TimelineEvent
from models.concession import Offer
from models.effects import Action, Verb
from models.leaving import OffboardingName
from models.offer import OfferSpec
from models.starts import SaveStart
from rules import offers
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import START, Drive, plan

FOLDER = Path("tests/golden")
REWRITE = "FOLLOWTHROUGH_REWRITE_GOLDEN"
DAYS = 35
OFFBOARDING = tuple(OffboardingName)
_SWITCHES = {"jurisdiction": "DE", "switching": True}
PACE = {"diligent": 0.5, "late": 1.2}  # the share of a step's time after which its owner does it


def trace(playbook: str) -> str:
    """Both casts, one after the other, and the offers."""
    parts = {cast: lines(_play(playbook, pace)) for cast, pace in PACE.items()} | {"offers": _offers(playbook)}
    return "".join(f"# {name}\n" + "".join(f"{line}\n" for line in lines) for name, lines in parts.items())


def expected(playbook: str, actual: str) -> str:
    """The committed trace; written anew only where the environment asks for it by name."""
    path = FOLDER / f"{playbook}.txt"
    if os.environ.get(REWRITE) == "1":
        path.write_text(actual, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _play(playbook: str, pace: float) -> Drive:
    if playbook in OFFBOARDING:
        return _leave(playbook, pace)
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook=playbook))
    end = START + timedelta(days=DAYS)
    while ahead := [at for at in acts(d, pace) if at[0] <= end]:
        at, step_id = min(ahead)
        d.until(max(at, d.now))
        step = d.case.step(step_id)
        if step and not step.ended:
            offered(d, step.step_id)
            d.done(step_id, by=step.person)
    d.until(end)
    return d


def offered(d: Drive, step_id: str) -> None:
    """An approved offer stands on the register, where the step tells the customer of one (PLAY-94)."""
    spec = d.case.spec(step_id)
    if spec and spec.offers:
        named = f"offer_{len(d.case.offers) + 1}"
        d.case = offers.put(d.case, Offer(id=named, kind=spec.offers[0], title="as approved", state="approved"))


def _leave(plan_name: str, pace: float) -> Leaving:
    """A customer who decided to leave; the team does what is theirs after that share of its time, commands included."""
    d = Leaving(company(**(_SWITCHES if plan_name == OffboardingName.EU_SWITCHING else {})), reason="firm_decision")
    fast = plan_name == OffboardingName.FAST
    end = START + timedelta(days=DAYS)
    while ahead := [at for at in acts(d, pace) if at[0] <= end]:
        at, step_id = min(ahead)
        d.until(max(at, d.now))
        d.owed(step_id, fast=fast)
    d.until(end)
    return d


def acts(d: Drive, pace: float) -> list[tuple]:
    """When each owner does what they owe."""
    dated = [s for s in d.case.steps if not s.ended and s.opens and s.due]
    return [(s.opens + (s.due - s.opens) * pace, s.id) for s in dated]


def lines(d: Drive, events: Iterable[TimelineEvent] = ()) -> list[str]:
    """What went out and what ended, a line each, in order; ``events`` where the case does not carry all of them."""
    rows = [(at, *row) for at, action in d.sent for row in _rows(action)]
    rows += [(e.at, e.step, e.kind, e.by or "-") for e in events or d.case.timeline if e.step and e.kind in _ENDS]
    return [f"{(at - START).days}, {step}, {verb}, {to}" for at, step, verb, to in sorted(rows)]


_ENDS = ("step_done", "step_skipped", "step_failed")


def _rows(action: Action) -> list[tuple[str, str, str]]:
    if action.verb is Verb.SEND_DIGEST:
        return [(line.step or "-", line.word.value, action.recipients[0]) for line in action.lines]
    if action.verb in (Verb.DRAFT_MESSAGE, Verb.NOTIFY_TEAM, Verb.PREPARE_PAGE, Verb.PREPARE_BRIEF):
        return [(step, action.verb.value, " ".join(action.recipients) or "-") for step in action.steps]
    return []


def _offers(playbook: str) -> list[str]:
    """What may be offered besides: a module without steps has nothing else to show."""
    return [f"{o.id}, {o.kind}, {o.approval}, {_limits(o)}" for o in plan(playbook).offers]


def _limits(offer: OfferSpec) -> str:
    prices = [f"months {step.months} at {step.pct} %" for step in offer.schedule]
    rate = [f"{offer.limit_pct} %"] if offer.limit_pct is not None else []
    time = [str(offer.limit_duration)] if offer.limit_duration else []
    return "; ".join([*rate, *time, *prices, *offer.needs]) or "-"
