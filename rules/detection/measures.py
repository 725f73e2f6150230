"""Sub-metrics of 0 to 100 from our own facts, by the curves of the policy (RISK-64..67, AMB-6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from models.detection import DetectionRules
from models.health import Curve
from models.triggers import Metric, NegativeTickets
from rules.detection.frames import NUMBER, Facts
from rules.detection.grid import Grid
from rules.detection.support import negative
from rules.detection.windows import back, number


def submetrics(facts: Facts, days: Grid, levels: pl.DataFrame, rules: DetectionRules, today: date) -> pl.DataFrame:
    """Every sub-metric of today: a column for each, null where it is not known, with a row for each account by its number.

    A given one stands before our own. ``levels`` are those of ``usage.compared``.
    """
    figures = {
        "login_frequency": _login_frequency(days, rules, today - timedelta(days=1)),
        **_against_usual(levels, days.accounts),
        **_answers(facts, rules, today),
        "renewal_timeline": _renewal(facts, today),
    }
    curves = [curve for curve in rules.health.curves if curve.metric in figures]
    curved = pl.DataFrame(figures).select(_value(curve) for curve in curves)
    own = {column.name: column for column in (*curved, _payments(facts, rules))}
    return pl.DataFrame(own | _given(facts, own, rules, today))


def by_metric(measures: pl.DataFrame) -> pl.DataFrame:
    """A row for each sub-metric that is known: ``account``, ``metric``, ``value``."""
    accounts = max(measures.height, 1)
    cells = pl.int_range(measures.height * measures.width, dtype=NUMBER, eager=True)
    metric = pl.Series(measures.columns, dtype=pl.String).gather(cells // accounts)
    rows = {"account": cells % accounts, "metric": metric, "value": pl.concat(measures.get_columns())}
    return pl.DataFrame(rows).drop_nulls("value")


def _login_frequency(days: Grid, rules: DetectionRules, last: date) -> pl.Series:
    stretch = range(number(last) - number(back(last, rules.health.look_back)))
    measured, active = (days.counted(Metric.LOGINS, stretch, least) for least in (0, 1))
    rates = active * 7 / measured
    return rates.set(measured < rules.health.least_days, None)


def _against_usual(levels: pl.DataFrame, accounts: int) -> dict[str, pl.Series]:
    pairs = (("active_users", Metric.ACTIVE_USERS), ("feature_adoption", Metric.KEY_FEATURE_EVENTS))
    found = {}
    for metric, column in pairs:
        usual = pl.col(f"{column}_usual")
        compared = levels.select("account", value=pl.when(usual > 0).then(pl.col(column) * 100 / usual))
        found[metric] = _spread(compared, accounts)
    return found


def _answers(facts: Facts, rules: DetectionRules, today: date) -> dict[str, pl.Series]:
    since = back(today, rules.health.given_fresh)
    how = next((rule for rule in rules.rules if isinstance(rule, NegativeTickets)), None)
    bad = negative(how.sentiments, how.csat) if how else pl.lit(value=False)
    tickets = facts.tickets.filter(pl.col("day") > since)
    said = pl.col("sentiment").fill_null("") != ""
    told = tickets.filter(said | pl.col("csat").is_not_null()).select("account", bad=bad)
    tone = told.group_by("account").agg(value=pl.col("bad").mean() * 100)
    rated = tickets.select("account", score="csat")
    votes = facts.nps.filter(pl.col("day") > since).select("account", "score")
    means = pl.concat([rated, votes]).drop_nulls("score").group_by("account").agg(value=pl.col("score").mean())
    accounts = facts.accounts.height
    return {"ticket_sentiment": _spread(tone, accounts), "nps_csat": _spread(means, accounts)}


def _renewal(facts: Facts, today: date) -> pl.Series:
    left = pl.col("renewal_date").cast(pl.Int32) - number(today)
    return facts.accounts.select(pl.when(left >= 0).then(left.cast(pl.Float64))).to_series()


def _payments(facts: Facts, rules: DetectionRules) -> pl.Series:
    worth = {one.status: one.value for one in rules.health.payments}
    value = pl.col("payment").replace_strict(worth, default=None, return_dtype=pl.Float64)
    return facts.accounts.select(payment_status=value).to_series()


def _spread(some: pl.DataFrame, accounts: int, others: pl.Series | None = None) -> pl.Series:
    """The ``value`` of some accounts in a column of all; the others have theirs, or none."""
    whole = pl.repeat(None, accounts, dtype=pl.Float64, eager=True) if others is None else others
    return whole.scatter(some["account"], some["value"])


def _value(curve: Curve) -> pl.Expr:
    figure = pl.col(curve.metric)
    return pl.when(figure.is_not_null()).then(on_curve(figure, curve)).alias(curve.metric)


def on_curve(figure: pl.Expr, curve: Curve) -> pl.Expr:
    """The value of a figure on a curve: straight between its steps, flat beyond them."""
    found = pl.lit(curve.steps[-1].value)
    for low, high in reversed(list(zip(curve.steps, curve.steps[1:], strict=False))):
        slope = (high.value - low.value) / (high.at - low.at)
        found = pl.when(figure < high.at).then(low.value + (figure - low.at) * slope).otherwise(found)
    return pl.when(figure < curve.steps[0].at).then(curve.steps[0].value).otherwise(found)


def _given(facts: Facts, own: Mapping[str, pl.Series], rules: DetectionRules, today: date) -> dict[str, pl.Series]:
    """Of each sub-metric that is given the last value, while it is fresh; ours where nobody gave one."""
    fresh = facts.given.filter(pl.col("day") > back(today, rules.health.given_fresh)).drop_nulls(["metric", "value"])
    last = (
        fresh.sort("day", maintain_order=True)
        .group_by("account", "metric", maintain_order=True)
        .agg(pl.col("value").last())
    )
    by_name = last.partition_by("metric", as_dict=True).items()
    return {name: _spread(rows, facts.accounts.height, own.get(name)) for (name,), rows in by_name}
