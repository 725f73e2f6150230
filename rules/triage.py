"""Severity, urgency, the response matrix, and the saveable test (RISK-90..106)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from models.account import Account, Money
from models.policy import TriageRules
from models.save import Answer, Assessment, Saveable, SaveableAnswers
from rules.dating import later


def assess(account: Account, reasons: Iterable[str], now: datetime, rules: TriageRules) -> Assessment | None:
    """What the matrix answers for an account at ``now`` (UTC), given why its case is open. None where no cell fits.

    Also None where the policy has no rate for the currency of the account: a guess would mislead.

    The response time is capped (DIS-5): no save case waits longer for its first contact than the policy's cap.
    """
    arr = in_band_currency(account.arr, rules)
    if arr is None:
        return None
    severity = severity_of(account, arr, now.date(), rules)
    return answer(severity, urgency_of(account, frozenset(reasons), now.date(), rules), now, rules)


def answer(severity: str, urgency: str, now: datetime, rules: TriageRules) -> Assessment | None:
    """What the cell of the matrix answers at ``now`` (UTC), under the cap. None where no cell fits."""
    cell = next((c for c in rules.matrix if c.severity == severity and c.urgency in (urgency, "any")), None)
    if cell is None:
        return None
    capped = rules.cap if rules.cap and later(now, rules.cap) < later(now, cell.respond) else cell.respond
    return Assessment(
        severity=severity, urgency=urgency, respond=capped, since=now, resources=cell.resources, ladder=cell.ladder
    )


def in_band_currency(arr: Money, rules: TriageRules) -> int | None:
    """Yearly revenue in whole units of the currency of the bands (AMB-11); None without a rate for its currency."""
    if arr.currency == rules.currency:
        return arr.minor // 100
    rate = next((rate for rate in rules.rates if rate.currency == arr.currency), None)
    return int(arr.minor / (100 * rate.per_unit)) if rate else None


def severity_of(account: Account, arr: int, today: date, rules: TriageRules) -> str:
    """The highest band that matches (RISK-99..102); long tenure alone counts only from a revenue floor on (DIS-28).

    ``arr`` is the yearly revenue in whole units of the currency of the bands.
    """
    tenured = tenure(account.customer_since, today) >= rules.long_tenure_years and arr >= rules.tenure_alone_min_arr
    if account.strategic or account.reference or tenured:
        return rules.top_severity
    bands = sorted(rules.bands, key=lambda band: band.from_arr, reverse=True)
    return next((band.severity for band in bands if arr >= band.from_arr), "")


def urgency_of(account: Account, reasons: frozenset[str], today: date, rules: TriageRules) -> str:
    """The first urgency that fits by why the case is open or by the days until renewal (RISK-103..105, AMB-10)."""
    days = (account.renewal_date - today).days if account.renewal_date else -1
    fits = (band for band in rules.urgencies if 0 <= days <= band.to_days or not reasons.isdisjoint(band.reasons))
    return next((band.urgency for band in fits), rules.default_urgency)


def verdict(answers: SaveableAnswers) -> Saveable:
    """The saveable test: four hard gates and one for the manager; an unknown answer leaves it undecided (A.11)."""
    gates = (answers.can_solve, answers.still_needed, answers.will_work_with_us, answers.good_for_us)
    if Answer.NO in gates:
        return Saveable.UNSAVEABLE
    if Answer.UNKNOWN in (*gates, answers.economics):
        return Saveable.UNDECIDED
    return Saveable.NEEDS_MANAGER_DECISION if answers.economics is Answer.NO else Saveable.SAVEABLE


def tenure(since: date | None, today: date) -> int:
    """The whole years that somebody is a customer; 0 where it is not known since when."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day)) if since else 0
