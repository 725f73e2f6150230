"""What was seen and said: one alone, red flags together, several that weigh more than one."""

from __future__ import annotations

import pytest

from tests.unit.rules.detection.seen import accounts, row_of, rules_of, seen, signals, steady, unjudged, usage

DOWN_70 = usage([*steady(7, 100), *((ago, 30) for ago in range(7))])
DOWN_30 = usage([*steady(7, 100), *((ago, 70) for ago in range(7))])


def test_the_champion_who_left_is_an_automatic_alert() -> None:  # RISK-84, RISK-87
    row = row_of(seen(signals=signals("champion_left")), "champion_left")
    assert (row["kind"], row["level"]) == ("automatic_alert", "medium")


def test_a_signal_counts_for_thirty_days() -> None:
    assert rules_of(seen(signals=signals(("champion_left", 29)))) == {"champion_left"}
    assert rules_of(seen(signals=signals(("champion_left", 30)))) == set()


def test_a_strange_signal_is_named() -> None:
    detected = seen(signals=signals("champion_lft"))
    assert rules_of(detected) == set()
    assert unjudged(detected)["bad_input"] == "unknown signal: champion_lft"


RED_FLAGS = [
    ("silent_departure", DOWN_70, ["champion_left", "email_unanswered"]),  # RISK-22
    ("angry_and_away", None, ["tickets_escalated", "qbr_cancelled", "sponsor_unresponsive"]),  # RISK-23
    ("packing", DOWN_30, ["data_export_requested", "competitor_named"]),  # RISK-24
]


@pytest.mark.parametrize(("flag", "used", "said"), RED_FLAGS)
def test_red_flags_mean_that_churn_is_likely(flag: str, used, said: list[str]) -> None:
    facts = {} if used is None else {"usage": used}
    row = row_of(seen(signals=signals(*said), **facts), flag)
    assert (row["kind"], row["level"]) == ("churn_likely", "high")


@pytest.mark.parametrize(("flag", "used", "said"), RED_FLAGS)
def test_every_part_of_a_red_flag_is_needed(flag: str, used, said: list[str]) -> None:
    facts = {} if used is None else {"usage": used}
    for lacking in said:
        there = [kind for kind in said if kind != lacking]
        assert flag not in rules_of(seen(signals=signals(*there), **facts))
    if used is not None:
        assert flag not in rules_of(seen(signals=signals(*said)))


def test_seventy_percent_is_what_a_silent_departure_needs() -> None:  # RISK-22
    found = rules_of(seen(signals=signals("champion_left", "email_unanswered"), usage=DOWN_30))
    assert "silent_departure" not in found


def test_one_signal_may_be_noise_and_several_are_a_problem() -> None:  # RISK-7
    alone = seen(signals=signals("email_unanswered"))
    assert set(alone.found["level"]) == {"watch"}
    two = seen(signals=signals("email_unanswered", "long_ticket_gaps"))
    assert row_of(two, "several_signals")["level"] == "low"
    three = seen(signals=signals("email_unanswered", "long_ticket_gaps", "asks_roadmap"))
    assert row_of(three, "several_signals")["level"] == "medium"


def test_the_same_thing_said_three_times_is_one_finding() -> None:  # RISK-7
    same = seen(signals=signals("email_unanswered", "outreach_unanswered", "training_ignored", ("email_unanswered", 3)))
    assert "several_signals" not in rules_of(same)


def test_distress_is_never_a_conclusion_by_itself() -> None:  # RISK-57
    assert set(seen(signals=signals("layoffs", "funding_failed", "revenue_miss")).found["level"]) == {"watch"}


def test_distress_weighs_on_what_else_there_is() -> None:  # RISK-57
    pressed = seen(signals=signals("layoffs", "qbr_cancelled"))
    assert row_of(pressed, "business_under_pressure")["level"] == "medium"
    assert "business_under_pressure" not in rules_of(seen(signals=signals("layoffs", "champion_left")))


def test_fewer_than_three_stakeholders_is_put_in_order_and_no_risk() -> None:
    detected = seen(accounts=accounts({"stakeholders": 2, "has_sponsor": False}))
    assert rules_of(detected) == {"few_stakeholders", "no_sponsor"}
    assert set(detected.found["level"]) == {"none"}
    assert set(detected.found["kind"]) == {"hygiene"}


def test_what_nobody_recorded_is_stated() -> None:
    detected = seen(accounts=accounts({"stakeholders": None, "has_sponsor": None}))
    assert rules_of(detected) == set()
    assert {"few_stakeholders", "no_sponsor"} <= set(unjudged(detected))


def test_a_former_customer_is_heard_only_when_coming_back() -> None:  # RISK-60
    gone = accounts({"churned": True, "stakeholders": 1})
    assert rules_of(seen(accounts=gone, signals=signals("reached_out_again", "champion_left"))) == {"reached_out_again"}
    assert rules_of(seen(signals=signals("reached_out_again"))) == set()
