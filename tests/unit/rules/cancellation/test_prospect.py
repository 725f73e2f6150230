"""What would follow if an account cancelled now, all decisions together."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.eligibility import Wish
from models.policy import Policy
from rules.cancellation.prospect import prospect
from rules.refusal import Refused
from tests.unit.rules.cancellation.leavers import POLICY, account, contract

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ADDRESSABLE = Wish(reasons=("service",))


def test_a_strategic_account_may_be_spoken_to_twice_and_is_looked_at_by_the_manager():
    found = prospect(account(strategic=True), POLICY, ADDRESSABLE, None, NOW)
    assert (found.policy.name, found.severity, found.attempts) == ("default", "critical", 2)
    assert [need.rule.role for need in found.end.approvals] == ["cs_manager"]


def test_whoever_is_accepted_is_not_spoken_to():
    found = prospect(account(), POLICY, Wish(reasons=("bankruptcy",)), None, NOW)
    assert (found.verdict.attempt, found.attempts) == (False, 0)


def test_a_consumer_in_minnesota_is_never_spoken_to():
    minnesotan = account(500_000, jurisdiction="US-MN", customer_type="consumer")
    found = prospect(minnesotan, POLICY, ADDRESSABLE, None, NOW)
    assert (found.verdict.attempt, found.attempts) == (False, 0)
    assert "us_minnesota_consumer" in found.verdict.sentence


def test_retention_counts_from_the_end_of_the_account():  # AMB-24
    found = prospect(account(), POLICY, ADDRESSABLE, date(2026, 12, 31), NOW)
    assert (found.retrievable_until, found.deleted_on) == (date(2027, 3, 31), date(2027, 3, 31))
    assert found.backups_purged_by == date(2027, 12, 31)


def test_who_switches_is_out_after_two_months_with_thirty_days_to_fetch_the_data():
    terms = contract(term_ends="2028-01-01", notice="P6M", auto_renews=True, mid_term="not_allowed")
    found = prospect(account(jurisdiction="FR", switching=True, contract=terms), POLICY, ADDRESSABLE, None, NOW)
    assert (found.end.ends, found.retrievable_until) == (date(2027, 1, 16), date(2027, 2, 15))


def test_without_policies_of_leaving_it_is_refused():
    with pytest.raises(Refused, match="No policy of leaving"):
        prospect(account(), Policy(), ADDRESSABLE, None, NOW)
