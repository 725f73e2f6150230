"""Facts that cannot be right are taken out and named, so that no alert is made of them in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from rules.detection import frames
from rules.detection.finding import NONE_UNJUDGED
from rules.detection.frames import Facts, shaped

MOST = 2**31 - 1
"""No account has more of anything on one day."""

Split = tuple[pl.DataFrame, pl.DataFrame]
"""The rows that can be used, and what is wrong with the others."""

_BAD = "bad_input"
_day = pl.col("day")


@dataclass(frozen=True)
class Checked:
    """The facts that can be used, with the number of their account, by account and day; and the rows that cannot."""

    facts: Facts
    faults: pl.DataFrame


def checked(facts: Facts, today: date) -> Checked:
    """Whether the facts can be true as of today, and whose they are. Raises BadFrame for a frame of another shape.

    An account goes by its row in ``accounts`` from here on. Facts of accounts that are not there are named as faults.
    """
    accounts, bad_accounts = _accounts(shaped(facts.accounts, frames.ACCOUNTS, "accounts"))
    names, faults = accounts["account_id"], [bad_accounts]
    asked: dict[str, tuple[pl.Schema, Callable[[pl.DataFrame], Split]]] = {
        "usage": (frames.USAGE, lambda frame: _usage(frame, today)),
        "scores": (frames.SCORES, lambda frame: _daily(frame, "score", ["account", "day"], today)),
        "given": (frames.GIVEN, lambda frame: _daily(frame, "value", ["account", "metric", "day"], today)),
        "tickets": (frames.TICKETS, lambda frame: _rated(_dated(frame, "opened_at"), "csat", today, "ticket")),
        "nps": (frames.NPS, lambda frame: _rated(_dated(frame, "at"), "score", today, "NPS answer")),
        "signals": (frames.SIGNALS, lambda frame: _split(_dated(frame, "at"), _future(today), "signal")),
    }
    kept: dict[str, pl.DataFrame] = {}
    for name, (schema, check) in asked.items():
        own, strange = _numbered(shaped(getattr(facts, name), schema, name), names, name)
        kept[name], bad = check(own)
        faults += [bad.select(account_id=names.gather(bad["account"]), rule="rule", why="why", day="day"), strange]
    return Checked(facts=Facts(accounts=accounts, last_ticket=facts.last_ticket, **kept), faults=pl.concat(faults))


def _numbered(frame: pl.DataFrame, names: pl.Series, kind: str) -> Split:
    """The rows with the number of their account in place of its name; and each account once that is not known.

    A name is looked up once for each run of its rows.
    """
    runs = frame["account_id"].rle().struct.unnest().rename({"value": "account_id"})
    numbers = pl.DataFrame({"account_id": names, "account": pl.int_range(len(names), dtype=frames.NUMBER, eager=True)})
    found = runs.join(numbers, on="account_id", how="left", maintain_order="left")
    account = _along(found, frame.height)
    own = frame.drop("account_id").with_columns(account)
    strange = found.filter(pl.col("account").is_null()).unique("account_id", maintain_order=True)
    why, day = pl.lit(f"{kind}: the account is not known"), pl.lit(None, pl.Date)
    named = strange.select("account_id", rule=pl.lit(_BAD), why=why, day=day)
    return own.filter(account.is_not_null()) if named.height else own, named


def _along(runs: pl.DataFrame, rows: int) -> pl.Series:
    """The account of each row: that of the run which began last."""
    begins = runs.select("account", row=(pl.col("len").cum_sum() - pl.col("len")).cast(pl.UInt32)).set_sorted("row")
    every = pl.DataFrame({"row": pl.int_range(rows, dtype=pl.UInt32, eager=True)}).set_sorted("row")
    return every.join_asof(begins, on="row")["account"]


def _ordered(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sorted by the keys; left alone where it is already, as the store writes it."""
    there = [pl.col(key) for key in keys]
    before = [pl.col(key).shift(1) for key in keys]
    behind = pl.lit(value=False)
    for now, then in zip(reversed(there), reversed(before), strict=True):
        behind = (now < then) | ((now == then) & behind)
    return frame.sort(keys) if frame.select(behind.any()).item() else frame


