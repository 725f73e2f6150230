"""Facts that cannot be right are named, and no alert is made of them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from rules.detection import frames
from rules.detection.frames import BadFrame, Facts
from rules.detection.sweep import detect
from tests.unit.rules.detection.seen import (
    NAME,
    RULES,
    TODAY,
    accounts,
    day,
    given,
    rules_of,
    scores,
    seen,
    signals,
    steady,
    tickets,
    unjudged,
    usage,
)


def replaced(frame: pl.DataFrame, ago: int, **values: object) -> pl.DataFrame:
    changed = [
        pl.when(pl.col("day") == day(ago)).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    ]
    return frame.with_columns(changed).cast(dict(frame.schema))


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ({"scores": scores({1: 80, 0: float("nan")})}, "score: it is not a number"),
        ({"scores": scores({1: 80, 0: float("inf")})}, "score: it is not a number"),
        ({"scores": scores({1: 80, 0: -1})}, "score: it is not between 0 and 100"),
        ({"scores": scores({1: 80, 0: 101})}, "score: it is not between 0 and 100"),
        ({"scores": scores({1: 80, -1: 10})}, "score: its date lies ahead"),
        ({"usage": replaced(usage(steady()), 3, logins=-1)}, "usage: a negative number"),
        ({"usage": replaced(usage(steady()), 3, logins=2**40)}, "usage: a number that no account reaches"),
        ({"usage": replaced(usage(steady()), 3, logins=None)}, "usage: a day without its numbers"),
        ({"usage": usage([*steady(), (-2, 0)])}, "usage: its date lies ahead"),
        ({"usage": usage([*steady(), (3, 0)])}, "usage: the day is there twice"),
        ({"given": given({"roi": float("nan")})}, "value: it is not a number"),
        ({"tickets": tickets((1, "", 11))}, "ticket: its rating is not between 0 and 10"),
        ({"signals": signals(("champion_left", -2))}, "signal: its date lies ahead"),
        ({"accounts": accounts({}, {"currency": "EUR"})}, "account: it is there twice"),
    ],
)
def test_a_fault_is_named_and_makes_no_alert(tables: dict[str, pl.DataFrame], why: str) -> None:
    detected = seen(**tables)
    assert unjudged(detected)["bad_input"] == why
    assert not rules_of(detected)


def test_both_rows_of_a_day_that_is_there_twice_are_left_out() -> None:
    detected = seen(scores=pl.concat([scores({1: 80, 0: 20}), scores({0: 75})]))
    assert not rules_of(detected)


def test_a_fault_of_one_account_leaves_the_others_judged() -> None:
    two = accounts({}, {"account_id": "acc-2"})
    history = pl.concat(
        [scores({1: 80, 0: float("nan")}), scores({1: 80, 0: 20}).with_columns(account_id=pl.lit("acc-2"))]
    )
    detected = seen(accounts=two, scores=history)
    assert set(detected.found["account_id"]) == {"acc-2"}
    assert detected.unjudged.filter(pl.col("rule") == "bad_input")["account_id"].to_list() == [NAME]


@pytest.mark.parametrize("table", ["usage", "scores", "given", "tickets", "nps", "signals"])
def test_facts_of_an_account_that_is_not_known_are_named(table: str) -> None:
    strange: dict[str, pl.DataFrame] = {
        "usage": usage(steady()),
        "scores": scores({1: 80, 0: 20}),
        "given": given({"roi": 1}),
        "tickets": tickets((1, "negative", 1)),
        "nps": frames.NPS.to_frame(),
        "signals": signals("champion_left"),
    }
    frame = strange[table].with_columns(account_id=pl.lit("acc-9"))
    detected = seen(**{table: frame})
    assert not rules_of(detected)
    if frame.height:
        named = detected.unjudged.filter(pl.col("account_id") == "acc-9")
        assert named["why"].to_list() == [f"{table}: the account is not known"]


def test_a_score_of_89_and_a_half_is_a_score() -> None:  # AMB-7
    detected = seen(scores=scores({1: 90, 0: 89.5}))
    assert "bad_input" not in unjudged(detected)
    assert RULES.health.band_of(89.5).name == "good"


def test_the_order_of_rows_does_not_matter() -> None:
    days, history = usage([*steady(7, 100), *((ago, 30) for ago in range(7))]), scores({1: 72, 0: 20})
    plain = seen(usage=days, scores=history)
    shuffled = seen(usage=days.sample(fraction=1, shuffle=True, seed=1), scores=history.reverse())
    assert plain.found.equals(shuffled.found)
    assert plain.unjudged.equals(shuffled.unjudged)


def test_a_frame_without_a_column_is_refused() -> None:
    with pytest.raises(BadFrame, match="the frame 'usage' has no column 'logins'"):
        seen(usage=usage(steady()).drop("logins"))


def test_a_frame_of_another_type_is_refused() -> None:
    with pytest.raises(BadFrame, match="the column 'score' of 'scores' is Int64; it should be Float64"):
        seen(scores=scores({0: 80}).cast({"score": pl.Int64}))


def test_a_portfolio_of_nobody_finds_nothing() -> None:
    detected = detect(Facts(accounts=frames.ACCOUNTS.to_frame()), RULES, date(2026, 11, 17))
    assert detected.found.is_empty()
    assert detected.found.schema == frames.FOUND
    assert detected.unjudged.schema == frames.UNJUDGED
    assert detected.scored.health.schema == frames.HEALTH
    assert detected.scored.components.schema == frames.COMPONENTS
    assert date(2026, 11, 17) == TODAY
