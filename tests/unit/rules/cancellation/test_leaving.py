"""Which policy of leaving holds: the narrowest that is for the account, with a sentence why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.account import CustomerType
from models.leaving import Scope
from rules.cancellation.leaving import policy_for, why
from rules.refusal import Refused
from tests.unit.rules.cancellation.leavers import POLICIES, account, policy

PLACES = st.sampled_from(["", "DE", "DE-BY", "FR", "US", "US-CA", "US-MN", "US-NY", "MY", "DEX"])
accounts = st.builds(account, jurisdiction=PLACES, customer_type=st.sampled_from(CustomerType), switching=st.booleans())
scopes = st.builds(
    Scope,
    rule=st.just("a rule"),
    jurisdictions=st.lists(st.sampled_from(["DE", "DE-BY", "FR", "US-CA", "MY"]), max_size=3).map(tuple),
    customer_types=st.lists(st.sampled_from(CustomerType), unique=True).map(tuple),
    switching=st.sampled_from([None, True, False]),
)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"jurisdiction": "MY"}, "default"),
        ({}, "default"),
        ({"jurisdiction": "DE"}, "default"),
        ({"jurisdiction": "FR", "switching": True}, "eu_data_act"),
        ({"jurisdiction": "DE-BY", "switching": True}, "eu_data_act"),
        ({"jurisdiction": "GB", "switching": True}, "default"),
        ({"jurisdiction": "DE", "customer_type": "consumer"}, "de_consumer"),
        ({"jurisdiction": "DE", "customer_type": "consumer", "switching": True}, "eu_data_act"),
        ({"jurisdiction": "US-CA", "customer_type": "consumer"}, "us_california_consumer"),
        ({"jurisdiction": "US-CA"}, "default"),
        ({"jurisdiction": "US-MN", "customer_type": "consumer"}, "us_minnesota_consumer"),
        ({"jurisdiction": "US", "customer_type": "consumer"}, "default"),
    ],
)
def test_the_narrowest_policy_holds(facts, name):
    assert policy_for(account(**facts), POLICIES).name == name


def test_the_sentence_says_what_the_account_is_and_what_would_hold_otherwise():
    assert why(account(jurisdiction="DE", customer_type="consumer"), POLICIES) == (
        "acc-1 is a consumer in DE and does not move to another provider under the EU Data Act: the policy 'de_consumer' "
        "is for such accounts; it is narrower than default, which would hold otherwise."
    )


def test_an_account_that_no_policy_is_for_is_refused_with_what_to_write():
    with pytest.raises(Refused, match="write one that applies to everybody"):
        policy_for(account(jurisdiction="MY"), (policy("de_consumer"),))


@given(accounts, st.permutations(POLICIES))
def test_the_order_of_the_files_decides_nothing_and_the_chosen_one_is_within_all_that_fit(one, shuffled):
    chosen = policy_for(one, tuple(shuffled))
    assert chosen == policy_for(one, POLICIES)
    assert all(chosen.applies_to.is_within(p.applies_to) for p in POLICIES if p.applies_to.covers(one))


@given(accounts, scopes, scopes)
def test_what_a_scope_covers_agrees_with_what_lies_within_it_and_what_it_meets(one, inner, outer):
    if inner.is_within(outer) and inner.covers(one):
        assert outer.covers(one)
    if inner.covers(one) and outer.covers(one):
        assert inner.meets(outer) and outer.meets(inner)
