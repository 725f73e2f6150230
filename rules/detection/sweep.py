"""Detection as one call: score the accounts, judge every rule, combine, and tell what is new (RISK-85, AMB-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import polars as pl

from models.detection import DetectionRules
from models.triggers import Metric
from rules.detection import frames, scores, signals, support, usage
from rules.detection.checks import checked
from rules.detection.finding import NONE_FOUND, joined, unjudged
from rules.detection.frames import Facts, shaped
from rules.detection.grid import Grid, grid
from rules.detection.history import history
from rules.detection.measures import by_metric, submetrics
from rules.detection.scoring import Scored, scored

_KEYS = ["account_id", "rule"]


@dataclass(frozen=True)
class Detected:
    """What holds today (FOUND), what could not be judged (UNJUDGED), the scores of the day, and their sub-metrics."""

    found: pl.DataFrame
    unjudged: pl.DataFrame
    scored: Scored
    submetrics: pl.DataFrame


def detect(facts: Facts, rules: DetectionRules, today: date) -> Detected:
    """Everything that the facts say of their accounts on ``today`` (UTC). Pure; no clock.

    Use is judged as of yesterday, the last whole day; what was measured today so far is left aside. A score that was
    given for today stands; otherwise it is counted here. Facts of accounts that are not in ``facts.accounts`` are named
    in ``unjudged``. Raises BadFrame for a frame of another shape, Unweighed for a health model without weights.
    """
    sound = checked(facts, today)
    known = sound.facts
    base = rules.baseline
    yesterday = today - timedelta(days=1)
    days = grid(_until(known.usage, yesterday), known.accounts.height, yesterday, base.within_days + base.days)
    levels = usage.compared(days, list(Metric), base)
    measures = submetrics(known, days, levels, rules, today)
    health = scored(measures, rules.health, today)
    own, cannot = joined(
        [
            scores.judged(history(known.scores, health.health, today), rules.rules, today, rules.lag_days),
            usage.judged(days, levels, rules.rules, base, yesterday, rules.lag_days),
            signals.seen(known.signals, rules, today),
            signals.hygiene(known.accounts, rules, today),
            support.judged(known, rules.rules, today),
            (NONE_FOUND, _unmeasured(known, days, health)),
        ]
    )
    holding = pl.concat([own, signals.combined(own, rules.combinations)])
    holding = pl.concat([holding, signals.weighed(holding, rules)])
    name = partial(_named, accounts=known.accounts)
    return Detected(
        found=name(_of_customers(holding, known.accounts, rules)).sort(_KEYS),
        unjudged=pl.concat([sound.faults, name(cannot)]).sort(_KEYS),
        scored=Scored(health=name(health.health), components=name(health.components)),
        submetrics=name(by_metric(measures)),
    )


def _until(used: pl.DataFrame, last: date) -> pl.DataFrame:
    later = used["day"] > last
    return used.filter(~later) if later.any() else used


def _named(frame: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The frame with the ids of its accounts in place of their numbers, which are their rows."""
    others = [column for column in frame.columns if column != "account"]
    return frame.select(accounts["account_id"].gather(frame["account"]), *others)


def _unmeasured(facts: Facts, days: Grid, health: Scored) -> pl.DataFrame:
    none = facts.accounts.filter(days.counted(Metric.LOGINS, range(days.days), 0) == 0)
    unscored = health.health.filter(pl.col("score").is_null())
    return pl.concat(
        [
            unjudged(none, "usage", "insufficient_data: no usage was measured"),
            unjudged(
                unscored, "health_score", "insufficient_data: too few of the sub-metrics are known", pl.col("day")
            ),
        ]
    )


def _of_customers(found: pl.DataFrame, accounts: pl.DataFrame, rules: DetectionRules) -> pl.DataFrame:
    """Who has left is heard only when coming back, and a customer is not heard as one who has (RISK-60)."""
    former = pl.col("rule").is_in([one.kind for one in rules.signals if one.former])
    gone = accounts["churned"].fill_null(value=False).gather(found["account"])
    return found.filter(former == pl.lit(gone))


def news(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """What is found and is no open alert, and either did not hold before or rests on a later fact or crossing (AMB-8).

    ``known`` is what stands after this sweep has settled what is over.
    """
    before = shaped(known, frames.KNOWN, "known").filter(pl.col("open") | pl.col("held"))
    counted = before.group_by(_KEYS).agg(pl.col("open").any(), before=pl.col("told_at").max())
    both = found.join(counted, on=_KEYS, how="left", maintain_order="left")
    told = (pl.col("told_at") > pl.col("before")).fill_null(value=False)
    return both.filter(pl.col("open").is_null() | (~pl.col("open") & told)).select(found.columns)
