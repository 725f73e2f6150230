"""Triggers on the health score: crossings, falls, red for weeks, week after week down (RISK-71..79, AMB-7, AMB-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from models.triggers import Rule, ScoreDeclines, ScoreFalls, ScoreFallsBelow, ScoreIsBelow, ScoreStaysBelow
from rules.detection.columns import same
from rules.detection.finding import NONE_FOUND, NONE_UNJUDGED, Answers, found, joined, unjudged
from rules.detection.frames import NUMBER
from rules.detection.history import History
from rules.detection.windows import back, last_sunday, number

_now, _since, _was = pl.col("now"), pl.col("since"), pl.col("was")
_WEEK = 7
_TOLERANCE = 1e-9
"""Scores are sums of shares; a fall of exactly 30 points is not missed by a rounding of the last digit."""


def judged(scores: History, rules: Sequence[Rule], today: date, lag_days: int) -> Answers:
    """What the scores say today. A score that fell below a bound is found from that day on until it is back (AMB-7).

    So no crossing is overlooked in days on which nobody looked, or of which the scores were kept and the alerts not.
    A score that is older than ``lag_days`` says nothing of today.
    """
    now = pl.DataFrame({"last": scores.latest(scores.known)}).with_columns(account=pl.int_range(pl.len(), dtype=NUMBER))
    latest = now.select(
        "account",
        now=scores.at(scores.cells, now["last"], now["account"]),
        ago=scores.ago.gather(now["last"]),
    ).with_columns(now_day=_day(today, pl.col("ago")))
    fresh, stale = latest.filter(pl.col("ago") <= lag_days), latest.filter(pl.col("ago") > lag_days)
    old = unjudged(stale, "health_score", f"insufficient_data: no score in the last {lag_days} days", pl.col("now_day"))
    answers = [(_by(rule, scores, fresh, today), NONE_UNJUDGED) for rule in rules]
    return joined([*answers, (NONE_FOUND, old)])


def _day(today: date, ago: pl.Expr) -> pl.Expr:
    return (number(today) - ago).cast(pl.Int32).cast(pl.Date)


def _by(rule: Rule, scores: History, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    match rule:
        case ScoreFallsBelow():
            return _crossed(rule, scores, fresh.filter(_now < rule.below), today)
        case ScoreIsBelow():
            return found(fresh.filter(_now < rule.below), rule, "score", pl.col("now_day"), None, _now, rule.below)
        case ScoreFalls():
            return _falls(rule, scores, fresh, today)
        case ScoreStaysBelow():
            return _stays(rule, scores, fresh.filter(_now < rule.below), today)
        case ScoreDeclines():
            return _declines(rule, scores, fresh, today)
        case _:
            return NONE_FOUND


def _crossed(rule: ScoreFallsBelow, scores: History, below: pl.DataFrame, today: date) -> pl.DataFrame:
    """Since the day of the last crossing, while the score stays below; one that was never above has crossed nothing."""
    last = scores.latest(scores.cells >= rule.below).gather(below["account"])
    crossed = below.with_columns(last=last).filter(pl.col("last").is_not_null())
    last, accounts = crossed["last"], crossed["account"]
    dated = crossed.with_columns(
        was=scores.at(scores.cells, last, accounts), ago=scores.ago.gather(scores.begun(last, accounts))
    ).with_columns(since=_day(today, pl.col("ago")))
    return found(dated, rule, "score", _since, _was, _now, rule.below, _since)


def _falls(rule: ScoreFalls, scores: History, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Against the highest of the stretch, whose first day is the same day of the week or month before."""
    peaks = scores.highest((today - back(today, rule.within)).days).gather(fresh["account"])
    fell = fresh.with_columns(was=peaks).filter(_was - _now >= rule.points - _TOLERANCE)
    return found(fell, rule, "score", pl.col("now_day"), _was, _now, rule.points)


def _stays(rule: ScoreStaysBelow, scores: History, below: pl.DataFrame, today: date) -> pl.DataFrame:
    """Since the first of the scores below that follow each other without a gap."""
    begun, goes_on = below["ago"], below["ago"] >= 0
    for day, ago in enumerate(scores.ago):
        if not goes_on.any():
            break
        score = scores.column(scores.cells, day).gather(below["account"])
        known = score >= 0
        low = goes_on & known & (score < rule.below) & (begun >= ago - rule.longest_gap_days)
        begun, goes_on = same(ago).zip_with(low & (begun < ago), begun), goes_on & (low | ~known)
    stayed = below.with_columns(lasted=begun).filter(pl.col("lasted") >= (today - back(today, rule.lasting)).days)
    return found(stayed, rule, "score", _day(today, pl.col("lasted")), None, pl.col("lasted"), rule.below)


def _declines(rule: ScoreDeclines, scores: History, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Strict drops over weeks that follow each other, by their last scores; a week counts once it is over."""
    ended = [(today - last_sunday(today)).days + _WEEK * n for n in range(rule.weeks + 1)]
    last = [scores.latest(scores.known, scores.within(ago, ago + _WEEK - 1)).gather(fresh["account"]) for ago in ended]
    values = [scores.at(scores.cells, day, fresh["account"]) for day in last]
    down = values[0].is_not_null()
    for later, earlier in pairwise(values):
        down = down & (later < earlier)
    columns = {"was": values[-1], "last": values[0], "ago": scores.ago.gather(last[-1])}
    fell = fresh.with_columns(**columns).filter(down).with_columns(since=_day(today, pl.col("ago")))
    return found(fell, rule, "score", _since, _was, pl.col("last"), rule.weeks)
