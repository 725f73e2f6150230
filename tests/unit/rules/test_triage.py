"""Severity, urgency, the matrix, and the saveable test (RISK-90..106, AMB-9..11, DIS-5, DIS-28)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from models.account import Account, Money
from models.policy import TriageRules
from models.save import Answer, Saveable, SaveableAnswers
from rules import triage
from tests.unit.rules.plans import POLICY
from tests.unit.rules.world import START

RULES = POLICY.triage
TODAY = START.date()


def account(arr: float = 50_000, **facts: object) -> Account:
    return Account(id="acc-1", arr=Money(minor=int(arr * 100)), **facts)


def severity(of: Account) -> str:
    found = triage.assess(of, ["other"], START, RULES)
    return found.severity if found else ""


@pytest.mark.parametrize(
    ("arr", "expected"),
    [
        (100_000, "critical"),
        (99_999.99, "high"),
        (25_000, "high"),
        (24_999.99, "medium"),
        (10_000, "medium"),
        (9_999.99, "low"),
        (0, "low"),
    ],
)
def test_severity_by_revenue_with_the_lower_bound_included(arr, expected):  # AMB-11
    assert severity(account(arr)) == expected


@pytest.mark.parametrize(
    ("since", "arr", "expected"),
    [
        (date(2021, 11, 16), 10_000, "critical"),  # five years today
        (date(2021, 11, 17), 10_000, "medium"),  # five years tomorrow
        (date(2010, 1, 1), 9_999, "low"),  # tenure alone lifts no small account
        (date(2020, 2, 29), 10_000, "critical"),
    ],
)
def test_long_tenure_counts_only_from_a_floor_on(since, arr, expected):  # DIS-28
    assert severity(account(arr, customer_since=since)) == expected


def test_a_strategic_account_and_a_reference_are_critical_whatever_they_pay():  # RISK-99
    assert severity(account(1, strategic=True)) == "critical"
    assert severity(account(1, reference=True)) == "critical"


@pytest.mark.parametrize(
    ("days", "urgency"),
    [
        (0, "immediate"),
        (30, "immediate"),
        (31, "high"),
        (90, "high"),
        (91, "medium"),
        (183, "medium"),
        (184, "medium"),
        (-1, "medium"),
    ],
)
def test_urgency_by_days_until_renewal(days, urgency):  # AMB-10
    renewal = TODAY + timedelta(days=days)
    assert triage.urgency_of(account(renewal_date=renewal), frozenset(), TODAY, RULES) == urgency


@pytest.mark.parametrize(
    ("reason", "days", "urgency"),
    [
        ("cancellation_submitted", None, "immediate"),
        ("will_not_renew", 180, "immediate"),
        ("eval_alternatives", None, "high"),
        ("talks_to_competitors", None, "high"),
        ("executive_relationship_broken", None, "high"),
        ("alternative_chosen_unsigned", None, "high"),
        ("replacement_chosen", 180, "immediate"),
        ("whole_company_told", None, "immediate"),
        ("eval_alternatives", 20, "immediate"),  # the renewal is nearer still
        ("general_dissatisfaction", None, "medium"),
    ],
)
def test_urgency_by_why_the_case_is_open(reason, days, urgency):  # RISK-3, RISK-86, RISK-103, RISK-104, DIS-8
    renewal = TODAY + timedelta(days=days) if days else None
    assert triage.urgency_of(account(renewal_date=renewal), frozenset({reason}), TODAY, RULES) == urgency


@pytest.mark.parametrize(
    ("arr", "reason", "respond", "resources", "ladder"),
    [
        (100_000, "cancellation_submitted", "PT2H", "Full team + exec", "urgent"),  # RISK-106a
        (100_000, "eval_alternatives", "PT24H", "CSM + manager", "standard"),  # RISK-106b
        (25_000, "cancellation_submitted", "PT4H", "CSM + manager", "standard"),  # RISK-106c
        (25_000, "eval_alternatives", "PT48H", "CSM + support", "standard"),  # RISK-106d
        (10_000, "cancellation_submitted", "PT24H", "CSM", "standard"),  # RISK-106e
        (10_000, "eval_alternatives", "P7D", "CSM", "standard"),  # RISK-106f
        (1_000, "cancellation_submitted", "P7D", "Automated/scale", "standard"),  # RISK-106g
        (100_000, "other", "P7D", "CSM + manager", "standard"),  # AMB-9
        (25_000, "other", "P14D", "CSM", "standard"),
        (10_000, "other", "P28D", "CSM", "standard"),
    ],
)
def test_the_matrix(arr, reason, respond, resources, ladder):
    pure = RULES.model_copy(update={"cap": None})
    found = triage.assess(account(arr), [reason], START, pure)
    assert (str(found.respond), found.resources, found.ladder) == (respond, resources, ladder)


def test_the_cap_shortens_and_never_lengthens():  # DIS-5
    assert str(triage.assess(account(10_000), ["other"], START, RULES).respond) == "PT48H"
    assert str(triage.assess(account(100_000), ["cancellation_submitted"], START, RULES).respond) == "PT2H"


def test_a_policy_without_a_matrix_judges_nothing():
    assert triage.assess(account(), ["other"], START, TriageRules()) is None
    assert triage.urgency_of(account(), frozenset(), TODAY, TriageRules()) == "medium"


GATES = ("can_solve", "still_needed", "will_work_with_us", "good_for_us")


@pytest.mark.parametrize("answers", list(product(Answer, repeat=5)))
def test_the_saveable_test_has_four_hard_gates_and_one_for_the_manager(answers):  # RISK-93..97, A.11
    given = SaveableAnswers(**dict(zip((*GATES, "economics"), answers, strict=True)))
    gates, economics = answers[:4], answers[4]
    if Answer.NO in gates:
        expected = Saveable.UNSAVEABLE
    elif Answer.UNKNOWN in answers:
        expected = Saveable.UNDECIDED
    else:
        expected = Saveable.SAVEABLE if economics is Answer.YES else Saveable.NEEDS_MANAGER_DECISION
    assert triage.verdict(given) is expected


def test_revenue_in_another_currency_is_judged_at_the_policys_rate_or_not_at_all():  # AMB-11
    rules = RULES.model_copy(update={"rates": ()})
    foreign = account(200_000).model_copy(update={"arr": Money(minor=20_000_000, currency="XXX")})
    assert triage.assess(foreign, ["other"], START, rules) is None
