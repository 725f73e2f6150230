"""One alert for each account and rule while it is open (AMB-8), and none twice that a person has settled."""

from __future__ import annotations

import polars as pl

from rules.detection import frames
from rules.detection.sweep import news, remembered
from tests.unit.rules.detection.seen import seen, signals

NOTHING = frames.KNOWN.to_frame()
FOUND = seen(signals=signals("champion_left")).found
NONE = FOUND.clear()


def settled(known: pl.DataFrame) -> pl.DataFrame:
    """A person dismissed it, or its case was closed."""
    return known.with_columns(open=pl.lit(value=False))


def test_what_is_found_first_is_news() -> None:
    assert news(FOUND, NOTHING)["rule"].to_list() == ["champion_left"]


def test_while_it_is_open_it_is_no_news() -> None:
    known = remembered(FOUND, NOTHING)
    assert news(FOUND, known).is_empty()


def test_an_open_alert_stays_known_when_the_rule_no_longer_holds() -> None:
    known = remembered(NONE, remembered(FOUND, NOTHING))
    assert known.rows() == [("acc-1", "champion_left", True, False)]
    assert news(FOUND, known).is_empty()


def test_what_a_person_settled_does_not_come_back_while_it_goes_on() -> None:  # RISK-85
    known = remembered(FOUND, settled(remembered(FOUND, NOTHING)))
    assert news(FOUND, known).is_empty()
    assert known.rows() == [("acc-1", "champion_left", False, True)]


def test_what_ended_and_came_again_is_news() -> None:
    ended = remembered(NONE, settled(remembered(FOUND, NOTHING)))
    assert ended.is_empty()
    assert news(FOUND, ended).height == 1


def test_another_account_and_another_rule_are_news() -> None:
    known = remembered(FOUND, NOTHING)
    assert news(FOUND.with_columns(account_id=pl.lit("acc-2")), known).height == 1
    assert news(FOUND.with_columns(rule=pl.lit("qbr_cancelled")), known).height == 1
