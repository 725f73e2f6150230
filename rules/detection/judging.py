"""What all that was found of an account comes to: level, churning or not, window, what happens, save probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

import polars as pl

from models.account import Account, Money
from models.detection import Alert, AlertKind, AtRisk, DetectionRules, Happens, Response, RiskLevel, Suggestion
from models.policy import TriageRules
from rules import triage
from rules.detection.frames import ACCOUNTS, FOUND, shaped
from rules.detection.signals import PRESSED, SEVERAL

_LEVELS = tuple(RiskLevel)
_SAYS = {SEVERAL: "{now} different findings came together", PRESSED: "the customer's own business is under pressure"}


def judged(
    found: pl.DataFrame, accounts: pl.DataFrame, rules: DetectionRules, triage_rules: TriageRules, today: date
) -> tuple[AtRisk, ...]:
    """Every account of which something was found, by id. ``found`` is all that holds, by FOUND."""
    told = accounts_with(shaped(accounts, ACCOUNTS, "accounts"), found)
    by_account: dict[str, list[Alert]] = {}
    words = sentences(rules)
    for row in shaped(found, FOUND, "found").iter_rows(named=True):
        by_account.setdefault(row["account_id"], []).append(_alert(row, words))
    return tuple(
        _at_risk(told[account], alerts, rules, triage_rules, today) for account, alerts in sorted(by_account.items())
    )


def accounts_with(accounts: pl.DataFrame, found: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The rows of the accounts of which something was found, by id."""
    rows = accounts.join(found.select("account_id").unique(), on="account_id", how="semi").iter_rows(named=True)
    return {str(row["account_id"]): row for row in rows}


def sentences(rules: DetectionRules) -> dict[str, str]:
    """How each rule and combination is said; a signal is said by its kind."""
    return {one.id: one.says for one in (*rules.rules, *rules.combinations)} | _SAYS


def _alert(row: Mapping[str, object], words: Mapping[str, str]) -> Alert:
    rule = str(row["rule"])
    said = {key: _figure(row[key]) for key in ("was", "now", "bound")}
    why = words.get(rule, rule.replace("_", " ")).format(**said)
    return Alert.model_validate({**row, "why": why})


def _figure(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "unknown"


def _at_risk(
    row: Mapping[str, object], alerts: list[Alert], rules: DetectionRules, triage_rules: TriageRules, today: date
) -> AtRisk:
    names = frozenset(alert.rule for alert in alerts)
    level = level_of(alerts)
    reasons = [*names, *(["churn_likely"] if _likely(alerts) else [])]
    assessed = triage.assess(_account(row), reasons, datetime.combine(today, time(), UTC), triage_rules)
    severity = assessed.severity if assessed else ""
    case_open, former = bool(row["case_open"]), bool(row["churned"])
    escalating = frozenset(rule.id for rule in rules.rules if rule.escalates)
    return AtRisk(
        account_id=str(row["account_id"]),
        level=level,
        churn_likely=_likely(alerts),
        actively_churning=churning(names, rules),
        window=window_of(names, rules),
        severity=severity,
        respond=assessed.respond if assessed else None,
        resources=assessed.resources if assessed else "",
        alerts=tuple(
            alert.model_copy(
                update={
                    "happens": Happens.WIN_BACK if former else happens(alert, severity, rules, escalating, case_open)
                }
            )
            for alert in alerts
        ),
    )


def _account(row: Mapping[str, object]) -> Account:
    money = {"minor": row["arr_minor"] or 0, "currency": row["currency"]}
    facts = {key: row[key] for key in ("renewal_date", "customer_since")}
    return Account.model_validate(
        {"id": row["account_id"], "arr": Money.model_validate(money), "strategic": bool(row["strategic"]), **facts}
    )


def _likely(alerts: Iterable[Alert]) -> bool:
    return any(alert.kind is AlertKind.CHURN_LIKELY for alert in alerts)


def level_of(alerts: Iterable[Alert]) -> RiskLevel:
    """The highest level of the alerts (RISK-86..89)."""
    return max((alert.level for alert in alerts), key=_LEVELS.index, default=RiskLevel.NONE)


def churning(names: frozenset[str], rules: DetectionRules) -> bool:
    """Whether they have decided: actively churning, no longer only at risk (RISK-2, RISK-3)."""
    return any(signal.churning and signal.kind in names for signal in rules.signals)


def window_of(names: frozenset[str], rules: DetectionRules) -> str:
    """The save window: the worst whose signals are there, else the best (RISK-4)."""
    fits = [window.name for window in rules.windows if not window.signals or names & set(window.signals)]
    return fits[-1] if fits else ""


def response_to(level: RiskLevel, rules: DetectionRules) -> Response:
    """What a level requires (RISK-86..89)."""
    return next(response for response in rules.responses if response.level is level)


def happens(alert: Alert, severity: str, rules: DetectionRules, escalating: frozenset[str], case_open: bool) -> Happens:
    """What an alert results in: never nothing (RISK-85).

    An open case is fed by whatever is a risk, and escalated by what says so (RISK-73). Of an account of low severity no
    case is opened; it is reached by automated outreach (DIS-5).
    """
    what = response_to(alert.level, rules).happens
    if case_open and what in (Happens.OPEN_CASE, Happens.OUTREACH):
        return Happens.ESCALATE_CASE if alert.rule in escalating else Happens.FEED_CASE
    if what is Happens.OPEN_CASE and severity == rules.no_case_for:
        return Happens.OUTREACH
    return what


def suggested(ticks: Mapping[str, int], rules: DetectionRules) -> Suggestion:
    """The class with the most ticks (AMB-35); of equals the more hopeful, and none without a tick.

    ``ticks`` counts the ticked items by class. Nothing is decided by it: a person picks, and no account is given up.
    """
    known = {one.name: min(max(ticks.get(one.name, 0), 0), len(one.items)) for one in rules.probabilities}
    best = max(known, key=lambda name: known[name], default="")
    if not best or not known[best]:
        return Suggestion(ticks=known, why="no item is ticked, so that nothing is suggested")
    spec = next(one for one in rules.probabilities if one.name == best)
    why = f"{known[best]} of the {len(spec.items)} items of '{best}' are ticked (the source says {spec.success}, unverified)"
    return Suggestion(suggested=best, ticks=known, why=why)
