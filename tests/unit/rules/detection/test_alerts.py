"""One alert for each account and rule while it is open (AMB-8), and none twice of what a person has settled."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from rules.detection import frames
from rules.detection.sweep import news
from tests.unit.rules.detection.seen import accounts, at, seen, signals

FOUND = seen(signals=signals("champion_left")).found


def known(*, open_: bool = False, held: bool = True, told_at: datetime | None = None) -> pl.DataFrame:
    row = ("acc-1", "champion_left", open_, held, told_at or at(1))
    return pl.DataFrame([row], schema=frames.KNOWN, orient="row")


def test_what_is_found_first_is_news() -> None:
    assert news(FOUND, frames.KNOWN.to_frame()).rows() == FOUND.rows()


def test_while_it_is_open_it_is_no_news_whatever_is_told_of_it() -> None:
    assert news(FOUND, known(open_=True)).is_empty()
    assert news(FOUND, known(open_=True, held=False, told_at=at(9))).is_empty()


def test_what_a_person_settled_does_not_come_back_while_it_goes_on() -> None:  # RISK-85
    assert news(FOUND, known()).is_empty()


def test_a_later_fact_than_what_was_settled_is_news() -> None:  # RISK-85, AMB-8
    assert news(FOUND, known(told_at=at(1) - timedelta(seconds=1))).height == 1


def test_what_ended_and_came_again_is_news() -> None:
    assert news(FOUND, known(held=False)).height == 1


def test_another_account_and_another_rule_are_news() -> None:
    assert news(FOUND.with_columns(account_id=pl.lit("acc-2")), known()).height == 1
    assert news(FOUND.with_columns(rule=pl.lit("qbr_cancelled")), known()).height == 1


def test_of_single_facts_the_last_is_kept_and_of_what_goes_on_none() -> None:
    told = dict(
        seen(signals=signals(("low_nps", 9), ("low_nps", 2)), accounts=accounts({"stakeholders": 2}))
        .found.select("rule", "told_at")
        .iter_rows()
    )
    assert told == {"low_nps": at(2), "few_stakeholders": None}
