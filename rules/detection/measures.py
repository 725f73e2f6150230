"""Sub-metrics of 0 to 100 from our own facts, by the curves of the policy (RISK-64..67, AMB-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from models.detection import DetectionRules
from models.health import Curve
from models.triggers import Metric, NegativeTickets
from rules.detection.frames import NUMBER, Facts
from rules.detection.grid import Grid
from rules.detection.support import negative
from rules.detection.windows import back, number

_SCHEMA = {"account": NUMBER, "metric": pl.String, "value": pl.Float64}


def submetrics(facts: Facts, days: Grid, levels: pl.DataFrame, rules: DetectionRules, today: date) -> pl.DataFrame:
    """Every sub-metric that is known today: ``account``, ``metric``, ``value``. A given one stands before our own.

    ``levels`` are those of ``usage.compared``.
    """
    known = [
        _login_frequency(days, rules, today - timedelta(days=1)),
        *_against_usual(levels),
        *_answers(facts, rules, today),
        _renewal(facts, today),
    ]
    curved = _curved(pl.concat(known), rules.health.curves)
    return _given_first(facts, pl.concat([curved, _payments(facts, rules)]), rules, today)


def _login_frequency(days: Grid, rules: DetectionRules, last: date) -> pl.DataFrame:
    stretch = range(number(last) - number(back(last, rules.health.look_back)))
    counted = pl.DataFrame(
        {"measured": days.counted(Metric.LOGINS, stretch, 0), "active": days.counted(Metric.LOGINS, stretch, 1)}
    ).with_columns(account=pl.int_range(pl.len(), dtype=NUMBER))
    enough = counted.filter(pl.col("measured") >= rules.health.least_days)
    return _raw(enough, "login_frequency", pl.col("active") * 7 / pl.col("measured"))


def _against_usual(levels: pl.DataFrame) -> list[pl.DataFrame]:
    pairs = (("active_users", Metric.ACTIVE_USERS), ("feature_adoption", Metric.KEY_FEATURE_EVENTS))
    found = []
    for metric, column in pairs:
        usual = pl.col(f"{column}_usual")
        found.append(_raw(levels.filter(usual > 0), metric, pl.col(column) * 100 / usual))
    return found


def _answers(facts: Facts, rules: DetectionRules, today: date) -> list[pl.DataFrame]:
    since = back(today, rules.health.given_fresh)
    how = next((rule for rule in rules.rules if isinstance(rule, NegativeTickets)), None)
    bad = negative(how.sentiments, how.csat) if how else pl.lit(value=False)
    tickets = facts.tickets.filter(pl.col("day") > since)
    said = pl.col("sentiment").fill_null("") != ""
    tone = tickets.filter(said | pl.col("csat").is_not_null()).group_by("account").agg(value=bad.mean() * 100)
    rated = tickets.filter(pl.col("csat").is_not_null()).select("account", score="csat")
    votes = facts.nps.filter(pl.col("day") > since).select("account", "score")
    means = (
        pl.concat([rated, votes])
        .filter(pl.col("score").is_not_null())
        .group_by("account")
        .agg(value=pl.col("score").mean())
    )
    return [_raw(tone, "ticket_sentiment", pl.col("value")), _raw(means, "nps_csat", pl.col("value"))]


def _renewal(facts: Facts, today: date) -> pl.DataFrame:
    left = pl.col("renewal_date").cast(pl.Int32) - number(today)
    return _raw(facts.accounts.filter(left >= 0), "renewal_timeline", left)


def _payments(facts: Facts, rules: DetectionRules) -> pl.DataFrame:
    worth = {one.status: one.value for one in rules.health.payments}
    value = pl.col("payment").replace_strict(worth, default=None, return_dtype=pl.Float64)
    return _raw(facts.accounts, "payment_status", value).filter(pl.col("value").is_not_null())


def _raw(frame: pl.DataFrame, metric: str, value: pl.Expr) -> pl.DataFrame:
    return frame.select("account", metric=pl.lit(metric), value=value.cast(pl.Float64))


def _curved(raw: pl.DataFrame, curves: Sequence[Curve]) -> pl.DataFrame:
    parts = [
        raw.filter(pl.col("metric") == curve.metric).with_columns(value=on_curve(pl.col("value"), curve))
        for curve in curves
    ]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *parts])


def on_curve(figure: pl.Expr, curve: Curve) -> pl.Expr:
    """The value of a figure on a curve: straight between its steps, flat beyond them."""
    found = pl.lit(curve.steps[-1].value)
    for low, high in reversed(list(zip(curve.steps, curve.steps[1:], strict=False))):
        slope = (high.value - low.value) / (high.at - low.at)
        found = pl.when(figure < high.at).then(low.value + (figure - low.at) * slope).otherwise(found)
    return pl.when(figure < curve.steps[0].at).then(curve.steps[0].value).otherwise(found)


def _given_first(facts: Facts, own: pl.DataFrame, rules: DetectionRules, today: date) -> pl.DataFrame:
    """The last given value of a sub-metric, while it is fresh; ours where nobody gave one."""
    fresh = facts.given.filter((pl.col("day") > back(today, rules.health.given_fresh)) & pl.col("value").is_not_null())
    last = fresh.sort("day", maintain_order=True).group_by("account", "metric").agg(pl.col("value").last())
    ours = own.join(last, on=["account", "metric"], how="anti")
    return pl.concat([last.select(list(_SCHEMA)), ours])
