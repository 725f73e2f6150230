"""Triggers on the health score: crossings, falls, red for weeks, week after week down (RISK-71..79, AMB-7, AMB-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from models.triggers import Rule, ScoreDeclines, ScoreFalls, ScoreFallsBelow, ScoreIsBelow, ScoreStaysBelow
from rules.detection.finding import Answers, found, joined, unjudged
from rules.detection.frames import FOUND_ROWS, UNJUDGED_ROWS
from rules.detection.windows import back, iso_week, last_week, number

_score, _day, _id = pl.col("score"), pl.col("day"), pl.col("account")
_TOLERANCE = 1e-9
"""Scores are sums of shares; a fall of exactly 30 points is not missed by a rounding of the last digit."""


def judged(scores: pl.DataFrame, rules: Sequence[Rule], today: date, lag_days: int) -> Answers:
    """What the scores say today. A score that fell below a bound is found from that day on until it is back (AMB-7).

    So no crossing is overlooked in days on which nobody looked, or of which the scores were kept and the alerts not.
    ``scores`` is sorted by account and day. A score that is older than ``lag_days`` says nothing of today.
    """
    measured = scores.filter(_score.is_not_null())
    latest = measured.group_by("account", maintain_order=True).agg(now=_score.last(), now_day=_day.last())
    oldest = today - timedelta(days=lag_days)
    fresh = latest.filter(pl.col("now_day") >= oldest)
    stale = latest.filter(pl.col("now_day") < oldest)
    old = unjudged(stale, "health_score", f"insufficient_data: no score in the last {lag_days} days", pl.col("now_day"))
    answers = [(_by(rule, measured, fresh, today), UNJUDGED_ROWS.to_frame()) for rule in rules]
    return joined([*answers, (FOUND_ROWS.to_frame(), old)])


def _by(rule: Rule, measured: pl.DataFrame, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    now = pl.col("now")
    match rule:
        case ScoreFallsBelow():
            return _crossed(rule, measured, fresh)
        case ScoreIsBelow():
            return found(fresh.filter(now < rule.below), rule, "score", pl.col("now_day"), None, now, rule.below)
        case ScoreFalls():
            return _falls(rule, measured, fresh, today)
        case ScoreStaysBelow():
            return _stays(rule, measured, fresh, today)
        case ScoreDeclines():
            return _declines(rule, measured, fresh, today)
        case _:
            return FOUND_ROWS.to_frame()


def _crossed(rule: ScoreFallsBelow, measured: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Since the day of the last crossing, while the score stays below; one that was never above has crossed nothing."""
    was, day = _score.shift(1), pl.col("since")
    crossings = (_id == _id.shift(1)) & (was >= rule.below) & (_score < rule.below)
    last = (
        measured.select("account", since=_day, was=was, crossing=crossings)
        .filter(pl.col("crossing"))
        .group_by("account")
        .agg(day.last(), pl.col("was").last())
    )
    below = fresh.filter(pl.col("now") < rule.below).join(last, on="account", how="inner", maintain_order="left")
    return found(below, rule, "score", day, pl.col("was"), pl.col("now"), rule.below, day)


def _falls(rule: ScoreFalls, measured: pl.DataFrame, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Against the highest of the stretch, whose first day is the same day of the week or month before."""
    peaks = measured.filter(back(today, rule.within) <= _day).group_by("account").agg(peak=_score.max())
    fell = fresh.join(peaks, on="account", how="inner", maintain_order="left").filter(
        pl.col("peak") - pl.col("now") >= rule.points - _TOLERANCE
    )
    return found(fell, rule, "score", pl.col("now_day"), pl.col("peak"), pl.col("now"), rule.points)


def _stays(rule: ScoreStaysBelow, measured: pl.DataFrame, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    same = _id == _id.shift(1)
    unbroken = same & (_score.shift(1) < rule.below) & (_day.cast(pl.Int32).diff() <= rule.longest_gap_days)
    begins = (_score < rule.below) & ~unbroken.fill_null(value=False)
    red = measured.filter(begins).group_by("account").agg(begun=_day.max())
    stayed = (
        fresh.filter(pl.col("now") < rule.below)
        .join(red, on="account", how="inner", maintain_order="left")
        .filter(pl.col("begun") <= back(today, rule.lasting))
    )
    lasted = number(today) - pl.col("begun").cast(pl.Int32)
    return found(stayed, rule, "score", pl.col("begun"), None, lasted, rule.below)


def _declines(rule: ScoreDeclines, measured: pl.DataFrame, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Strict drops over weeks that follow each other, by their last scores; a week counts once it is over."""
    start, over = today - timedelta(days=7 * (rule.weeks + 2)), last_week(today)
    last = measured.filter(start <= _day).with_columns(week=iso_week()).filter(pl.col("week") <= over)
    weekly = last.filter(
        (_id != _id.shift(-1)) | (pl.col("week") != pl.col("week").shift(-1)) | _id.shift(-1).is_null()
    )
    down = pl.lit(value=True)
    for step in range(1, rule.weeks + 1):
        follows = (_id.shift(step) == _id) & (pl.col("week").shift(step) == pl.col("week") - step)
        down = down & follows & (_score.shift(step - 1) < _score.shift(step))
    newest = (pl.col("week") == over).alias("newest")
    fell = weekly.select(
        "account", newest, down=down, since=_day.shift(rule.weeks), was=_score.shift(rule.weeks), now=_score
    ).filter(pl.col("newest") & pl.col("down"))
    known = fell.join(fresh.select("account"), on="account", how="semi", maintain_order="left")
    return found(known, rule, "score", pl.col("since"), pl.col("was"), pl.col("now"), rule.weeks)
