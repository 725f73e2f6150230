"""The health score: components of equal sub-metrics, the missing ones renormalised, or insufficient_data (AMB-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from models.health import Component, ComponentScore, HealthModel, HealthRules, HealthScore, Movement, ScoreState
from rules.detection.frames import NUMBER


class Unweighed(ValueError):
    """The chosen model has a component without a weight (DIS-1)."""


@dataclass(frozen=True)
class Scored:
    """The scores of a day, and what they are made of: by HEALTH and COMPONENTS once the accounts are named."""

    health: pl.DataFrame
    components: pl.DataFrame


def scored(submetrics: pl.DataFrame, rules: HealthRules, today: date) -> Scored:
    """The score of every account today, by its sub-metrics in columns. Raises Unweighed for a model without weights.

    A component is the mean of its known sub-metrics, and keeps its whole weight among the components that have any. What
    is available counts by sub-metric: one of four that are known of a component of 40 % is 10 %.
    """
    weights = {one.name: _weight(rules.chosen, one.weight, one.name) for one in rules.chosen.components}
    means = submetrics.select(_mean(one, submetrics.columns) for one in rules.chosen.components)
    sums = submetrics.select(
        account=pl.int_range(pl.len(), dtype=NUMBER),
        day=pl.lit(today, pl.Date),
        available_percent=_available(rules.chosen, weights, submetrics.columns),
    ).hstack(
        means.select(
            total=_sum(pl.col(name).is_not_null() * pl.lit(weight) for name, weight in weights.items()),
            points=_sum(pl.col(name) * weight for name, weight in weights.items()),
        )
    )
    components = [_component(sums, means[name], weight) for name, weight in weights.items()]
    return Scored(health=_health(sums, rules), components=pl.concat(components))


def _health(sums: pl.DataFrame, rules: HealthRules) -> pl.DataFrame:
    enough = pl.col("available_percent") >= rules.least_percent
    state = pl.when(enough).then(pl.lit(ScoreState.SCORED.value)).otherwise(pl.lit(ScoreState.INSUFFICIENT_DATA.value))
    score = pl.when(enough).then((pl.col("points") / pl.col("total")).round(6))
    return sums.select("account", "day", score.alias("score"), state.alias("state"), "available_percent")


def _available(model: HealthModel, weights: Mapping[str, float], known: Collection[str]) -> pl.Expr:
    shares = ((metric, weights[one.name] / len(one.metrics)) for one in model.components for metric in one.metrics)
    parts = [pl.col(metric).is_not_null() * pl.lit(share) for metric, share in shares if metric in known]
    return _sum(parts).round(6)


def _mean(component: Component, known: Collection[str]) -> pl.Expr:
    metrics = [pl.col(metric) for metric in component.metrics if metric in known]
    return pl.mean_horizontal(pl.lit(None, pl.Float64), *metrics).alias(component.name)


def _sum(parts: Iterable[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0.0), *parts)


def _component(sums: pl.DataFrame, mean: pl.Series, weight: float) -> pl.DataFrame:
    known = sums.with_columns(value=mean).drop_nulls("value")
    share = weight * 100 / pl.col("total")
    return known.select("account", "day", component=pl.lit(mean.name), weight=share, value="value")


def _weight(model: HealthModel, weight: Decimal | None, name: str) -> float:
    if weight is None:
        raise Unweighed(f"the model '{model.name}' has no weight for '{name}'; no source gives one, write your own")
    return float(weight)


def as_score(found: Scored, submetrics: pl.DataFrame, account_id: str, rules: HealthRules) -> HealthScore:
    """The score of one account as a record that explains itself, with the sub-metrics that are missing."""
    row = found.health.row(by_predicate=pl.col("account_id") == account_id, named=True)
    known = set(submetrics.filter(pl.col("account_id") == account_id)["metric"])
    parts = found.components.filter(pl.col("account_id") == account_id).rows_by_key(
        "component", named=True, unique=True
    )
    components = []
    for component in rules.chosen.components:
        part = parts.get(component.name, {"weight": 0.0, "value": None})
        missing = tuple(metric for metric in component.metrics if metric not in known)
        components.append(
            ComponentScore(name=component.name, weight=part["weight"], value=part["value"], missing=missing)
        )
    score = row["score"]
    return HealthScore(
        account_id=account_id,
        day=row["day"],
        state=ScoreState(row["state"]),
        score=score,
        band=rules.band_of(score).name if score is not None else "",
        available_percent=row["available_percent"],
        components=tuple(components),
    )


def movement(history: tuple[HealthScore, ...], days: int = 7) -> Movement | None:
    """Which component moved the latest score against the one ``days`` before it, by how much, and since when (RISK-69).

    ``history`` is in the order of its days. None where there are not two scores to compare, or nothing moved.
    """
    kept = [one for one in history if one.score is not None]
    if len(kept) < 2:
        return None
    now = kept[-1]
    before = [one for one in kept[:-1] if one.day <= now.day - timedelta(days=days)] or kept[:1]
    was = before[-1]
    moved = {name: _points(now, name) - _points(was, name) for name in (part.name for part in now.components)}
    total = (now.score or 0) - (was.score or 0)
    name = max(moved, key=lambda each: (moved[each] * (1 if total >= 0 else -1), each))
    if not moved[name]:
        return None
    return Movement(
        since=_since(kept[kept.index(was) :], name, moved[name]),
        until=now.day,
        points=total,
        component=name,
        component_points=moved[name],
        was=_value(was, name),
        now=_value(now, name),
    )


def _since(stretch: list[HealthScore], name: str, moved: float) -> date:
    """The day from which the component never again was where it had been."""
    start = _points(stretch[0], name)
    since = stretch[-1].day
    for one in reversed(stretch):
        if (_points(one, name) - start) * moved <= 0:
            break
        since = one.day
    return since


def _part(score: HealthScore, name: str) -> ComponentScore:
    return next((part for part in score.components if part.name == name), ComponentScore(name=name))


def _points(score: HealthScore, name: str) -> float:
    return _part(score, name).points


def _value(score: HealthScore, name: str) -> float | None:
    return _part(score, name).value
