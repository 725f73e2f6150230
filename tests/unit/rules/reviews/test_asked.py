"""Whom a round of reviews asks, also of accounts whose CSM has left (RISK-121, RISK-122, SAVE-23)."""

from __future__ import annotations

from datetime import date

from models.crm import AccountRecord, SeatRecord
from models.review import ReviewScope
from rules.reviews.asked import led, subjects

LINE = ("csm", "cs_manager")


def account(id_: str, *, strategic: bool = False, gone: bool = False) -> AccountRecord:
    left = date(2026, 10, 1) if gone else None
    return AccountRecord(id=id_, name=f"{id_} Ltd", strategic=strategic, churned_on=left)


def seat(account_id: str, person: str, deputy: str | None = None, role: str = "csm") -> SeatRecord:
    return SeatRecord(account_id=account_id, role=role, person=person, deputy=deputy)


def by_account(seats: list[SeatRecord], active: set[str], *ids: str) -> tuple[dict[str, str], tuple[str, ...]]:
    found = led([account(id_) for id_ in ids], seats, LINE, active)
    assert all(one.role == "csm" for one in found.seats)
    return {one.account_id: one.person for one in found.seats}, found.nobody


def test_whoever_leads_an_account_goes_through_it():  # RISK-121
    seats = [seat("a-1", "p-1", "p-2"), seat("a-1", "p-9", role="cs_manager")]
    assert by_account(seats, {"p-1", "p-2", "p-9"}, "a-1") == ({"a-1": "p-1"}, ())


def test_of_a_csm_who_has_left_the_deputy_goes_through_the_accounts_else_the_manager():  # RISK-121, RISK-122
    seats = [
        seat("a-1", "gone", "p-2"),
        seat("a-2", "gone", "gone-too"),
        seat("a-2", "p-9", role="cs_manager"),
        seat("a-3", "p-9", role="cs_manager"),
        seat("a-4", "gone"),
    ]
    found, nobody = by_account(seats, {"p-2", "p-9"}, "a-1", "a-2", "a-3", "a-4", "a-5")
    assert found == {"a-1": "p-2", "a-2": "p-9", "a-3": "p-9"}
    assert nobody == ("a-4", "a-5")


def test_who_is_no_customer_any_more_is_in_no_portfolio():
    found = led([account("a-1", gone=True)], [seat("a-1", "p-1")], LINE, {"p-1"})
    assert (found.seats, found.nobody) == ((), ())


def test_each_scope_has_its_own_subjects():  # RISK-112, SAVE-23
    accounts = [account("a-1"), account("a-2", strategic=True), account("a-3", strategic=True, gone=True)]
    seats = [seat("a-1", "p-1"), seat("a-2", "p-2")]
    assert subjects(ReviewScope.COMPANY, accounts, seats) == (None,)
    assert subjects(ReviewScope.STRATEGIC_ACCOUNT, accounts, seats) == ("a-2",)
    assert subjects(ReviewScope.CSM, accounts, seats) == ("p-1", "p-2")
    assert subjects(ReviewScope.TEAM, accounts, seats, owed=["a-2", "a-3"]) == ("p-2",)
    assert subjects(ReviewScope.TEAM, accounts, seats) == ()
