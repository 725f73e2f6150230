"""The signals that every case hears, and what becomes of one that cannot be: it is told, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from models import commands as c
from models.base import Request
from models.contract_names import NAMES
from models.effects import Word
from rules import asking, authority, incidents, staffing
from rules.edit import C, say, tell
from rules.refusal import Refused
from rules.routing import holder, policy_of

CANCELLATION = "cancellation_submitted"  # the reason by which the triage policy knows it (RISK-103)

Receiver = Callable[[Any, Any, datetime], Any]


def receive(receivers: Mapping[type[Request], Receiver], case: C, signal: Request, now: datetime) -> C:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    try:
        heard: C = receivers[type(signal)](case, signal, now)
    except Refused as refused:
        return refuse(case, NAMES[type(signal)], refused.sentence, getattr(signal, "by", None), now)
    return heard


def refuse(case: C, name: str, sentence: str, by: str | None, now: datetime) -> C:
    """The case with a refused signal on its timeline, and a notice to whoever sent it, else to the manager."""
    case = say(case, now, "signal_refused", f"{name}: {sentence}", by=by)
    known = by is not None and case.team.person(by) is not None
    whom = by if known else holder(case, policy_of(case).manager_role, now)
    return case if case.closed else tell(case, now, whom, Word.REFUSED, f"{name}: {sentence}")


def as_risk(signal: c.CancellationRequested) -> c.RiskSignal:
    """A wish to cancel as the risk signal that it is (RISK-86)."""
    return c.RiskSignal(kind=CANCELLATION, detail=signal.case_id)


def team_changed(case: C, signal: c.TeamChanged, now: datetime) -> C:
    """Somebody's absences or activity changed in the directory, or a case that has nobody hears of somebody.

    A stranger changes nothing where the case has people.
    """
    concerns = case.team.person(signal.person) is not None or staffing.has_nobody(case, now)
    return asking.news_of(case, signal.person, now) if concerns and not case.closed else case


def retry_now(case: C, signal: c.RetryNow, now: datetime) -> C:
    """Whatever waits for its next try is tried at once; anybody whom the case knows may ask for it.

    A case that could not read its account yet knows nobody, and anybody may tell it that the CRM is back.
    """
    if case.account is not None:
        authority.check(case, NAMES[type(signal)], signal.by)
    at_once = {"not_before": now, "held": 0}
    retries = tuple(retry.model_copy(update=at_once) for retry in case.retries)
    case = case.model_copy(update={"retries": retries, "paused": ()})
    return say(case, now, "retry_now", "tried again at once", by=signal.by)


RECEIVERS: Mapping[type[Request], Receiver] = {
    c.TeamChanged: team_changed,
    c.RetryNow: retry_now,
    c.IncidentProgressed: incidents.progressed,
}
