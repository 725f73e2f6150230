"""The signals of a save: facts and wishes that nobody waits for. What cannot be is told, never dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import commands as c
from models.base import Request
from models.contract_names import NAMES
from models.save import RiskFact, SaveCase
from models.starts import TakeOver
from rules import asking, authority, hearing, respecting, risk_kinds, taking_over, under_cancellation
from rules.edit import say
from rules.routing import policy_of
from rules.save import correcting, going_on, learning, stages
from rules.save.closing import check_open
from rules.save.lifecycle import judge
from rules.talking import noted, warn_manager


def receive(case: SaveCase, signal: Request, now: datetime) -> SaveCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return stages.settle(hearing.receive(_RECEIVERS, case, signal, now), now)


def trigger_playbook(case: SaveCase, command: c.TriggerPlaybook, now: datetime) -> SaveCase:
    """Run a playbook on the case, asked for by signal: what cannot be is answered by a notice (never silence)."""
    check_open(case)
    authority.check(case, NAMES[type(command)], command.by)
    if asking.playbook(case) == command.playbook:
        return say(case, now, "playbook_runs", f"{command.playbook} runs already: {command.reason}", by=command.by)
    return asking.plan(case, command.playbook, command.by, command.reason, now)


def risk_signal(case: SaveCase, signal: c.RiskSignal, now: datetime) -> SaveCase:
    """A further signal feeds the open case (AMB-38); it may make it more urgent. Whoever saw it may say so."""
    check_open(case)
    risk_kinds.check_kind(policy_of(case), signal.kind)
    return _fed(case, signal, now)


def _fed(case: SaveCase, signal: c.RiskSignal, now: datetime) -> SaveCase:
    fact = RiskFact(at=signal.at or now, kind=signal.kind, detail=signal.detail, by=signal.by)
    if signal.at and fact in case.facts:  # sent again, since nobody knew that it had arrived
        return case
    case = noted(case, fact)
    told = f"{signal.kind}: {signal.detail}".rstrip(": ")
    case = say(case, now, "risk_signal", told, by=signal.by)
    case = warn_manager(case, now, told) if signal.escalates else case
    return respecting.settle(judge(case, now), now)


def cancellation_requested(case: SaveCase, signal: c.CancellationRequested, now: datetime) -> SaveCase:
    """The account asked to cancel: nothing is more urgent (RISK-86, RISK-103); what it leaves to the save may change."""
    check_open(case)
    known = case.cancellation_case_id == signal.case_id
    case = under_cancellation.heard(case, signal, now)
    return case if known or signal.stays else _fed(case, hearing.as_risk(signal), now)


def take_over(case: SaveCase, signal: TakeOver, now: datetime) -> SaveCase:
    """Another case of the account ended while this one was open: what it still owed and had found out goes on (SAVE-29)."""
    if signal.case_id in (case.carried_from, *case.taken_over):
        return case
    case = taking_over.take_over(case, signal, case.carried_from, going_on.NEXT, now)
    case = correcting.taken_on(case, signal.corrects, now) if signal.corrects and not case.corrects else case
    return learning.learnt(case, signal.known, signal.case_id, now) if signal.known else case


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    c.TriggerPlaybook: trigger_playbook,
    c.RiskSignal: risk_signal,
    c.CancellationRequested: cancellation_requested,
    TakeOver: take_over,
}
