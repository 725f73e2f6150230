"""The signals of a recovery. A sign of risk is a relapse: a save attempt takes the account over (POST-12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import commands as c
from models.base import Request
from models.case import CaseKind, Sibling
from models.contact import RiskFact
from models.recovery import RecoveryCase
from models.starts import CarriedStep, TakeOver
from rules import ending, hearing, remembering, risk_kinds, steps, taking_over
from rules.edit import change, say
from rules.recovery import left_steps, stages
from rules.recovery.commands import NEXT
from rules.routing import policy_of
from rules.talking import noted, warn_manager

RELAPSE = "relapse"
"""Why the save attempt is opened."""
FOLLOWS = "this recovery ends as relapsed, and a save attempt opens"
WATCHED = "it may be nothing and is watched; the recovery goes on"


def receive(case: RecoveryCase, signal: Request, now: datetime) -> RecoveryCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return stages.settle(hearing.receive(_RECEIVERS, case, signal, now), now)


def risk_signal(case: RecoveryCase, signal: c.RiskSignal, now: datetime) -> RecoveryCase:
    """The account is at risk again: what was owed here is over, the manager is told, and a save attempt begins.

    A word that is no signal ends nothing, and neither does one that is only watched (RISK-89).
    """
    ending.check_open(case, NEXT)
    risk_kinds.check_kind(policy_of(case), signal.kind)
    return _heard(case, signal, now)


def _heard(case: RecoveryCase, signal: c.RiskSignal, now: datetime) -> RecoveryCase:
    fact = RiskFact(at=signal.at or now, kind=signal.kind, detail=signal.detail, by=signal.by)
    told = f"{signal.kind}: {signal.detail}".rstrip(": ")
    if not risk_kinds.is_relapse(case, signal.kind):
        return say(noted(case, fact), now, "risk_signal", f"{told}; {WATCHED}", by=signal.by)
    if case.relapsed_at:
        return say(noted(case, fact), now, RELAPSE, told, by=signal.by)
    case = say(noted(case, fact), now, RELAPSE, f"{told}; {FOLLOWS}", by=signal.by)
    case = steps.end_all(change(case, relapsed_at=now, hold=None), "the customer relapsed; a save attempt follows", now)
    case = change(case, siblings=(*case.siblings, _save(case, fact, now)))
    return warn_manager(case, now, f"relapse in recovery ({told}): a save attempt is opened")


def cancellation_requested(case: RecoveryCase, signal: c.CancellationRequested, now: datetime) -> RecoveryCase:
    """A saved customer who asks to cancel has relapsed, and nothing is more urgent (RISK-86, POST-12)."""
    ending.check_open(case, NEXT)
    return _heard(change(case, cancellation=signal), hearing.as_risk(signal), now)


def take_over(case: RecoveryCase, signal: TakeOver, now: datetime) -> RecoveryCase:
    """The account was won once more while it recovers: what that save still owed goes on here (POST-7, POST-11).

    How it ended is what is corrected from now on, also where that was not said (CONV-21).
    """
    if signal.case_id in (case.save_case_id, *case.taken_over):
        return case
    case = taking_over.take_over(case, signal, case.save_case_id, NEXT, now)
    case = change(case, save_outcome=signal.outcome or "", known=remembering.both(signal.known, case.known))
    taken = [*case.specs(), *(one.spec.id for one in case.carried_steps)]
    names = taking_over.named_anew((one.spec.id for one in signal.steps), taken)
    left = tuple(_left(case, one, names) for one in signal.steps)
    case = change(case, carried_steps=(*case.carried_steps, *left))
    return left_steps.take_over(case, left, now) if case.plan else case


def _left(case: RecoveryCase, one: CarriedStep, names: Mapping[str, str]) -> CarriedStep:
    """The step under its name here; a meeting that took place covers nothing that is owed after it (DIS-23)."""
    meeting = case.step(one.within) if one.within else None
    within = None if meeting and meeting.ended else one.within
    return one.model_copy(update={"spec": one.spec.model_copy(update={"id": names[one.spec.id]}), "within": within})


def _save(case: RecoveryCase, fact: RiskFact, now: datetime) -> Sibling:
    """The save attempt, which says which recovery it comes from."""
    detail = f"{RELAPSE} in recovery case {case.case_id}: {fact.detail}".rstrip(": ")[:2000]
    by = fact.by if fact.by and case.team.person(fact.by) else case.opened_by
    return Sibling(kind=CaseKind.SAVE, at=now, by=by, reason=RELAPSE, signal=fact.kind, detail=detail)


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    c.RiskSignal: risk_signal,
    c.CancellationRequested: cancellation_requested,
    TakeOver: take_over,
}
