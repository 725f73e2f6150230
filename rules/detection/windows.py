"""Stretches of days that end today, right at the ends of months (T-ALERTS)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import polars as pl

from models.calendar import Offset
from models.detection import DetectionRules, Reach
from models.triggers import (
    CsatBelow,
    NegativeTickets,
    NpsBelow,
    NpsFalls,
    Rule,
    ScoreDeclines,
    ScoreFalls,
    ScoreStaysBelow,
    TicketsRise,
    TicketsStop,
)

_MONTH = 31


def back(today: date, stretch: Offset) -> date:
    """The day a stretch before today; a month before 31 March is the last day of February."""
    months = today.year * 12 + today.month - 1 - stretch.months
    year, month = divmod(months, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=stretch.days)


def ago(today: date) -> pl.Expr:
    """How many days before today the column ``day`` lies."""
    return pl.lit(number(today), pl.Int32) - pl.col("day").cast(pl.Int32)


def number(day: date) -> int:
    """The day as a count from 1 January 1970."""
    return (day - date(1970, 1, 1)).days


def last_sunday(today: date) -> date:
    """The end of the last ISO week that is over with today; a Sunday ends its own."""
    return today - timedelta(days=today.isoweekday() % 7)


def reach(rules: DetectionRules) -> Reach:
    """How many days back any of the rules looks; with a month more for scores, so that one knows what was before."""
    own = [days for rule in rules.rules for days in _looks(rule)]
    health = (rules.health.given_fresh, rules.health.look_back, rules.fresh)
    on_scores = max((days for days, of_scores in own if of_scores), default=0)
    on_facts = max((days for days, of_scores in own if not of_scores), default=0)
    return Reach(
        usage=rules.baseline.within_days + rules.baseline.days,
        facts=max(on_facts, *(_length(each) for each in health)),
        scores=on_scores + _MONTH,
    )


def _looks(rule: Rule) -> list[tuple[int, bool]]:
    """How far a rule looks, and whether at scores."""
    match rule:
        case ScoreFalls():
            return [(_length(rule.within), True)]
        case ScoreStaysBelow():
            return [(_length(rule.lasting) + rule.longest_gap_days, True)]
        case ScoreDeclines():
            return [(7 * (rule.weeks + 2), True)]
        case NegativeTickets() | CsatBelow() | NpsBelow():
            return [(_length(rule.within), False)]
        case TicketsRise() | TicketsStop():
            return [(rule.days + rule.trailing_days, False)]
        case NpsFalls():
            return [(2 * rule.days, False)]
        case _:
            return []


def _length(stretch: Offset) -> int:
    return stretch.months * _MONTH + stretch.days + 1
