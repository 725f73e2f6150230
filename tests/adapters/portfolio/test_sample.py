"""The sample that comes with the product is a portfolio that a real company could have exported."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.portfolio.load import import_portfolio
from adapters.portfolio.read import read_portfolio
from adapters.portfolio.running import read_running
from models.portfolio import Fact, Portfolio

SAMPLE = Path(__file__).resolve().parents[3] / "sample"
LAST_DAY = date(2026, 11, 15)


@pytest.fixture(scope="module")
def sample() -> Portfolio:
    return read_portfolio(SAMPLE, LAST_DAY)


async def test_the_sample_is_imported_without_an_error_and_twice_changes_nothing(ports: Any) -> None:
    first = await import_portfolio(SAMPLE, ports, LAST_DAY)
    assert [str(error) for error in first.errors] == []
    assert first.changes > 4000
    second = await import_portfolio(SAMPLE, ports, LAST_DAY)
    assert second.changes == 0
    assert sum(file.unchanged for file in second.files) == first.changes


def test_the_sample_is_large_enough_and_varied(sample: Portfolio) -> None:
    assert len(sample.accounts) >= 44
    assert {account.locale.value for account in sample.accounts} == {"en", "ms", "id"}
    assert {ticket.locale.value for ticket in sample.tickets} == {"en", "ms", "id"}
    assert Counter(account.currency for account in sample.accounts).most_common(1)[0][0] == "USD"
    assert min(a.renewal_date for a in sample.accounts if a.renewal_date) < date(2026, 12, 1)
    assert max(a.renewal_date for a in sample.accounts if a.renewal_date) > date(2028, 1, 1)


def test_every_account_of_the_sample_can_have_a_case(sample: Portfolio) -> None:
    roles = {role for person in sample.people for role in person.roles}
    assert {"csm", "cs_manager", "executive", "product_manager", "engineering", "support", "sales", "finance"} <= roles
    for account in sample.accounts:
        seats = {seat.role for seat in sample.seats if seat.account == account.id}
        assert {"csm", "cs_manager", "executive", "product_manager", "engineering", "support", "sales"} <= seats
        assert sum(contact.primary for contact in sample.contacts if contact.account == account.id) == 1


def test_somebody_of_the_sample_has_left_and_still_holds_seats(sample: Portfolio) -> None:
    left = {person.id for person in sample.people if not person.active}
    assert len(left) == 1
    assert [seat for seat in sample.seats if seat.person in left and seat.deputy]


def test_one_account_of_the_sample_is_silent_for_20_days(sample: Portfolio) -> None:
    recent = LAST_DAY - timedelta(days=20)
    busy = {row.account for row in sample.usage if row.day > recent and row.logins}
    assert len({account.id for account in sample.accounts} - busy) == 1


def test_the_inbound_week_is_the_one_after_the_facts(sample: Portfolio) -> None:
    assert {fact.fact for fact in sample.inbound} == set(Fact)
    assert min(fact.at for fact in sample.inbound).date() == LAST_DAY + timedelta(days=1)
    assert max(fact.at for fact in sample.inbound).date() == LAST_DAY + timedelta(days=7)


def test_nobody_in_the_sample_has_a_real_address(sample: Portfolio) -> None:
    addresses = [row.email for row in (*sample.people, *sample.contacts)]
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_the_running_cases_of_the_sample_start_with_their_past(sample: Portfolio) -> None:
    running = read_running(SAMPLE / "running", sample, LAST_DAY)
    assert running.errors == ()
    assert [(start.account_id, bool(start.past and start.past.done)) for start in running.starts] == [
        ("acc-0012", True),
        ("acc-0028", True),
    ]


def test_the_sample_has_leavers_under_each_policy(sample: Portfolio) -> None:
    kinds = {(account.jurisdiction, account.customer_type.value) for account in sample.accounts}
    assert {("US-CA", "consumer"), ("US-MN", "consumer"), ("DE", "consumer"), ("DE", "business")} <= kinds
    assert sum(account.switching for account in sample.accounts) >= 2
    assert {account.mid_term.value for account in sample.accounts} == {"allowed", "not_allowed", "with_fee"}
