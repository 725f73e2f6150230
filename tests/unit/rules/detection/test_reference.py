"""The rules over frames say, on every row, what plain loops over one account say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.detection.sweep import detect
from tests.unit.rules.detection import reference
from tests.unit.rules.detection.portfolio import portfolio
from tests.unit.rules.detection.seen import RULES, TODAY

MONTH_ENDS = (date(2027, 3, 31), date(2028, 2, 29), date(2027, 3, 1), date(2027, 1, 4))


def agree(size: int, seed: int, today: date, ticketless_days: int = 0) -> set[tuple[str, str]]:
    facts = portfolio(size, seed, today, RULES)
    since = datetime.combine(today - timedelta(days=ticketless_days - 1), time(), UTC)
    facts = replace(facts, tickets=facts.tickets.filter((ticketless_days == 0) | (pl.col("opened_at") < since)))
    detected = detect(facts, RULES, today)
    holding, unjudged, scores = reference.detected(facts, RULES, today)
    assert not detected.unjudged.filter(pl.col("rule") == "bad_input").height
    ours = {(row[0], row[1]): row[2:] for row in detected.found.drop("family", "bound").iter_rows()}
    theirs = {(row[0], row[1]): row[2:] for row in holding}
    assert ours.keys() - theirs.keys() == set()
    assert theirs.keys() - ours.keys() == set()
    for key, found in ours.items():
        assert found[:3] == theirs[key][:3], key
        assert found[3:5] == pytest.approx(theirs[key][3:5], abs=1e-5), key
        assert found[5] == theirs[key][5], key
    assert {row[:2] for row in detected.unjudged.iter_rows()} == unjudged
    counted = dict(detected.scored.health.select("account_id", "score").iter_rows())
    assert counted.keys() == scores.keys()
    assert all(counted[name] == pytest.approx(score, abs=1e-5) for name, score in scores.items() if score is not None)
    assert {name for name, score in scores.items() if score is None} == {
        name for name in counted if counted[name] is None
    }
    return set(theirs)


def test_two_thousand_accounts() -> None:
    found = agree(2_000, 1, TODAY)
    assert len(found) > 5_000
    every = {one.id for one in (*RULES.rules, *RULES.combinations)} | {"several_signals", "business_under_pressure"}
    assert every <= {rule for _, rule in found}


@pytest.mark.parametrize("today", MONTH_ENDS)
def test_the_ends_of_months_and_years(today: date) -> None:
    assert len(agree(150, 2, today)) > 100


@pytest.mark.parametrize(("days", "silent"), [(44, True), (45, False)])
def test_a_feed_of_tickets_that_stopped_as_a_whole(days: int, silent: bool) -> None:  # RISK-20
    found = agree(300, 4, TODAY, ticketless_days=days)
    assert ("tickets_stop" in {rule for _, rule in found}) is silent


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(3, 10**6), today=st.dates(date(2026, 1, 1), date(2029, 1, 1)))
def test_any_few_accounts_on_any_day(seed: int, today: date) -> None:
    agree(12, seed, today)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(20))
def test_a_hundred_thousand_accounts(part: int) -> None:
    assert len(agree(5_000, 1_000_000 + part, TODAY)) > 5_000
