"""Tickets, their ratings, and NPS (RISK-11, RISK-20, RISK-81, RISK-82, AMB-13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, partial

import polars as pl

from models.triggers import CsatBelow, NegativeTickets, NpsBelow, NpsFalls, Rule, TicketsRise, TicketsStop
from rules.detection.finding import NONE_FOUND, NONE_UNJUDGED, Answers, found, joined, unjudged
from rules.detection.frames import Facts
from rules.detection.windows import ago, back

Counts = Callable[[int, int], pl.DataFrame]
"""How many tickets each account has in so many days, and in so many before them."""

_day, _ago, _opened = pl.col("day"), pl.col("ago"), pl.col("opened_at")
_PROMOTES, _DETRACTS = 9, 6  # of 10: what NPS is
_NOT_TWICE = "insufficient_data: a fall shows between answers of the last {days} days and of the {days} before"
_NO_FEED = "insufficient_data: no account wrote a ticket in {days} days, so that they may not reach us"


def judged(facts: Facts, rules: Sequence[Rule], today: date) -> Answers:
    """What tickets and answers say today. A ticket that is not there was not written, while others write any."""
    tickets = facts.tickets
    counts = cache(partial(_counts, tickets, today))  # several rules ask for the same stretches
    held = pl.concat([NONE_FOUND, *(_by(rule, tickets, counts, facts.nps, today) for rule in rules)])
    last = facts.last_ticket or tickets.select(_day.max()).item()
    stopped = [_stop(rule, counts, today, last) for rule in rules if isinstance(rule, TicketsStop)]
    alone = [_alone(rule, facts.nps, today) for rule in rules if isinstance(rule, NpsFalls)]
    return joined([(held, NONE_UNJUDGED), *stopped, *alone])


def _low(rule: NpsBelow, nps: pl.DataFrame, today: date) -> pl.DataFrame:
    low = nps.filter((back(today, rule.within) < _day) & (pl.col("score") < rule.below))
    worst = low.group_by("account").agg(now=pl.col("score").min(), since=_day.max(), told_at=pl.col("at").max())
    return found(worst, rule, "nps", pl.col("since"), None, pl.col("now"), rule.below, pl.col("told_at"))


def _alone(rule: NpsFalls, nps: pl.DataFrame, today: date) -> Answers:
    """Who answered, and has nothing to compare it with."""
    dated = nps.with_columns(ago=ago(today)).filter(_ago < 2 * rule.days)
    sides = ((_ago < rule.days).sum(), (_ago >= rule.days).sum())
    lacking = pl.min_horizontal(*(side.cast(pl.Int64) for side in sides)) < rule.least_answers
    one_sided = dated.group_by("account").agg(lacking=lacking).filter(pl.col("lacking"))
    return NONE_FOUND, unjudged(one_sided, rule.id, _NOT_TWICE.format(days=rule.days))


def negative(sentiments: Sequence[str], csat: int) -> pl.Expr:
    """Whether a ticket is negative: tagged so, or rated so low (AMB-13)."""
    return (pl.col("sentiment").is_in(sentiments) | (pl.col("csat") <= csat)).fill_null(value=False)


def _by(rule: Rule, tickets: pl.DataFrame, counts: Counts, nps: pl.DataFrame, today: date) -> pl.DataFrame:
    match rule:
        case NegativeTickets():
            return _negative(rule, tickets, today)
        case CsatBelow():
            return _csat(rule, tickets, today)
        case TicketsRise():
            return _rise(rule, counts)
        case NpsFalls():
            return _nps(rule, nps, today)
        case NpsBelow():
            return _low(rule, nps, today)
        case _:
            return NONE_FOUND


def _negative(rule: NegativeTickets, tickets: pl.DataFrame, today: date) -> pl.DataFrame:
    bad = tickets.filter((back(today, rule.within) < _day) & negative(rule.sentiments, rule.csat))
    counted = bad.group_by("account").agg(now=pl.len(), since=_day.max(), told_at=_opened.max())
    many = counted.filter(pl.col("now") >= rule.count)
    return found(many, rule, "tickets", pl.col("since"), None, pl.col("now"), rule.count, pl.col("told_at"))


def _csat(rule: CsatBelow, tickets: pl.DataFrame, today: date) -> pl.DataFrame:
    low = tickets.filter((back(today, rule.within) < _day) & (pl.col("csat") < rule.below))
    worst = low.group_by("account").agg(now=pl.col("csat").min(), since=_day.max(), told_at=_opened.max())
    return found(worst, rule, "tickets", pl.col("since"), None, pl.col("now"), rule.below, pl.col("told_at"))


def _counts(tickets: pl.DataFrame, today: date, days: int, trailing: int) -> pl.DataFrame:
    counted = _halves(tickets, days, days + trailing, today).group_by("account")
    frame = counted.agg(now=pl.col("new").sum().cast(pl.Int64), every=pl.len().cast(pl.Int64), since=_day.max())
    return frame.with_columns(then=pl.col("every") - pl.col("now"))


def _halves(frame: pl.DataFrame, days: int, reach: int, today: date) -> pl.DataFrame:
    """What lies within reach, and whether it is new: of the last so many days."""
    return frame.with_columns(ago=ago(today)).filter(_ago < reach).with_columns(new=_ago < days)


def _rise(rule: TicketsRise, counts: Counts) -> pl.DataFrame:
    now, then = pl.col("now"), pl.col("then")
    more = now * 100 * rule.trailing_days >= then * rule.percent * rule.days
    rose = counts(rule.days, rule.trailing_days).filter((then > 0) & (now >= rule.least) & more)
    usual = then * rule.days / rule.trailing_days
    return found(rose, rule, "tickets", pl.col("since"), usual, now, rule.percent)


def _stop(rule: TicketsStop, counts: Counts, today: date, last: date | None) -> Answers:
    """Who writes none any more; where nobody does, the feed may have stopped, which says nothing of any account."""
    silent = counts(rule.days, rule.trailing_days).filter((pl.col("now") == 0) & (pl.col("then") >= rule.least))
    if last is None or (today - last).days >= rule.days:
        return NONE_FOUND, unjudged(silent, rule.id, _NO_FEED.format(days=rule.days))
    since = today - timedelta(days=rule.days - 1)
    return found(silent, rule, "tickets", since, pl.col("then"), pl.col("now"), rule.days), NONE_UNJUDGED


def _nps(rule: NpsFalls, nps: pl.DataFrame, today: date) -> pl.DataFrame:
    vote = (pl.col("score") >= _PROMOTES).cast(pl.Int64) - (pl.col("score") <= _DETRACTS).cast(pl.Int64)
    new, both = pl.col("new").cast(pl.Int64), _halves(nps, rule.days, 2 * rule.days, today)
    told = both.select("account", "day", vote=vote, count=pl.lit(1, pl.Int64), new_vote=vote * new, new_count=new)
    sums = told.group_by("account").agg(pl.col("vote", "count", "new_vote", "new_count").sum(), since=_day.max())
    counted = sums.select(
        "account",
        "since",
        now_sum="new_vote",
        now_count="new_count",
        then_sum=pl.col("vote") - pl.col("new_vote"),
        then_count=pl.col("count") - pl.col("new_count"),
    )
    least = (pl.col("now_count") >= rule.least_answers) & (pl.col("then_count") >= rule.least_answers)
    levels = counted.filter(least).with_columns(
        now=pl.col("now_sum") * 100 / pl.col("now_count"), was=pl.col("then_sum") * 100 / pl.col("then_count")
    )
    fell = levels.filter(pl.col("was") - pl.col("now") >= rule.points - 1e-9)
    return found(fell, rule, "nps", pl.col("since"), pl.col("was"), pl.col("now"), rule.points)
