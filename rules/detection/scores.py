"""Triggers on the health score: crossings, falls, red for weeks, week after week down (RISK-71..79, AMB-7, AMB-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from models.triggers import Rule, ScoreDeclines, ScoreFalls, ScoreFallsBelow, ScoreIsBelow, ScoreStaysBelow
from rules.detection.finding import NONE_FOUND, NONE_UNJUDGED, Answers, found, joined, unjudged
from rules.detection.frames import NUMBER
from rules.detection.history import History, days
from rules.detection.windows import back, last_sunday, number

_now, _since, _was = pl.col("now"), pl.col("since"), pl.col("was")
_WEEK, _LONG_AGO = 7, 2**30
_TOLERANCE = 1e-9
"""Scores are sums of shares; a fall of exactly 30 points is not missed by a rounding of the last digit."""


def judged(scores: History, rules: Sequence[Rule], today: date, lag_days: int) -> Answers:
    """What the scores say today. A score that fell below a bound is found from that day on until it is back (AMB-7).

    So no crossing is overlooked in days on which nobody looked, or of which the scores were kept and the alerts not.
    A score that is older than ``lag_days`` says nothing of today.
    """
    now, when = scores.latest()
    latest = pl.DataFrame({"now": now, "ago": when}).select(
        pl.int_range(pl.len(), dtype=NUMBER).alias("account"), "now", "ago", now_day=_day(today, pl.col("ago"))
    )
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
    own = scores.of(below["account"])
    was, above, since = own.unknown(), own.never(), own.never()
    for ago, score in own.oldest_first():
        is_above = score >= rule.below
        was, above = score.zip_with(is_above, was), days(ago).zip_with(is_above, above)
    for ago, score in own.newest_first():
        since = days(ago).zip_with((score >= 0) & (above > ago), since)
    crossed = below.with_columns(was=was, since=_day(today, pl.lit(since))).filter(_since.is_not_null())
    return found(crossed, rule, "score", _since, _was, _now, rule.below, _since)


def _falls(rule: ScoreFalls, scores: History, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Against the highest of the stretch, whose first day is the same day of the week or month before."""
    peaks = scores.highest((today - back(today, rule.within)).days).gather(fresh["account"])
    fell = fresh.with_columns(was=peaks).filter(_was - _now >= rule.points - _TOLERANCE)
    return found(fell, rule, "score", pl.col("now_day"), _was, _now, rule.points)


def _stays(rule: ScoreStaysBelow, scores: History, below: pl.DataFrame, today: date) -> pl.DataFrame:
    own = scores.of(below["account"])
    begun, last = own.never(), own.never().fill_null(_LONG_AGO)
    for ago, score in own.oldest_first():
        known = score >= 0
        low = known & (score < rule.below)
        begun = days(ago).zip_with(low & (last > ago + rule.longest_gap_days), begun)
        last = days(ago).zip_with(low, days(_LONG_AGO).zip_with(known, last))
    stayed = below.with_columns(lasted=begun).filter(pl.col("lasted") >= (today - back(today, rule.lasting)).days)
    return found(stayed, rule, "score", _day(today, pl.col("lasted")), None, pl.col("lasted"), rule.below)


def _declines(rule: ScoreDeclines, scores: History, fresh: pl.DataFrame, today: date) -> pl.DataFrame:
    """Strict drops over weeks that follow each other, by their last scores; a week counts once it is over."""
    ended = [(today - last_sunday(today)).days + _WEEK * n for n in range(rule.weeks + 1)]
    weekly = [scores.latest(ago, ago + _WEEK - 1) for ago in ended]
    values = [score for score, _ in weekly]
    down = values[0] >= 0
    for later, earlier in pairwise(values):
        down = down & (later >= 0) & (later < earlier)
    columns = {"was": values[-1], "last": values[0], "since": weekly[-1][1], "down": down}
    fell = fresh.with_columns(pl.DataFrame(columns).select(pl.all().gather(fresh["account"]))).filter(pl.col("down"))
    return found(fell, rule, "score", _day(today, _since), _was, pl.col("last"), rule.weeks)
