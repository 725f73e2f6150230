"""What a sweep makes of an account's alerts: what is new is raised once, what is over is settled (RISK-85, AMB-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from models.alerts import Alert, AlertEntry, Happens
from models.base import Utc
from models.case import CaseKind
from models.detection import DetectionRules
from models.policy import TriageRules
from rules.detection.frames import KNOWN, Facts
from rules.detection.judging import judged
from rules.detection.sweep import Detected, detect, news

TAGGED = "it was tagged in the open save, which has it"
OVER, CASE_ENDED = "it does not hold any more", "its case has ended"
_SAYS = {Happens.WATCH: "shown, to be watched", Happens.HYGIENE: "shown, to be put in order"}
_SAVES = (CaseKind.SAVE.value, CaseKind.RECOVERY.value)
"""Of a recovery a relapse makes a save; what a cancellation or a win-back heard is over when it does not hold."""
_BOOKED = timedelta(hours=1)
"""How long the book may take to know of a case that an alert opened."""
_NAMED = ["account_id", "rule"]


@dataclass(frozen=True)
class Standing:
    """What was found, and the alerts that are new or changed by it."""

    detected: Detected
    raised: tuple[AlertEntry, ...]
    changed: tuple[AlertEntry, ...]


def stands(
    facts: Facts,
    known: Sequence[AlertEntry],
    rules: DetectionRules,
    triage: TriageRules,
    at: Utc,
    bucket_of: Callable[[str], int],
) -> Standing:
    """Judge the accounts of ``facts`` at ``at`` (UTC), given their alerts that are open or whose rule held before.

    A crossing is counted from the last score before today, which the last sweep saw. Raises what ``detect`` raises.
    """
    detected = detect(facts, rules, at.date())
    fresh = news(detected.found, _frame(known))
    whole = detected.found.join(fresh.select("account_id").unique(), on="account_id", how="semi")
    new = set(fresh.select(_NAMED).iter_rows())
    families = {(row["account_id"], row["rule"]): row["family"] for row in fresh.iter_rows(named=True)}
    risks = judged(whole, facts.accounts, rules, triage, at.date())
    said = frozenset(signal.kind for signal in rules.signals if signal.statement)
    raised = tuple(
        _told(
            _raised(alert, risk.severity, families[alert.account_id, alert.rule], at, bucket_of(alert.account_id)), said
        )
        for risk in risks
        for alert in risk.alerts
        if (alert.account_id, alert.rule) in new
    )
    return Standing(detected=detected, raised=raised, changed=_changed(known, detected.found, facts.accounts, at))


def _frame(known: Iterable[AlertEntry]) -> pl.DataFrame:
    rows = [(alert.account_id, alert.rule, alert.open, alert.held) for alert in known]
    return pl.DataFrame(rows, schema=KNOWN, orient="row")


def _raised(alert: Alert, severity: str, family: str, at: Utc, bucket: int) -> AlertEntry:
    """A new alert; what is only shown needs no more than that."""
    id_ = f"{alert.account_id}.{alert.rule}.{at:%Y%m%dT%H%M%S}"
    known = {"bucket": bucket, "family": family, "severity": severity, "raised_at": at}
    entry = AlertEntry.model_validate(alert.model_dump() | known | {"id": id_})
    shown = {"answered_at": at, "answer": _SAYS.get(alert.happens, "")}
    return entry.model_copy(update=shown) if alert.happens in _SAYS else entry


def _told(alert: AlertEntry, said: frozenset[str]) -> AlertEntry:
    """A statement of the dictionary weighs with what else there is; the save in which it was tagged hears it only once."""
    if alert.rule not in said:
        return alert
    return alert.model_copy(update={"happens": Happens.FEED_CASE, "answered_at": alert.raised_at, "answer": TAGGED})


def _changed(
    known: Iterable[AlertEntry], found: pl.DataFrame, accounts: pl.DataFrame, at: Utc
) -> tuple[AlertEntry, ...]:
    holding = set(found.select(_NAMED).iter_rows())
    with_case = set(accounts.filter(pl.col("case_open"))["account_id"])
    pairs = ((alert, _now(alert, holding, with_case, at)) for alert in known)
    return tuple(now for alert, now in pairs if now != alert)


def _now(alert: AlertEntry, holding: set[tuple[str, str]], with_case: set[str], at: Utc) -> AlertEntry:
    """The alert after this sweep: one with a case is open until that has ended, any other until it is over."""
    held = (alert.account_id, alert.rule) in holding
    now = alert.model_copy(update={"held": held})
    if not alert.open or alert.answered_at is None:
        return now
    if alert.case.partition(":")[0] in _SAVES:
        ended = alert.account_id not in with_case and alert.answered_at + _BOOKED <= at
        return _settled(now, CASE_ENDED, at) if ended else now
    return now if held else _settled(now, OVER, at)


def _settled(alert: AlertEntry, reason: str, at: Utc) -> AlertEntry:
    return alert.model_copy(update={"open": False, "settled_at": at, "reason": reason})
