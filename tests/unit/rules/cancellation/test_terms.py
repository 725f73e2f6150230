"""When a contract ends after a request (CANC-45..48, F.5): never refused, always with the earliest day and the waiver."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.account import ContractTerms, MidTerm, Money
from models.calendar import Calendar, Offset
from models.terms import DateFault
from rules.cancellation.terms import day_after, earliest_end, end_date
from tests.unit.rules.cancellation.leavers import POLICIES, account, contract, policy

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
FEE = Money(minor=165_000, currency="EUR")
IN_TERM = contract(term_ends="2027-06-30", notice="P30D", auto_renews=True, mid_term="not_allowed")

days = st.dates(date(2024, 1, 1), date(2032, 1, 1))
contracts = st.builds(
    ContractTerms,
    term_ends=st.none() | days,
    notice=st.builds(Offset, months=st.integers(0, 24), days=st.integers(0, 400), minutes=st.integers(0, 5000)),
    auto_renews=st.booleans(),
    mid_term=st.sampled_from(MidTerm),
    early_termination_fee=st.none() | st.just(FEE),
)
policies = st.sampled_from(POLICIES)


def answered(asked=None, terms=None, name="default", **more):
    more.setdefault("high_value", False)
    return end_date(account(contract=terms or contract()), policy(name), asked, NOW, **more)


def approvals(found):
    return [(need.rule.role, need.rule.when.value) for need in found.approvals]


def test_without_a_date_the_account_ends_fifteen_days_on():
    found = answered()
    assert (found.ends, found.valid, found.faults) == (date(2026, 12, 1), True, ())
    assert "OFFB-5" in found.sentence


def test_without_a_date_the_contract_still_holds():
    found = answered(terms=IN_TERM)
    assert (found.ends, found.valid) == (date(2027, 6, 30), True)
    assert "the earliest day that the contract allows" in found.sentence
    assert found.waiver_route


def test_a_date_that_the_contract_allows_holds_as_asked():
    found = answered(date(2027, 7, 15), IN_TERM)
    assert (found.ends, found.valid, found.waiver_route, approvals(found)) == (date(2027, 7, 15), True, "", [])


def test_a_date_in_the_past_is_answered_with_the_earliest_one():
    found = answered(date(2026, 11, 1))
    assert (found.ends, found.valid, found.faults) == (TODAY, False, (DateFault.PAST,))
    assert found.waiver_route == ""  # no waiver brings back a day
    assert found.sentence == "2026-11-01 has passed; the earliest end date is 2026-11-16."


def test_a_date_inside_the_notice_is_answered_with_its_end_and_the_waiver_route():  # CANC-46, CANC-47
    found = answered(date(2026, 11, 20), contract(notice="P30D", auto_renews=True))
    assert (found.ends, found.faults) == (date(2026, 12, 16), (DateFault.INSIDE_NOTICE,))
    assert "granted by the cs_manager" in found.waiver_route and "CANC-47" in found.waiver_route
    assert approvals(found) == [("legal", "notice")]


def test_a_date_before_the_term_ends_is_answered_with_its_end_where_the_contract_binds():
    found = answered(date(2027, 1, 31), IN_TERM)
    assert (found.ends, found.faults) == (date(2027, 6, 30), (DateFault.MID_TERM,))
    assert approvals(found) == [("legal", "remaining_term")]


def test_a_fee_for_ending_early_is_named_and_not_a_reason_to_stay():
    terms = contract(term_ends="2027-06-30", mid_term="with_fee", auto_renews=True, early_termination_fee=FEE)
    early, late = answered(date(2026, 12, 31), terms), answered(date(2027, 6, 30), terms)
    assert (early.ends, early.fee, early.valid) == (date(2026, 12, 31), FEE, True)
    assert late.fee is None
    assert answered(date(2026, 12, 31), terms, waived=True).fee is None  # CANC-47


def test_a_contract_that_does_not_renew_ends_with_its_term_without_notice():
    terms = contract(term_ends="2026-11-30", notice="P3M", auto_renews=False, mid_term="not_allowed")
    assert answered(date(2026, 11, 30), terms).valid


def test_a_notice_that_was_missed_before_a_renewal_costs_its_length_and_no_further_term():  # CANC-46
    terms = contract(term_ends="2026-11-30", notice="P30D", auto_renews=True, mid_term="not_allowed")
    found = answered(date(2026, 11, 30), terms)
    assert (found.ends, found.faults) == (date(2026, 12, 16), (DateFault.INSIDE_NOTICE,))
    assert "renews by itself on 2026-11-30" in found.renewal and "charged until 2026-12-16 alone" in found.renewal
    assert approvals(found) == [("legal", "notice")]


@pytest.mark.parametrize("renews", [True, False])
def test_of_a_renewal_is_spoken_only_where_the_end_falls_behind_it(renews):  # CANC-46
    terms = contract(term_ends="2026-12-31", auto_renews=renews)
    told = [bool(answered(date(2026, 12, day), terms).renewal) for day in (30, 31)]
    assert told == [False, False]
    assert bool(answered(date(2027, 1, 1), terms).renewal) is renews


def test_the_hardship_waiver_gives_the_asked_date():  # CANC-47
    found = answered(date(2026, 11, 20), IN_TERM, waived=True)
    assert (found.ends, found.valid, found.waived, found.waiver_route) == (date(2026, 11, 20), True, True, "")
    assert approvals(found) == [("legal", "remaining_term"), ("legal", "notice")]


def test_the_data_act_lets_go_after_two_months_also_within_the_term():
    terms = contract(term_ends="2028-06-30", notice="P6M", auto_renews=True, mid_term="not_allowed")
    assert answered(date(2026, 12, 1), terms, "eu_data_act").ends == date(2027, 1, 16)


def test_german_consumers_have_a_notice_of_one_month():
    assert answered(TODAY, contract(notice="P3M", auto_renews=True), "de_consumer").ends == date(2026, 12, 16)


def test_high_value_is_looked_at_by_the_manager():  # CANC-14, AMB-15
    assert approvals(answered(high_value=True)) == [("cs_manager", "high_value")]


def test_unusual_circumstances_are_looked_at_by_the_manager():  # CANC-14
    assert approvals(answered(unusual="a court order")) == [("cs_manager", "unusual")]


def test_today_is_that_of_the_customer():
    late = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
    one = account(calendar=Calendar(time_zone="Asia/Kuala_Lumpur"))
    assert end_date(one, policy("default"), date(2026, 11, 16), late, high_value=False).faults == (DateFault.PAST,)


@pytest.mark.parametrize(
    ("offset", "day"),
    [("P1M", date(2027, 2, 28)), ("PT1H", date(2027, 2, 1)), ("PT24H", date(2027, 2, 1)), ("PT25H", date(2027, 2, 2))],
)
def test_a_period_is_counted_in_whole_days(offset, day):
    assert day_after(date(2027, 1, 31), Offset.model_validate(offset)) == day


@given(contracts, policies, st.none() | days, st.booleans(), st.booleans())
def test_every_request_is_answered_with_a_day_that_is_not_past(terms, one, asked, waived, high_value):  # CANC-6
    found = end_date(account(contract=terms), one, asked, NOW, high_value=high_value, waived=waived)
    assert found.earliest >= TODAY and found.ends >= TODAY
    assert found.ends >= (asked or TODAY)
    assert waived or found.ends >= found.earliest
    assert found.valid == (asked is None or found.ends == asked)
    assert bool(found.faults) == (asked is not None and asked < found.earliest)
    assert bool(found.waiver_route) <= (not waived)


@given(contracts, policies)
def test_the_earliest_day_is_never_later_than_the_cap(terms, one):
    earliest = earliest_end(terms, one, TODAY)
    cap = one.notice.maximum
    if cap is not None:
        latest = day_after(TODAY, cap)
        bound = terms.term_ends if one.notice.term_binds and terms.mid_term is MidTerm.NOT_ALLOWED else None
        assert earliest <= max(latest, bound or latest)


@given(contracts, policies, days)
def test_the_earliest_day_is_itself_a_valid_one_and_any_later_day_too(terms, one, day):
    earliest = earliest_end(terms, one, TODAY)
    later = max(earliest, day)
    for asked in (earliest, later):
        assert end_date(account(contract=terms), one, asked, NOW, high_value=False).ends == asked


@given(contracts, policies, days)
def test_a_waiver_gives_the_asked_day_or_today(terms, one, asked):  # CANC-47
    found = end_date(account(contract=terms), one, asked, NOW, high_value=False, waived=True)
    assert found.ends == max(asked, TODAY)


@given(contracts, policies, st.integers(0, 3000))
def test_nobody_waits_longer_for_asking_later_on(terms, one, ahead):
    """A day of waiting moves the earliest end by a day at most, save at the ends of months."""
    first = earliest_end(terms, one, TODAY)
    second = earliest_end(terms, one, TODAY + timedelta(days=ahead))
    assert second - first <= timedelta(days=ahead + 3)


@given(contracts, policies)
def test_we_never_set_a_later_end_than_notice_and_transition_allow(terms, rules):  # Data Act art. 25
    if rules.notice.maximum is None or rules.transition.maximum is None:
        return
    found = end_date(account(contract=terms), rules, None, NOW, high_value=False)
    assert found.ends <= day_after(day_after(TODAY, rules.notice.maximum), rules.transition.maximum)


def test_a_customer_may_ask_for_a_longer_transition_than_we_may_set():  # Data Act art. 25
    found = answered(date(2027, 9, 1), name="eu_data_act")
    assert (found.ends, found.valid) == (date(2027, 9, 1), True)
