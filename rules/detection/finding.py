"""How a rule says what it found: rows of FOUND_ROWS."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from models.triggers import Rule
from rules.detection.frames import FOUND_ROWS, UNJUDGED_ROWS

Answers = tuple[pl.DataFrame, pl.DataFrame]
"""What was found, and what could not be judged."""

NONE_FOUND, NONE_UNJUDGED = FOUND_ROWS.to_frame(), UNJUDGED_ROWS.to_frame()
NEVER = pl.lit(None, FOUND_ROWS["told_at"])
FAMILIES = {"score": "health", "usage": "usage", "tickets": "support", "nps": "feedback", "accounts": "hygiene"}


def found(
    frame: pl.DataFrame,
    rule: Rule,
    family: str,
    since: pl.Expr | date,
    was: pl.Expr | None = None,
    now: pl.Expr | None = None,
    bound: float | None = None,
    told_at: pl.Expr | None = None,
) -> pl.DataFrame:
    """The accounts of a frame as found by a rule; ``told_at`` where single facts or crossings make it, not what goes on."""
    nothing = pl.lit(None, pl.Float64)
    return frame.select(
        "account",
        rule=pl.lit(rule.id),
        kind=pl.lit(rule.kind.value),
        level=pl.lit(rule.level.value),
        family=pl.lit(FAMILIES[family]),
        since=since if isinstance(since, pl.Expr) else pl.lit(since, pl.Date),
        was=nothing if was is None else was.cast(pl.Float64),
        now=nothing if now is None else now.cast(pl.Float64),
        bound=pl.lit(bound, pl.Float64),
        told_at=(NEVER if told_at is None else told_at).cast(FOUND_ROWS["told_at"]),
    )


def unjudged(frame: pl.DataFrame, rule: str, why: str, day: pl.Expr | None = None) -> pl.DataFrame:
    """The accounts of a frame as not judged by a rule."""
    return frame.select(
        "account", rule=pl.lit(rule), why=pl.lit(why), day=pl.lit(None, pl.Date) if day is None else day
    )


def joined(answers: Iterable[Answers]) -> Answers:
    """All answers together."""
    kept = tuple(answers)
    return (
        pl.concat([NONE_FOUND, *(one for one, _ in kept)]),
        pl.concat([NONE_UNJUDGED, *(other for _, other in kept)]),
    )
