"""The signals of a save: facts and wishes that nobody waits for. What cannot be is told, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from models import commands as c
from models.base import Request
from models.effects import Word
from models.save import RiskFact, SaveCase
from rules import asking, authority
from rules.edit import change, say, tell
from rules.refusal import Refused
from rules.routing import holder, policy_of
from rules.save import stages
from rules.save.closing import check_open
from rules.save.lifecycle import judge

CANCELLATION = "cancellation_submitted"  # the reason by which the triage policy knows it (RISK-103)

Receiver = Callable[[SaveCase, Any, datetime], SaveCase]


def receive(case: SaveCase, signal: Request, now: datetime) -> SaveCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    try:
        return stages.settle(_RECEIVERS[type(signal)](case, signal, now), now)
    except Refused as refused:
        return refuse(case, c.NAMES[type(signal)], refused.sentence, getattr(signal, "by", None), now)


def refuse(case: SaveCase, name: str, sentence: str, by: str | None, now: datetime) -> SaveCase:
    """The case with a refused signal on its timeline, and a notice to whoever sent it, else to the manager."""
    case = say(case, now, "signal_refused", f"{name}: {sentence}", by=by)
    known = by is not None and case.team.person(by) is not None
    whom = by if known else holder(case, policy_of(case).manager_role, now)
    return case if case.closed else tell(case, now, whom, Word.REFUSED, f"{name}: {sentence}")


def trigger_playbook(case: SaveCase, command: c.TriggerPlaybook, now: datetime) -> SaveCase:
    """Run a playbook on the case, asked for by signal: what cannot be is answered by a notice (never silence)."""
    check_open(case)
    authority.check(case, c.NAMES[type(command)], command.by)
    if asking.playbook(case) == command.playbook:
        return say(case, now, "playbook_runs", f"{command.playbook} runs already: {command.reason}", by=command.by)
    return asking.plan(case, command.playbook, command.by, command.reason, now)


def risk_signal(case: SaveCase, signal: c.RiskSignal, now: datetime) -> SaveCase:
    """A further signal feeds the open case (AMB-38); it may make it more urgent."""
    check_open(case)
    fact = RiskFact(at=signal.at or now, kind=signal.kind, detail=signal.detail, by=signal.by)
    case = change(case, facts=(*case.facts, fact))
    return judge(say(case, now, "risk_signal", f"{signal.kind}: {signal.detail}".rstrip(": "), by=signal.by), now)


def cancellation_requested(case: SaveCase, signal: c.CancellationRequested, now: datetime) -> SaveCase:
    """The account asked to cancel: nothing is more urgent (RISK-86, RISK-103)."""
    return risk_signal(case, c.RiskSignal(kind=CANCELLATION, detail=signal.case_id), now)


def team_changed(case: SaveCase, signal: c.TeamChanged, now: datetime) -> SaveCase:
    """Somebody's absences or activity changed in the directory; a stranger to the case changes nothing."""
    return asking.news_of(case, signal.person, now) if case.team.person(signal.person) and not case.closed else case


def retry_now(case: SaveCase, signal: c.RetryNow, now: datetime) -> SaveCase:
    """Whatever waits for its next try is tried at once; anybody whom the case knows may ask for it."""
    authority.check(case, c.NAMES[type(signal)], signal.by)
    at_once = {"not_before": now, "held": 0}
    retries = tuple(retry.model_copy(update=at_once) for retry in case.retries)
    case = case.model_copy(update={"retries": retries, "paused": ()})
    return say(case, now, "retry_now", "tried again at once", by=signal.by)


_RECEIVERS: dict[type[Request], Receiver] = {
    c.TriggerPlaybook: trigger_playbook,
    c.RiskSignal: risk_signal,
    c.CancellationRequested: cancellation_requested,
    c.TeamChanged: team_changed,
    c.RetryNow: retry_now,
}
