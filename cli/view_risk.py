"""How the risk of an account looks on a terminal: how near it is to leaving, what it is worth, and what happens about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from cli.words import span, table
from models.alerts import AlertEntry, AtRisk, Happens, RiskLevel
from models.calendar import Offset
from models.detection import DetectionRules
from rules.detection.judging import response_to
from rules.sweeping import WEIGHTY

WILL: Mapping[Happens, str] = {
    Happens.OPEN_CASE: "a case opens",
    Happens.ESCALATE_CASE: "the open case hears of it, and is escalated",
    Happens.FEED_CASE: "the open case hears of it",
    Happens.WIN_BACK: "the win-back hears of it",
    Happens.OUTREACH: "the customer is reached out to, without a case",
    Happens.WATCH: "it is watched",
    Happens.HYGIENE: "it is to be put in order",
}
"""What an alert results in, as people read it."""
_NOT_YET = {RiskLevel.WATCH: "to be watched, not at risk yet", RiskLevel.NONE: "to be put in order, no risk yet"}
_BY_LETTER = "the letter 'check_in' of the system, where none went lately, without a case"
_BY_PERSON = "whoever leads the account is asked to reach out, without a case"
_CASES = (Happens.OPEN_CASE, Happens.ESCALATE_CASE, Happens.FEED_CASE)


def of_risk(risk: AtRisk | None, rules: DetectionRules) -> RenderableType:
    """What all findings of an account come to, and what each of them is."""
    if risk is None:
        return Text("nothing was found", style="green")
    rows = table("found", "level", "since", "why", "happens")
    for alert in risk.alerts:
        rows.add_row(alert.rule, alert.level, str(alert.since), alert.why, WILL[alert.happens])
    worth = f"severity {risk.severity or 'unknown'}: what the account is worth to us"
    near = f"level {risk.level}: how near to leaving the gravest finding is; {worth}"
    return Group(Text(_state(risk), style="bold"), Text(near), Text(f"what happens: {_done(risk, rules)}"), rows)


def of_open(alerts: Sequence[AlertEntry]) -> Text:
    """The open alerts: what was done about each, or will be."""
    told = (f"{one.rule}: {one.answer or f'not answered yet; {WILL[one.happens]}'}" for one in alerts)
    return Text(f"open alerts: {'; '.join(told)}")


def _state(risk: AtRisk) -> str:
    if risk.actively_churning:
        return "actively churning"
    return "churn is likely" if risk.churn_likely else _NOT_YET.get(risk.level, "at risk")


def _done(risk: AtRisk, rules: DetectionRules) -> str:
    """What is done, until when and by whom; the words of the level only where it gets what they say."""
    what = min((alert.happens for alert in risk.alerts), key=lambda one: WEIGHTY.index(one.value))
    said = WILL[what]
    if what is Happens.OUTREACH:
        said = _BY_LETTER if risk.severity == rules.no_case_for else _BY_PERSON
    response = response_to(risk.level, rules)
    if what is response.happens or {what, response.happens} <= set(_CASES):
        said = f"{said}: {response.says}"
    if risk.respond is None:
        return said
    with_whom = f" ({risk.resources})" if risk.resources and what in _CASES else ""
    return f"{said}; within {_length(risk.respond)}{with_whom}; save window: {risk.window or '-'}"


def _length(respond: Offset) -> str:
    return str(respond) if respond.months else span(timedelta(days=respond.days, minutes=respond.minutes))
