"""What a sweep makes of an account's alerts: what is over is settled, then what is new is raised once (RISK-85, AMB-8).

An alert is open, unanswered or answered with a case or without one; then it is settled: its case has ended, it does not
hold any more, or a person dismissed it. News is what holds and either began, or was told, after the last settling.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from operator import itemgetter
from typing import Any

import polars as pl

from models.alerts import Alert, AlertEntry, Happens
from models.base import Utc
from models.case import CaseKind
from models.detection import DetectionRules
from models.policy import TriageRules
from models.triggers import ScoreFallsBelow
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

    First what is over is settled, then what is new is told against what is still open. Raises what ``detect`` raises.
    """
    detected = detect(facts, rules, at.date())
    holding = _holding(detected, facts, known, rules)
    with_case = set(facts.accounts.filter(pl.col("case_open"))["account_id"])
    pairs = [(alert, _now(alert, holding, with_case, at)) for alert in known]
    fresh = {(row["account_id"], row["rule"]): row for row in news(detected.found, _frame(pairs)).iter_rows(named=True)}
    whole = detected.found.filter(pl.col("account_id").is_in(list({account for account, _ in fresh})))
    risks = judged(whole, facts.accounts, rules, triage, at.date())
    said = frozenset(signal.kind for signal in rules.signals if signal.statement)
    raised = tuple(
        _told(_raised(alert, risk.severity, fresh[alert.account_id, alert.rule], at, bucket_of(alert.account_id)), said)
        for risk in risks
        for alert in risk.alerts
        if (alert.account_id, alert.rule) in fresh
    )
    followed = ((alert, _followed(now, fresh)) for alert, now in pairs)
    return Standing(detected=detected, raised=raised, changed=tuple(now for alert, now in followed if now != alert))


def _frame(pairs: Iterable[tuple[AlertEntry, AlertEntry]]) -> pl.DataFrame:
    """What is open now, and what held before: of what is settled that did not, each finding is news."""
    rows = [(now.account_id, now.rule, now.open, alert.held, now.told_at) for alert, now in pairs]
    return pl.DataFrame(rows, schema=KNOWN, orient="row")


def _raised(alert: Alert, severity: str, row: Mapping[str, Any], at: Utc, bucket: int) -> AlertEntry:
    """A new alert; what is only shown needs no more than that."""
    id_ = f"{alert.account_id}.{alert.rule}.{at:%Y%m%dT%H%M%S}"
    known = {
        "bucket": bucket,
        "family": row["family"],
        "severity": severity,
        "raised_at": at,
        "told_at": row["told_at"],
    }
    entry = AlertEntry.model_validate(alert.model_dump() | known | {"id": id_})
    shown = {"answered_at": at, "answer": _SAYS.get(alert.happens, "")}
    return entry.model_copy(update=shown) if alert.happens in _SAYS else entry


def _told(alert: AlertEntry, said: frozenset[str]) -> AlertEntry:
    """A statement of the dictionary weighs with what else there is; the save in which it was tagged hears it only once."""
    if alert.rule not in said:
        return alert
    return alert.model_copy(update={"happens": Happens.FEED_CASE, "answered_at": alert.raised_at, "answer": TAGGED})


def _holding(
    detected: Detected, facts: Facts, known: Iterable[AlertEntry], rules: DetectionRules
) -> dict[tuple[str, str], datetime | None]:
    """What holds, with its last fact or crossing. A crossing holds until a score is back, however long ago it was."""
    found = {(row[0], row[1]): row[2] for row in detected.found.select(*_NAMED, "told_at").iter_rows()}
    bounds = {rule.id: rule.below for rule in rules.rules if isinstance(rule, ScoreFallsBelow)}
    crossed = [alert for alert in known if alert.held and alert.rule in bounds]
    crossed = [alert for alert in crossed if (alert.account_id, alert.rule) not in found]
    scores = _scores(detected, facts, {alert.account_id for alert in crossed})
    below = (alert for alert in crossed if scores.get(alert.account_id, -inf) < bounds[alert.rule])
    return found | {(alert.account_id, alert.rule): None for alert in below}


def _scores(detected: Detected, facts: Facts, accounts: set[str]) -> dict[str, float]:
    """The last score of each of these accounts that has one; of a day a given one stands before ours."""
    wanted = pl.col("score").is_not_null() & pl.col("account_id").is_in(list(accounts))
    frames = [detected.scored.health, facts.scores] if accounts else []
    rows = [row for frame in frames for row in frame.filter(wanted).select("day", "account_id", "score").iter_rows()]
    return {account: score for _, account, score in sorted(rows, key=itemgetter(0))}


def _now(
    alert: AlertEntry, holding: Mapping[tuple[str, str], datetime | None], with_case: set[str], at: Utc
) -> AlertEntry:
    """The alert after this sweep; what became of it after the facts of the sweep were put aside is left as it is."""
    named = (alert.account_id, alert.rule)
    if max(alert.raised_at, alert.answered_at or at, alert.told_at or at) > at:
        return alert
    now = alert.model_copy(update={"held": named in holding})
    over = _over(now, with_case, at) if alert.open else ""
    if over:
        return now.model_copy(update={"open": False, "settled_at": at, "reason": over})
    return _heard(now, holding.get(named)) if alert.open else now


def _over(alert: AlertEntry, with_case: set[str], at: Utc) -> str:
    """Why an open alert is over, or nothing: one with a case when that has ended, any other when it does not hold.

    What waits for an answer, or could not be answered, ends only by a person or a later answer (RISK-85).
    """
    if alert.answered_at is None or alert.unanswered:
        return ""
    if alert.case.partition(":")[0] in _SAVES:
        return CASE_ENDED if alert.account_id not in with_case and alert.answered_at + _BOOKED <= at else ""
    return "" if alert.held else OVER


def _heard(alert: AlertEntry, told_at: datetime | None) -> AlertEntry:
    """What is told while an alert is open belongs to it, and is no news when it is settled."""
    told = max((moment for moment in (alert.told_at, told_at) if moment), default=None)
    return alert.model_copy(update={"told_at": told})


def _followed(alert: AlertEntry, fresh: Collection[tuple[str, str]]) -> AlertEntry:
    """A settled alert that a new one follows holds no more: of an account and a rule one does."""
    followed = not alert.open and (alert.account_id, alert.rule) in fresh
    return alert.model_copy(update={"held": False}) if followed else alert
