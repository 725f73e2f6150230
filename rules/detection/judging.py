"""What all that was found of an account comes to: level, churning or not, window, what happens, save probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from models.account import Account, Money
from models.alerts import Alert, AlertKind, AtRisk, Happens, RiskLevel, Suggestion
from models.calendar import Offset
from models.detection import DetectionRules, Response
from models.policy import TriageRules
from models.save import Assessment
from rules import triage
from rules.detection.frames import ACCOUNTS, FOUND, shaped
from rules.detection.signals import PRESSED, SEVERAL

_LEVELS = tuple(RiskLevel)
_CASES = frozenset({Happens.OPEN_CASE, Happens.FEED_CASE, Happens.ESCALATE_CASE})
_SAYS = {SEVERAL: "{now} different findings came together", PRESSED: "the customer's own business is under pressure"}


def judged(
    found: pl.DataFrame, accounts: pl.DataFrame, rules: DetectionRules, triage_rules: TriageRules, today: date
) -> tuple[AtRisk, ...]:
    """Every account of which something was found, by id. ``found`` is all that holds, by FOUND."""
    told = _rows(shaped(accounts, ACCOUNTS, "accounts"), found)
    words = _Words(rules)
    by_account: dict[str, list[dict[str, Any]]] = {}
    for row in shaped(found, FOUND, "found").iter_rows(named=True):
        by_account.setdefault(row["account_id"], []).append(row)
    return tuple(
        _at_risk(told[account], rows, words, rules, triage_rules, today) for account, rows in sorted(by_account.items())
    )


class _Words:
    """What is looked up for every account, put together once."""

    def __init__(self, rules: DetectionRules) -> None:
        self.says: dict[str, str] = {one.id: one.says for one in (*rules.rules, *rules.combinations)} | _SAYS
        self.escalating = frozenset(rule.id for rule in rules.rules if rule.escalates)

    def why(self, row: Mapping[str, Any]) -> str:
        """The sentence of a rule with its figures; a signal is said by its kind."""
        said = {key: _figure(row[key]) for key in ("was", "now", "bound")}
        rule = str(row["rule"])
        return self.says.get(rule, rule.replace("_", " ")).format(**said)


def _rows(accounts: pl.DataFrame, found: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """The rows of the accounts of which something was found, by id."""
    rows = accounts.join(found.select("account_id").unique(), on="account_id", how="semi").iter_rows(named=True)
    return {row["account_id"]: row for row in rows}


def _figure(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else "unknown"


def _at_risk(
    account: Mapping[str, Any],
    rows: list[dict[str, Any]],
    words: _Words,
    rules: DetectionRules,
    triage_rules: TriageRules,
    today: date,
) -> AtRisk:
    names = frozenset(row["rule"] for row in rows)
    likely = any(row["kind"] == AlertKind.CHURN_LIKELY for row in rows)
    reasons = [*names, *(["churn_likely"] if likely else [])]
    assessed = triage.assess(_account(account), reasons, datetime.combine(today, time(), UTC), triage_rules)
    severity = assessed.severity if assessed else ""
    alerts = tuple(_alert(row, account, severity, words, rules) for row in rows)
    return AtRisk(
        account_id=account["account_id"],
        level=level_of(alerts),
        churn_likely=likely,
        actively_churning=churning(names, rules),
        window=window_of(names, rules),
        severity=severity,
        respond=_respond(alerts, assessed, rules, triage_rules),
        resources=assessed.resources if assessed else "",
        alerts=alerts,
    )


def _respond(
    alerts: tuple[Alert, ...], assessed: Assessment | None, rules: DetectionRules, triage_rules: TriageRules
) -> Offset | None:
    """By when: of a case what the matrix says under its cap, of outreach what its level says; what is watched has no hour.

    Where the matrix has no answer, as without a rate for the currency, a case is answered within the cap.
    """
    what = {alert.happens for alert in alerts}
    if what & _CASES:
        return assessed.respond if assessed else triage_rules.cap
    return response_to(RiskLevel.LOW, rules).respond if Happens.OUTREACH in what else None


def _alert(
    row: dict[str, Any], account: Mapping[str, Any], severity: str, words: _Words, rules: DetectionRules
) -> Alert:
    level, rule = RiskLevel(row["level"]), row["rule"]
    what = happens(level, severity, rules, case_open=bool(account["case_open"]), escalates=rule in words.escalating)
    if account["churned"]:
        what = Happens.WIN_BACK
    return Alert.model_validate({**row, "level": level, "happens": what, "why": words.why(row)})


def _account(row: Mapping[str, Any]) -> Account:
    money = Money(minor=row["arr_minor"] or 0, currency=row["currency"])
    return Account(
        id=row["account_id"],
        arr=money,
        strategic=bool(row["strategic"]),
        renewal_date=row["renewal_date"],
        customer_since=row["customer_since"],
    )


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


def happens(level: RiskLevel, severity: str, rules: DetectionRules, *, case_open: bool, escalates: bool) -> Happens:
    """What an alert of a level results in: never nothing (RISK-85).

    An open case is fed by whatever is a risk, and escalated by what says so (RISK-73). Of an account of low severity no
    case is opened; it is reached by automated outreach (DIS-5).
    """
    what = response_to(level, rules).happens
    if case_open and what in (Happens.OPEN_CASE, Happens.OUTREACH):
        return Happens.ESCALATE_CASE if escalates else Happens.FEED_CASE
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
