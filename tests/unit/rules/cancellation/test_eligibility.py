"""Who is spoken to about staying after a cancellation, and how often (CANC-30..44, DIS-10, DIS-11)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import RefusalType
from models.eligibility import Criterion, Override, StatedReason, Wish
from rules.cancellation import eligibility
from rules.refusal import Refused
from tests.unit.rules.cancellation.leavers import POLICIES, RULES, account, policy

TODAY = date(2026, 11, 16)
BINDING = (Criterion.NO_SALES_CONTACT, Criterion.STRUCTURAL, Criterion.SIGNED_ELSEWHERE, Criterion.FIRM_DECISION)
OVERRIDE = Override(by="p-mgr", reason="their founder asked me to call")

accounts = st.builds(
    account,
    strategic=st.booleans(),
    reference=st.booleans(),
    expansion_potential=st.booleans(),
    customer_since=st.none() | st.dates(date(2010, 1, 1), TODAY),
)
severities = st.sampled_from([None, "low", "medium", "high", "critical"])
wishes = st.builds(
    Wish,
    reasons=st.lists(st.sampled_from(StatedReason), min_size=1, max_size=3).map(tuple),
    no_sales_contact=st.booleans(),
    strong_relationship=st.booleans(),
)


def judged(*reasons, severity="medium", override=None, no_sales=False, strong=False, **facts):
    wish = Wish(reasons=reasons or ("unknown",), no_sales_contact=no_sales, strong_relationship=strong)
    return eligibility.judge(account(**facts), severity, wish, RULES, TODAY, override)


@pytest.mark.parametrize(
    ("wish", "criterion"),
    [
        ({"severity": "critical"}, "CANC-30"),
        ({"expansion_potential": True}, "CANC-31"),
        ({"strategic": True}, "CANC-32"),
        ({"reference": True}, "CANC-32"),
        ({"customer_since": date(2021, 11, 16), "strong": True}, "CANC-34"),
    ],
)
def test_each_criterion_of_the_account_gives_an_attempt(wish, criterion):
    found = judged(**wish)
    assert (found.attempt, found.deciding) == (True, criterion)


@pytest.mark.parametrize(
    ("reason", "attempt", "criterion"),
    [
        ("missing_feature", True, "CANC-33"),
        ("misunderstanding", True, "CANC-33"),
        ("service", True, "CANC-33"),
        ("budget_cut", True, "CANC-33"),  # DIS-11
        ("budget_eliminated", False, "CANC-37"),
        ("competitor_evaluating", True, "CANC-33"),
        ("competitor_chosen_unsigned", True, "CANC-33"),
        ("competitor_signed", False, "CANC-38"),
        ("acquired", False, "CANC-37"),
        ("bankruptcy", False, "CANC-37"),
        ("company_closing", False, "CANC-37"),
        ("firm_decision", False, "CANC-39"),
        ("other", False, None),
        ("unknown", False, None),
    ],
)
def test_each_stated_reason_has_its_answer(reason, attempt, criterion):
    found = judged(reason)
    assert (found.attempt, found.deciding) == (attempt, criterion)


@pytest.mark.parametrize(("since", "strong"), [(date(2021, 11, 17), True), (date(2015, 1, 1), False), (None, True)])
def test_long_standing_counts_with_five_years_and_a_strong_relationship_only(since, strong):  # CANC-34
    assert not judged(customer_since=since, strong=strong).attempt


def test_low_value_is_accepted_unless_something_speaks_for_an_attempt():  # CANC-35, CANC-44
    assert judged("other", severity="low").deciding == Criterion.LOW_VALUE
    found = judged("service", severity="low")
    assert (found.attempt, found.for_accepting) == (True, (Criterion.LOW_VALUE,))


def test_a_manager_may_override_low_value_and_the_default():  # CANC-44
    for severity in ("low", "medium"):
        found = judged(severity=severity, override=OVERRIDE)
        assert (found.attempt, found.overridden_by) == (True, "p-mgr")
        assert "their founder asked me to call" in found.sentence


def test_an_override_of_what_binds_is_refused_with_the_way_to_correct_the_fact():
    with pytest.raises(
        Refused, match=r"\(CANC-38\)\. Nobody can override that; .* correct the recorded fact with a reason"
    ):
        eligibility.check_override(judged("competitor_signed"), ("cs_manager",), RULES)


def test_a_csm_may_not_override():
    with pytest.raises(Refused, match="Only cs_manager, executive"):
        eligibility.check_override(judged(severity="low"), ("csm",), RULES)
    eligibility.check_override(judged(severity="low"), ("csm", "cs_manager"), RULES)


@given(accounts, severities, wishes, st.none() | st.just(OVERRIDE))
def test_what_binds_is_never_overridden(one, severity, wish, override):  # invariant 4 of appendix 3
    found = eligibility.judge(one, severity, wish, RULES, TODAY, override)
    if set(found.for_accepting) & set(BINDING):
        assert not found.attempt
        assert found.deciding == next(c for c in BINDING if c in found.for_accepting)
        assert not found.overridable


@given(accounts, severities, wishes)
def test_without_an_override_an_attempt_needs_something_that_speaks_for_it(one, severity, wish):
    found = eligibility.judge(one, severity, wish, RULES, TODAY)
    assert found.attempt == (bool(found.for_attempt) and not set(found.for_accepting) & set(BINDING))
    assert found.deciding is None or found.deciding in (*found.for_attempt, *found.for_accepting)
    assert str(found.deciding or "CANC-44") in found.sentence


@pytest.mark.parametrize(
    ("name", "strategic", "allowed"),
    [
        ("default", False, 1),
        ("default", True, 2),
        ("us_minnesota_consumer", False, 0),
        ("us_minnesota_consumer", True, 0),
    ],
)
def test_attempts_are_limited_by_the_policy(name, strategic, allowed):  # CANC-41
    for made in range(allowed):
        eligibility.check_attempt(policy(name), made, strategic=strategic)
    with pytest.raises(Refused) as refused:
        eligibility.check_attempt(policy(name), allowed, strategic=strategic)
    assert refused.value.kind == RefusalType.ATTEMPT_LIMIT
    assert policy(name).attempts.rule in refused.value.sentence


def test_where_the_policy_allows_none_there_is_none_whatever_the_lists_say():
    listed = judged("service", severity="critical")
    found = eligibility.under_policy(listed, policy("us_minnesota_consumer"), strategic=True)
    assert (listed.attempt, found.attempt, found.overridable) == (True, False, False)
    assert "325G.56" in found.sentence
    with pytest.raises(Refused, match="Nobody can override that"):
        eligibility.check_override(found, ("cs_manager",), RULES)
    assert eligibility.under_policy(listed, policy("default"), strategic=False) == listed


@given(st.sampled_from(POLICIES), st.integers(2, 50), st.booleans())
def test_there_is_never_a_third_attempt(one, made, strategic):  # CANC-41
    with pytest.raises(Refused):
        eligibility.check_attempt(one, made, strategic=strategic)


def test_sales_leaves_a_case_whose_customer_wants_no_sales_conversation():  # DIS-32
    assert eligibility.barred_roles(Wish(no_sales_contact=True), RULES) == ("sales", "sales_engineer")
    assert eligibility.barred_roles(Wish(), RULES) == ()


def test_high_value_is_critical_severity_or_the_strategic_flag():  # AMB-12
    assert eligibility.is_high_value(account(strategic=True), "low", RULES)
    assert eligibility.is_high_value(account(), "critical", RULES)
    assert not eligibility.is_high_value(account(), "high", RULES)
    assert not eligibility.is_high_value(account(), None, RULES)
