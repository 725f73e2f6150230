"""What was seen and said, alone and together: signals, red flags, and several that weigh more than one (RISK-7..24)."""

from __future__ import annotations

from datetime import date

import polars as pl

from models.alerts import DERIVED, AlertKind, RiskLevel
from models.detection import DetectionRules
from models.signals import Combination, SignalSpec
from models.triggers import FewStakeholders, NoSponsor
from rules.detection.finding import NONE_FOUND, NONE_UNJUDGED, Answers, found, joined, unjudged
from rules.detection.windows import back

LEVELS = tuple(level.value for level in RiskLevel)
SEVERAL, PRESSED = DERIVED
_NOTHING = pl.lit(None, pl.Float64)
_since, _told = pl.col("since"), pl.col("told_at")


def rank() -> pl.Expr:
    """The level as a number: 0 for none up to 4 for high."""
    return pl.col("level").replace_strict(LEVELS, list(range(len(LEVELS))), return_dtype=pl.Int8)


def seen(signals: pl.DataFrame, rules: DetectionRules, today: date) -> Answers:
    """Each kind of signal of an account once, from the first time that it still counts for. A strange kind is named."""
    kinds = _catalogue(rules.signals)
    fresh = signals.filter(back(today, rules.fresh) < pl.col("day"))
    strange = fresh.join(kinds, on="kind", how="anti", maintain_order="left")
    once = fresh.group_by("account", "kind", maintain_order=True).agg(
        since=pl.col("day").min(), now=pl.len(), told_at=pl.col("at").max()
    )
    named = once.join(kinds, on="kind", how="inner", maintain_order="left").select(
        "account",
        rule="kind",
        kind="alert",
        level="level",
        family="family",
        since="since",
        was=_NOTHING,
        now=pl.col("now").cast(pl.Float64),
        bound=_NOTHING,
        told_at="told_at",
    )
    why = "unknown signal: " + pl.col("kind")
    unknown = strange.select("account", rule=pl.lit("bad_input"), why=why, day="day")
    return named, unknown.unique(maintain_order=True)


def _catalogue(signals: tuple[SignalSpec, ...]) -> pl.DataFrame:
    rows = [(one.kind, one.alert.value, one.level.value, one.family) for one in signals]
    return pl.DataFrame(rows, schema=dict.fromkeys(("kind", "alert", "level", "family"), pl.String), orient="row")


def hygiene(accounts: pl.DataFrame, rules: DetectionRules, today: date) -> Answers:
    """Too few stakeholders, no sponsor: to be put in order, and no risk. What nobody recorded is stated."""
    return joined(_hygiene(accounts, rule, today) for rule in rules.rules)


def _hygiene(accounts: pl.DataFrame, rule: object, today: date) -> Answers:
    count, sponsor = pl.col("stakeholders"), pl.col("has_sponsor")
    match rule:
        case FewStakeholders():
            few = found(accounts.filter(count < rule.least), rule, "accounts", today, None, count, rule.least)
            return few, unjudged(
                accounts.filter(count.is_null()), rule.id, "insufficient_data: stakeholders not counted"
            )
        case NoSponsor():
            none = found(accounts.filter(~sponsor), rule, "accounts", today)
            return none, unjudged(
                accounts.filter(sponsor.is_null()), rule.id, "insufficient_data: sponsor not recorded"
            )
        case _:
            return NONE_FOUND, NONE_UNJUDGED


def combined(holding: pl.DataFrame, combinations: tuple[Combination, ...]) -> pl.DataFrame:
    """The red flags whose every part holds (RISK-22..24); since the last part came."""
    return pl.concat([NONE_FOUND, *(_combination(holding, one) for one in combinations)])


def _combination(holding: pl.DataFrame, one: Combination) -> pl.DataFrame:
    parts = [
        holding.filter(pl.col("rule").is_in(part.any_of)).group_by("account").agg(_since.min(), _told.max())
        for part in one.parts
    ]
    every = (
        pl.concat(parts)
        .group_by("account")
        .agg(_since.max(), _told.max(), parts=pl.len())
        .filter(pl.col("parts") == len(parts))
    )
    return every.select(
        "account",
        rule=pl.lit(one.id),
        kind=pl.lit(one.kind.value),
        level=pl.lit(one.level.value),
        family=pl.lit("combination"),
        since="since",
        was=_NOTHING,
        now=pl.col("parts").cast(pl.Float64),
        bound=pl.lit(float(len(parts))),
        told_at="told_at",
    )


def weighed(holding: pl.DataFrame, rules: DetectionRules) -> pl.DataFrame:
    """What several findings add to each of them (RISK-7), and the pressure on a customer's business (RISK-57)."""
    presses = [one.kind for one in rules.signals if one.multiplies]
    risks = holding.filter((rank() > 0) & ~pl.col("rule").is_in(presses))
    together = risks.group_by("account").agg(
        _since.max(), _told.max(), findings=pl.col("family").n_unique().cast(pl.Int64), highest=rank().max()
    )
    several = _several(together, rules)
    lifted = pl.concat([each.select("account", "level", "told_at") for each in (risks, several)])
    return pl.concat([several, _pressed(holding.filter(pl.col("rule").is_in(presses)), lifted, rules)])


def _several(together: pl.DataFrame, rules: DetectionRules) -> pl.DataFrame:
    raised = pl.lit(0, pl.Int8)
    for step in rules.together:
        raised = (
            pl.when(pl.col("findings") >= step.findings)
            .then(pl.lit(LEVELS.index(step.level), pl.Int8))
            .otherwise(raised)
        )
    higher = together.with_columns(raised=raised).filter(pl.col("raised") > pl.col("highest"))
    return _derived(higher, SEVERAL, AlertKind.INVESTIGATION, pl.col("raised"), pl.col("findings"))


def _pressed(pressure: pl.DataFrame, risks: pl.DataFrame, rules: DetectionRules) -> pl.DataFrame:
    """One level up, from low on and never beyond what the policy allows: distress is never a conclusion by itself."""
    most = LEVELS.index(rules.pressure_lifts_to)
    highest = risks.group_by("account").agg(highest=rank().max(), risks_told_at=_told.max())
    under = pressure.group_by("account").agg(_since.min(), _told.max(), findings=pl.len())
    lifted = under.join(highest, on="account", how="inner").filter(
        (pl.col("highest") >= LEVELS.index(RiskLevel.LOW)) & (pl.col("highest") < most)
    )
    lifted = lifted.with_columns(told_at=pl.max_horizontal("told_at", "risks_told_at"))
    return _derived(lifted, PRESSED, AlertKind.INVESTIGATION, pl.col("highest") + 1, pl.col("findings"))


def _derived(frame: pl.DataFrame, rule: str, kind: AlertKind, level: pl.Expr, now: pl.Expr) -> pl.DataFrame:
    words = level.replace_strict(list(range(len(LEVELS))), LEVELS, return_dtype=pl.String)
    return frame.select(
        "account",
        rule=pl.lit(rule),
        kind=pl.lit(kind.value),
        level=words,
        family=pl.lit("combination"),
        since="since",
        was=_NOTHING,
        now=now.cast(pl.Float64),
        bound=_NOTHING,
        told_at="told_at",
    )