def _split(frame: pl.DataFrame, why: pl.Expr, name: str, by: str = "account") -> Split:
    """The rows without a reason against them, and the others with it."""
    marked = frame.with_columns(why=why)
    faults = marked.filter(pl.col("why").is_not_null()).select(
        by, rule=pl.lit(_BAD), why=pl.lit(f"{name}: ") + pl.col("why"), day=_day
    )
    return (marked.filter(pl.col("why").is_null()).drop("why"), faults) if faults.height else (frame, faults)


def _first(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    return pl.coalesce(*(pl.when(wrong).then(pl.lit(why)) for wrong, why in reasons))


def _future(today: date) -> pl.Expr:
    return _first((_day > today, "its date lies ahead"), (_day.is_null(), "it has no date"))


def _same_as(step: int, keys: list[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(key) == pl.col(key).shift(step) for key in keys).fill_null(value=False)


def _twice(keys: list[str]) -> tuple[pl.Expr, str]:
    return _same_as(1, keys) | _same_as(-1, keys), "the day is there twice"


def _in_order(frame: pl.DataFrame, today: date) -> bool:
    """Whether the accounts follow each other, each day after day until today: as the store writes it."""
    account, day = frame["account"], frame["day"].to_physical()
    if day.null_count() or not frame.select((_day <= today).all()).item():
        return False
    was, then = (column.head(max(frame.height - 1, 0)) for column in (account, day))
    account, day = account.slice(1), day.slice(1)
    return bool(((account > was) | ((account == was) & (day > then))).all())


def _usage(frame: pl.DataFrame, today: date) -> Split:
    keys, columns = ["account", "day"], list(frames.USAGE)[2:]
    counts = [pl.col(column) for column in columns]
    if all(_plausible(frame[column]) for column in columns) and _in_order(frame, today):
        return frame, NONE_UNJUDGED
    wrong = (
        (pl.any_horizontal(*(column < 0 for column in counts)), "a negative number"),
        (pl.any_horizontal(*(column > MOST for column in counts)), "a number that no account reaches"),
        (pl.any_horizontal(*(column.is_null() for column in counts)), "a day without its numbers"),
        (_day > today, "its date lies ahead"),
        _twice(keys),
    )
    return _split(_ordered(frame, keys), _first(*wrong), "usage")


def _plausible(counts: pl.Series) -> bool:
    ends = pl.Series([counts.min(), counts.max()], dtype=pl.Int64)
    return not counts.null_count() and bool(ends.is_between(0, MOST).all())


def _daily(frame: pl.DataFrame, value: str, keys: list[str], today: date) -> Split:
    given = pl.col(value)
    if value == "score" and frame.select(given.is_between(0, 100).all()).item() and _in_order(frame, today):
        return frame, NONE_UNJUDGED
    wrong = (
        (given.is_nan() | given.is_infinite(), "it is not a number"),
        ((given < 0) | (given > 100), "it is not between 0 and 100"),
        (_day > today, "its date lies ahead"),
        _twice(keys),
    )
    return _split(_ordered(frame, keys), _first(*wrong), value)


def _dated(frame: pl.DataFrame, moment: str) -> pl.DataFrame:
    return frame.with_columns(day=pl.col(moment).dt.date())


def _rated(frame: pl.DataFrame, value: str, today: date, name: str) -> Split:
    outside = (pl.col(value) < 0) | (pl.col(value) > 10)
    return _split(frame, pl.coalesce(_future(today), _first((outside, "its rating is not between 0 and 10"))), name)


def _accounts(frame: pl.DataFrame) -> Split:
    """An account that is there twice, as with two currencies, is judged by neither row."""
    ordered = _ordered(frame, ["account_id"]).with_columns(day=pl.lit(None, pl.Date))
    twice = _same_as(1, ["account_id"]) | _same_as(-1, ["account_id"])
    kept, faults = _split(ordered, _first((twice, "it is there twice")), "account", by="account_id")
    numbered = kept.drop("day").with_columns(account=pl.int_range(pl.len(), dtype=frames.NUMBER))
    return numbered, faults.unique(maintain_order=True)
