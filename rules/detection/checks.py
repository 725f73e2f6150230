"""Facts that cannot be right are taken out and named, so that no alert is made of them in silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from rules.detection import frames
from rules.detection.frames import Facts, shaped

MOST = 2**31 - 1
"""No account has more of anything on one day."""

_day = pl.col("day")


@dataclass(frozen=True)
class Checked:
    """The facts that can be used, sorted by account and day, and the rows that cannot."""

    facts: Facts
    faults: pl.DataFrame


def checked(facts: Facts, today: date) -> Checked:
    """Whether the facts can be true as of today. Raises BadFrame for a frame of another shape."""
    usage, bad_usage = _usage(shaped(facts.usage, frames.USAGE, "usage"), today)
    scores, bad_scores = _daily(shaped(facts.scores, frames.SCORES, "scores"), "score", ["account_id", "day"], today)
    given, bad_given = _daily(
        shaped(facts.given, frames.GIVEN, "given"), "value", ["account_id", "metric", "day"], today
    )
    tickets, bad_tickets = _rated(
        _dated(facts.tickets, frames.TICKETS, "tickets", "opened_at"), "csat", today, "ticket"
    )
    nps, bad_nps = _rated(_dated(facts.nps, frames.NPS, "nps", "at"), "score", today, "NPS answer")
    signals, bad_signals = _split(_dated(facts.signals, frames.SIGNALS, "signals", "at"), _future(today), "signal")
    accounts, bad_accounts = _accounts(shaped(facts.accounts, frames.ACCOUNTS, "accounts"))
    faults = [bad_accounts, bad_usage, bad_scores, bad_given, bad_tickets, bad_nps, bad_signals]
    kept = Facts(accounts=accounts, usage=usage, scores=scores, given=given, tickets=tickets, nps=nps, signals=signals)
    return Checked(facts=kept, faults=pl.concat(faults))


def _ordered(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sorted by the keys; left alone where it is already, as the store writes it."""
    there = [pl.col(key) for key in keys]
    before = [pl.col(key).shift(1) for key in keys]
    behind = pl.lit(value=False)
    for now, then in zip(reversed(there), reversed(before), strict=True):
        behind = (now < then) | ((now == then) & behind)
    return frame.sort(keys) if frame.select(behind.any()).item() else frame


def _split(frame: pl.DataFrame, why: pl.Expr, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows without a reason against them, and the others with it."""
    marked = frame.with_columns(why=why)
    if marked["why"].null_count() == marked.height:
        return frame, frames.UNJUDGED.to_frame()
    faults = marked.filter(pl.col("why").is_not_null()).select(
        "account_id", rule=pl.lit("bad_input"), why=pl.lit(f"{name}: ") + pl.col("why"), day=_day
    )
    return marked.filter(pl.col("why").is_null()).drop("why"), faults


def _first(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    return pl.coalesce(*(pl.when(wrong).then(pl.lit(why)) for wrong, why in reasons))


def _future(today: date) -> pl.Expr:
    return _first((_day > today, "its date lies ahead"), (_day.is_null(), "it has no date"))


def _same_as(step: int, keys: list[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(key) == pl.col(key).shift(step) for key in keys).fill_null(value=False)


def _twice(keys: list[str]) -> tuple[pl.Expr, str]:
    return _same_as(1, keys) | _same_as(-1, keys), "the day is there twice"


def _in_order(frame: pl.DataFrame, today: date) -> bool:
    """Whether each account stands in one place, day after day until today: as the store writes it, told in one pass."""
    runs = frame["account_id"].rle().struct.unnest()
    starts = runs["len"].cum_sum() - runs["len"]
    back = frame["day"].cast(pl.Int32).diff().le(0).fill_null(value=False).arg_true()
    accounts = runs["value"]
    ordered = accounts.is_sorted() and accounts.n_unique() == len(accounts) and back.is_in(starts.implode()).all()
    return bool(ordered and frame.select((_day <= today).all()).item())


def _usage(frame: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = ["account_id", "day"]
    counts = [pl.col(column) for column in list(frames.USAGE)[2:]]
    between = pl.all_horizontal(*(column.is_between(0, MOST).all() & (column.null_count() == 0) for column in counts))
    if frame.select(between).item() and _in_order(frame, today):
        return frame, frames.UNJUDGED.to_frame()
    wrong = (
        (pl.any_horizontal(*(column < 0 for column in counts)), "a negative number"),
        (pl.any_horizontal(*(column > MOST for column in counts)), "a number that no account reaches"),
        (pl.any_horizontal(*(column.is_null() for column in counts)), "a day without its numbers"),
        (_day > today, "its date lies ahead"),
        _twice(keys),
    )
    return _split(_ordered(frame, keys), _first(*wrong), "usage")


def _daily(frame: pl.DataFrame, value: str, keys: list[str], today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    given = pl.col(value)
    if value == "score" and frame.select(given.is_between(0, 100).all()).item() and _in_order(frame, today):
        return frame, frames.UNJUDGED.to_frame()
    wrong = (
        (given.is_nan() | given.is_infinite(), "it is not a number"),
        ((given < 0) | (given > 100), "it is not between 0 and 100"),
        (_day > today, "its date lies ahead"),
        _twice(keys),
    )
    return _split(_ordered(frame, keys), _first(*wrong), value)


def _dated(frame: pl.DataFrame, schema: pl.Schema, name: str, moment: str) -> pl.DataFrame:
    return shaped(frame, schema, name).with_columns(day=pl.col(moment).dt.date())


def _rated(frame: pl.DataFrame, value: str, today: date, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    outside = (pl.col(value) < 0) | (pl.col(value) > 10)
    return _split(frame, pl.coalesce(_future(today), _first((outside, "its rating is not between 0 and 10"))), name)


def _accounts(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An account that is there twice, as with two currencies, is judged by neither row."""
    ordered = _ordered(frame, ["account_id"]).with_columns(day=pl.lit(None, pl.Date))
    twice = _same_as(1, ["account_id"]) | _same_as(-1, ["account_id"])
    kept, faults = _split(ordered, _first((twice, "it is there twice")), "account")
    return kept.drop("day"), faults.unique(maintain_order=True)
