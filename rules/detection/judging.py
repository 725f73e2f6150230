"""What all that was found of an account comes to: level, churning or not, window, what happens, save probability."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache, partial
from string import Formatter
from typing import NamedTuple

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
from rules.refusal import one_of

_LEVELS = tuple(RiskLevel)
_ANY = "any"
_CASES = frozenset({Happens.OPEN_CASE, Happens.FEED_CASE, Happens.ESCALATE_CASE})
_SAYS = {SEVERAL: "{now} different findings came together", PRESSED: "the customer's own business is under pressure"}


def judged(
    found: pl.DataFrame, accounts: pl.DataFrame, rules: DetectionRules, triage_rules: TriageRules, today: date
) -> tuple[AtRisk, ...]:
    """Every account of which something was found, by id. ``found`` is all that holds, by FOUND."""
    known = _known(shaped(accounts, ACCOUNTS, "accounts"), found)
    judge = _Judge(rules, triage_rules, today)
    by_account: dict[str, list[_Found]] = {}
    with _uncollected():
        for row in map(_Found._make, shaped(found, FOUND, "found").rows()):
            by_account.setdefault(row.account_id, []).append(row)
        return tuple(judge.at_risk(known[account], rows) for account, rows in sorted(by_account.items()))


class _Found(NamedTuple):
    """A row of FOUND."""

    account_id: str
    rule: str
    kind: str
    level: str
    family: str
    since: date
    was: float | None
    now: float | None
    bound: float | None
    told_at: datetime | None


class _Known(NamedTuple):
    """What an account is judged by."""

    account_id: str
    arr_minor: int | None
    currency: str
    strategic: bool | None
    customer_since: date | None
    renewal_date: date | None
    churned: bool | None
    case_open: bool | None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without collections of garbage in this process: many records are made and kept, so that none would be freed."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Judge:
    """Judges account after account; what many of them have alike is worked out once."""

    def __init__(self, rules: DetectionRules, triage_rules: TriageRules, today: date) -> None:
        self._rules, self._triage_rules = rules, triage_rules
        self._today, self._now = today, datetime.combine(today, time(), UTC)
        says = {one.id: one.says for one in (*rules.rules, *rules.combinations)} | _SAYS
        self._says = {rule: _sentence(sentence) for rule, sentence in says.items()}
        self._escalating = frozenset(rule.id for rule in rules.rules if rule.escalates)
        self._urgent = frozenset(reason for band in triage_rules.urgencies for reason in band.reasons)
        self._churning, self._window = cache(partial(churning, rules=rules)), cache(partial(window_of, rules=rules))
        self._what = cache(self._what_of)
        self._severity, self._urgency = cache(self._severity_of), cache(self._urgency_of)
        self._answer = cache(partial(triage.answer, now=self._now, rules=triage_rules))

    def at_risk(self, account: _Known, rows: list[_Found]) -> AtRisk:
        """What all findings of an account come to."""
        names = frozenset([row.rule for row in rows])
        likely = AlertKind.CHURN_LIKELY.value in [row.kind for row in rows]
        assessed = self._assessed(account, names | {AlertKind.CHURN_LIKELY.value} if likely else names)
        severity = assessed.severity if assessed else ""
        alerts = tuple([self._alert(row, account, severity) for row in rows])
        return AtRisk(
            account_id=account.account_id,
            level=level_of(alerts),
            churn_likely=likely,
            actively_churning=self._churning(names),
            window=self._window(names),
            severity=severity,
            respond=_respond(alerts, assessed, self._rules, self._triage_rules),
            resources=assessed.resources if assessed else "",
            alerts=alerts,
        )

    def _alert(self, row: _Found, account: _Known, severity: str) -> Alert:
        says = self._says.get(row.rule)
        return Alert(
            account_id=row.account_id,
            rule=row.rule,
            kind=AlertKind(row.kind),
            level=RiskLevel(row.level),
            since=row.since,
            was=row.was,
            now=row.now,
            bound=row.bound,
            happens=self._what(row.level, row.rule, severity, account.case_open, account.churned),
            why=says(row) if says else row.rule.replace("_", " "),  # a signal is said by its kind
        )

    def _what_of(self, level: str, rule: str, severity: str, case_open: bool | None, churned: bool | None) -> Happens:
        if churned:
            return Happens.WIN_BACK
        escalates = rule in self._escalating
        return happens(RiskLevel(level), severity, self._rules, case_open=bool(case_open), escalates=escalates)

    def _assessed(self, account: _Known, reasons: frozenset[str]) -> Assessment | None:
        """What ``triage.assess`` answers, part by part: of few reasons and worths there are few."""
        severity = self._severity(account.arr_minor, account.currency, account.strategic, account.customer_since)
        urgency = self._urgency(account.renewal_date, reasons & self._urgent)
        return None if severity is None else self._answer(severity, urgency)

    def _severity_of(
        self, arr_minor: int | None, currency: str, strategic: bool | None, since: date | None
    ) -> str | None:
        money = Money(minor=arr_minor or 0, currency=currency)
        account = Account(id=_ANY, arr=money, strategic=bool(strategic), customer_since=since)
        arr = triage.in_band_currency(money, self._triage_rules)
        return None if arr is None else triage.severity_of(account, arr, self._today, self._triage_rules)

    def _urgency_of(self, renewal_date: date | None, reasons: frozenset[str]) -> str:
        account = Account(id=_ANY, renewal_date=renewal_date)
        return triage.urgency_of(account, reasons, self._today, self._triage_rules)


def _sentence(says: str) -> Callable[[_Found], str]:
    """How a sentence is said of a row: with the figures that it names, which are looked for once."""
    names = [name for _, name, _, _ in Formatter().parse(says) if name]
    return lambda row: says.format(**{name: _figure(getattr(row, name)) for name in names})


def _known(accounts: pl.DataFrame, found: pl.DataFrame) -> dict[str, _Known]:
    """The accounts of which something was found, by id."""
    rows = accounts.join(found.select("account_id").unique(), on="account_id", how="semi").select(_Known._fields)
    return {row.account_id: row for row in map(_Known._make, rows.rows())}


@lru_cache(maxsize=10_000)
def _figure(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else "unknown"


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
    equal = [name for name in known if name != best and known[name] == known[best]]
    why = f"{known[best]} of the {len(spec.items)} items of '{best}' are ticked (the source says {spec.success}, unverified)"
    also = f"; {one_of(equal)} has as many, and the more hopeful of equals is suggested" if equal else ""
    return Suggestion(suggested=best, ticks=known, why=why + also)
