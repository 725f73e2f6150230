"""Tickets, ratings and NPS."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.detection.seen import day, nps, row_of, rules_of, seen, tickets, unjudged


def test_three_negative_tickets_in_a_month() -> None:  # RISK-81, AMB-13: tagged so, or rated 4 or lower
    found = seen(tickets=tickets((1, "negative", None), (5, "neutral", 4), (20, "negative", 9)))
    assert row_of(found, "negative_tickets")["now"] == 3


def test_two_are_not_three() -> None:
    assert "negative_tickets" not in rules_of(
        seen(tickets=tickets((1, "negative", None), (5, "", 5), (20, "negative", 9)))
    )


@pytest.mark.parametrize(("first", "fires"), [(date(2027, 3, 1), True), (date(2027, 2, 28), False)])
def test_the_month_ends_with_the_month(first: date, fires: bool) -> None:  # RISK-81
    today = date(2027, 3, 31)
    rows = tickets((0, "negative", None), (1, "negative", None), ((today - first).days, "negative", None), today=today)
    assert ("negative_tickets" in rules_of(seen(today=today, tickets=rows))) is fires


@pytest.mark.parametrize(("csat", "fires"), [(4, True), (5, False), (0, True), (None, False)])
def test_a_rating_below_5_of_10(csat: int | None, fires: bool) -> None:  # RISK-82
    assert ("low_csat" in rules_of(seen(tickets=tickets((1, "", csat))))) is fires


def test_a_spike_of_tickets_is_twice_the_mean() -> None:  # RISK-20, AMB-13
    usual = [(ago, "", None) for ago in (40, 70, 100)] * 2  # two in 30 days
    found = rules_of(seen(tickets=tickets(*usual, *[(3, "", None)] * 4)))
    assert {"ticket_spike", "tickets_creep_up"} <= found
    found = rules_of(seen(tickets=tickets(*usual, *[(3, "", None)] * 3)))
    assert "tickets_creep_up" in found
    assert "ticket_spike" not in found


SIX_LONG_AGO = tickets(*[(ago, "", None) for ago in range(50, 110, 10)])


@pytest.mark.parametrize("ago", [1, 44])
def test_who_stops_writing_tickets_while_others_write_may_have_stopped_trying(ago: int) -> None:  # RISK-20
    found = seen(tickets=SIX_LONG_AGO, last_ticket=day(ago))
    assert "tickets_stop" in rules_of(found)
    assert "tickets_stop" not in unjudged(found)


@pytest.mark.parametrize("last", [None, day(45)])
def test_where_nobody_writes_tickets_any_more_nothing_was_measured_and_that_is_said(
    last: date | None,
) -> None:  # RISK-20
    found = seen(tickets=SIX_LONG_AGO, last_ticket=last)
    assert "tickets_stop" not in rules_of(found)
    assert "no account wrote a ticket in 45 days" in unjudged(found)["tickets_stop"]


@pytest.mark.parametrize(("new", "fires"), [((9, 9, 9, 8, 6), True), ((9, 9, 9, 9, 8), True), ((9, 9, 9, 9, 9), False)])
def test_nps_that_drops_by_20_points(new: tuple[int, ...], fires: bool) -> None:  # RISK-88, AMB-13
    answers = nps(*[(100, 10)] * 5, *[(5, score) for score in new])
    assert ("nps_down" in rules_of(seen(nps=answers))) is fires


def test_nps_has_nothing_to_fall_from_without_answers_before_and_that_is_said() -> None:
    found = seen(nps=nps((5, 0)))
    assert "nps_down" not in rules_of(found)
    assert "and of the 90 before" in unjudged(found)["nps_down"]
    assert "nps_down" in unjudged(seen(nps=nps((100, 9))))
    assert "nps_down" not in unjudged(seen(nps=nps((5, 9), (100, 9))))
    assert "nps_down" not in unjudged(seen(nps=nps((200, 9))))
    assert "nps_down" not in unjudged(seen())


@pytest.mark.parametrize(("ago", "score", "fires"), [(5, 2, True), (5, 4, True), (5, 5, False), (40, 2, False)])
def test_a_low_answer_is_found_by_itself(ago: int, score: int, fires: bool) -> None:  # RISK-11
    found = seen(nps=nps((ago, score)))
    assert ("low_nps_answer" in rules_of(found)) is fires
    if fires:
        assert row_of(found, "low_nps_answer")["now"] == score
