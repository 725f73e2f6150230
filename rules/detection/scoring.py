"""The health score: components of equal sub-metrics, the missing ones renormalised, or insufficient_data (AMB-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from models.health import ComponentScore, HealthModel, HealthRules, HealthScore, Movement, ScoreState


class Unweighed(ValueError):
    """The chosen model has a component without a weight (DIS-1)."""


@dataclass(frozen=True)
class Scored:
    """The scores of a day, and what they are made of: by HEALTH and COMPONENTS once the accounts are named."""

    health: pl.DataFrame
    components: pl.DataFrame


def scored(accounts: pl.DataFrame, submetrics: pl.DataFrame, rules: HealthRules, today: date) -> Scored:
    """The score of every account today, from ``account, metric, value``. Raises Unweighed for a model without weights.

    A component is the mean of its known sub-metrics, and keeps its whole weight among the components that have any. What
    is available counts by sub-metric: one of four that are known of a component of 40 % is 10 %.
    """
    model = rules.chosen
    shares = _shares(model)
    known = submetrics.join(shares, on="metric", how="inner")
    parts = known.group_by("account", "component").agg(
        value=pl.col("value").mean(), weight=pl.col("weight").first(), available=pl.col("share").sum()
    )
    sums = parts.group_by("account").agg(
        total=pl.col("weight").sum(),
        points=(pl.col("weight") * pl.col("value")).sum(),
        available_percent=pl.col("available").sum().round(6),
    )
    health = accounts.select("account").join(sums, on="account", how="left", maintain_order="left")
    enough = (pl.col("available_percent") >= rules.least_percent).fill_null(value=False)
    state = pl.when(enough).then(pl.lit(ScoreState.SCORED.value)).otherwise(pl.lit(ScoreState.INSUFFICIENT_DATA.value))
    return Scored(
        health=health.select(
            "account",
            day=pl.lit(today, pl.Date),
            score=pl.when(enough).then((pl.col("points") / pl.col("total")).round(6)),
            state=state,
            available_percent=pl.col("available_percent").fill_null(0.0),
        ),
        components=_components(parts, sums, today),
    )


def _components(parts: pl.DataFrame, sums: pl.DataFrame, today: date) -> pl.DataFrame:
    weighed = parts.join(sums.select("account", "total"), on="account", how="inner", maintain_order="left")
    return weighed.select(
        "account",
        day=pl.lit(today, pl.Date),
        component="component",
        weight=pl.col("weight") * 100 / pl.col("total"),
        value="value",
    )


def _shares(model: HealthModel) -> pl.DataFrame:
    rows = []
    for component in model.components:
        weight = _weight(model, component.weight, component.name)
        rows += [(metric, component.name, weight, weight / len(component.metrics)) for metric in component.metrics]
    schema = {"metric": pl.String, "component": pl.String, "weight": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


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
