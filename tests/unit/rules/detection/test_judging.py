"""What the findings of an account come to: level, window, churning, what happens, and who has to be asked."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import Any

import pytest

from models.alerts import Alert, AtRisk, Happens, RiskLevel
from rules.detection.judging import judged, response_to, suggested
from tests.unit.rules.detection.seen import RULES, TODAY, accounts, scores, seen, signals
from tests.unit.rules.plans import POLICY

HIGH, RED = "will_not_renew", dict.fromkeys(range(20), 20.0)


def risk(*said: str, history: dict[int, float] | None = None, **facts: Any) -> AtRisk:
    account = accounts(facts)
    detected = seen(accounts=account, signals=signals(*said), **({"scores": scores(history)} if history else {}))
    (found,) = judged(detected.found, account, RULES, POLICY.triage, TODAY)
    return found


def happens(found: AtRisk) -> dict[str, Happens]:
    return {alert.rule: alert.happens for alert in found.alerts}


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (["cancellation_submitted"], "high"),  # RISK-86
        (["will_not_renew", "email_unanswered"], "high"),
        (["talks_to_competitors"], "high"),
        (["executive_relationship_broken"], "high"),
        (["champion_left"], "medium"),  # RISK-87
        (["issues_pile_up"], "medium"),
        (["qbr_cancelled"], "low"),  # RISK-88
        (["one_department_stopped"], "watch"),  # RISK-89
    ],
)
def test_the_level_of_risk_is_the_highest_of_what_was_found(said: list[str], level: str) -> None:
    assert risk(*said).level == level


@pytest.mark.parametrize(
    ("level", "what", "within"),
    [
        ("high", "open_case", None),
        ("medium", "open_case", "PT48H"),
        ("low", "outreach", "P7D"),
        ("watch", "watch", None),
    ],
)
def test_each_level_requires_its_response(level: str, what: str, within: str | None) -> None:  # RISK-86..89
    response = response_to(RiskLevel(level), RULES)
    assert response.happens == what
    assert (str(response.respond) if response.respond else None) == within


def test_what_is_only_to_be_watched_opens_nothing() -> None:  # RISK-89
    assert happens(risk("minor_usage_drop")) == {"minor_usage_drop": Happens.WATCH}


def test_of_a_small_account_no_case_opens_and_it_is_reached_all_the_same() -> None:  # DIS-5, RISK-106g
    assert happens(risk(HIGH, arr_minor=999_900)) == {HIGH: Happens.OUTREACH}
    assert happens(risk(HIGH, arr_minor=1_000_000)) == {HIGH: Happens.OPEN_CASE}


def test_an_open_case_is_fed() -> None:  # AMB-38
    assert happens(risk(HIGH, "qbr_cancelled", case_open=True)) == {
        HIGH: Happens.FEED_CASE,
        "qbr_cancelled": Happens.FEED_CASE,
    }


def test_red_for_two_weeks_escalates_the_open_case() -> None:  # RISK-73, AMB-8
    assert happens(risk(HIGH, history=RED, case_open=True))["red_two_weeks"] == Happens.ESCALATE_CASE
    assert happens(risk(HIGH, history=RED))["red_two_weeks"] == Happens.OPEN_CASE


def test_hygiene_opens_nothing() -> None:
    assert happens(risk(stakeholders=2)) == {"few_stakeholders": Happens.HYGIENE}


def test_a_former_customer_reaches_the_win_back() -> None:  # RISK-60
    assert happens(risk("wants_to_meet_again", churned=True)) == {"wants_to_meet_again": Happens.WIN_BACK}


def test_every_alert_results_in_something() -> None:  # RISK-85
    kinds = [signal.kind for signal in RULES.signals if not signal.former]
    found = risk(*kinds)
    assert len(found.alerts) > len(kinds)
    assert all(alert.happens for alert in found.alerts)


def test_the_matrix_answers_with_its_cap_and_its_people() -> None:  # RISK-106, DIS-5
    near = {"arr_minor": 10_000_000, "renewal_date": TODAY + timedelta(days=20)}
    found = risk("champion_left", **near)
    assert (found.severity, str(found.respond), found.resources) == ("critical", "PT2H", "Full team + exec")


def test_outreach_has_its_week_and_what_is_watched_has_no_hour() -> None:  # RISK-88, RISK-89, RISK-106g
    assert str(risk("qbr_cancelled").respond) == "P7D"
    assert str(risk(HIGH, arr_minor=1).respond) == "P7D"
    assert risk("minor_usage_drop").respond is None


def test_a_case_without_an_answer_of_the_matrix_is_answered_within_the_cap() -> None:  # DIS-5
    assert str(risk(HIGH, currency="XXX").respond) == "PT48H"


def test_a_currency_without_a_rate_has_no_severity_and_is_not_taken_for_a_small_account() -> None:
    found = risk(HIGH, currency="XXX", arr_minor=100)
    assert found.severity == ""
    assert happens(found) == {HIGH: Happens.OPEN_CASE}


@pytest.mark.parametrize(
    ("said", "window"),
    [
        (["qbr_cancelled"], "best_shot"),
        (["eval_alternatives"], "good_shot"),
        (["eval_alternatives", "alternative_chosen_unsigned"], "tough_shot"),
        (["alternative_chosen_unsigned", "whole_company_told"], "very_tough_shot"),
    ],
)
def test_the_save_window(said: list[str], window: str) -> None:  # RISK-4
    assert risk(*said).window == window


def test_at_risk_is_not_actively_churning() -> None:  # RISK-2, RISK-3
    assert not risk("eval_alternatives", "executive_relationship_broken").actively_churning
    for decided in (
        "cancellation_submitted",
        "decided_by_executives",
        "replacement_chosen",
        "budget_reallocated",
        "relationship_beyond_repair",
    ):
        assert risk(decided).actively_churning


def test_an_alert_says_why_in_a_sentence() -> None:
    (alert,) = [each for each in risk(history={1: 52.55, 0: 49.5}).alerts if each.rule == "below_50"]
    assert isinstance(alert, Alert)
    assert alert.why == "the health score fell below 50: from 52.5 to 49.5"


def test_churn_is_likely_by_a_red_flag_alone() -> None:  # RISK-22..24
    flagged = risk("tickets_escalated", "qbr_cancelled", "sponsor_unresponsive")
    assert (flagged.churn_likely, flagged.level) == (True, "high")
    assert not risk("will_not_renew").churn_likely


@pytest.mark.parametrize(
    ("ticks", "class_"),
    [
        ({"high": 3, "medium": 2}, "high"),
        ({"low": 5, "high": 1}, "low"),
        ({"medium": 2, "low": 2}, "medium"),  # of equals the more hopeful
        ({"low": 99, "medium": 5}, "medium"),  # there are only five items
        ({}, ""),
    ],
)
def test_the_class_with_most_ticks_is_suggested(ticks: dict[str, int], class_: str) -> None:  # AMB-35, RISK-108..110
    assert suggested(ticks, RULES).suggested == class_


def test_garbage_is_collected_again_once_the_accounts_are_judged() -> None:
    risk(HIGH)
    assert gc.isenabled()
    detected = seen(signals=signals(HIGH))
    with pytest.raises(KeyError):  # of an account that is not given
        judged(detected.found, accounts().clear(), RULES, POLICY.triage, TODAY)
    assert gc.isenabled()


def test_of_equals_it_is_said_which_were_equal() -> None:  # AMB-35
    assert "medium has as many" in suggested({"high": 2, "medium": 2}, RULES).why
    assert "as many" not in suggested({"high": 3, "medium": 2}, RULES).why
