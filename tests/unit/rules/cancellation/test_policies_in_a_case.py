"""A whole cancellation under each policy: talk, end date, plan and keeping are as that policy says (CANC-41, AMB-24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from models.leaving import LeavingPolicy
from models.retention import BACKUPS_DUE, DELETION_DUE, RETRIEVAL_ENDS
from rules.cancellation import following, policies
from rules.retention import lifecycle as keeping
from tests.unit.rules.after.former import Keeping
from tests.unit.rules.cancellation.leavers import POLICIES, policy
from tests.unit.rules.leaving import Leaving, company


@dataclass(frozen=True)
class Under:
    """A policy, an account of its scope, and what such an account may count on; days count from the closure."""

    name: str
    account: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1
    end: date = date(2026, 12, 1)
    plan: str = "standard"
    fetched_for: int = 90
    kept_for: int = 90
    backups_until: date = date(2027, 11, 30)


CONSUMER = {"customer_type": "consumer"}
UNDER = (
    Under("default", {"jurisdiction": "SG"}),
    Under("de_consumer", {"jurisdiction": "DE", **CONSUMER}),
    Under(
        "eu_data_act",
        {"jurisdiction": "FR", "switching": True},
        plan="eu_switching",
        fetched_for=30,
        kept_for=30,
        backups_until=date(2027, 2, 28),
    ),
    Under("us_california_consumer", {"jurisdiction": "US-CA", **CONSUMER}),
    Under("us_minnesota_consumer", {"jurisdiction": "US-MN", **CONSUMER}, attempts=0),
)
each = pytest.mark.parametrize("under", UNDER, ids=[one.name for one in UNDER])


def says(under: Under) -> LeavingPolicy:
    return policy(under.name)


def test_every_shipped_policy_is_held_to_a_case():
    assert {one.name for one in UNDER} == {one.name for one in POLICIES}


@each
def test_a_talk_is_offered_as_often_as_the_policy_allows(under: Under):  # CANC-41
    d = Leaving(company(**under.account))
    d.release("acknowledgement")
    d.validate("missing_feature")
    assert d.case.policy == under.name
    assert policies.attempts_allowed(d.case) == says(under).attempts.standard == under.attempts
    assert (d.state("save_invitation") != "skipped") == (under.attempts > 0)


@each
def test_it_ends_on_the_day_and_by_the_plan_of_the_policy(under: Under):  # CANC-45, DIS-18
    d = Leaving(company(**under.account))
    d.confirmed()
    assert d.case.end_date == under.end
    assert d.case.plan and d.case.plan.name == says(under).offboarding.plan.value == under.plan
    d.work_through(40)
    assert d.case.outcome == "left"


@each
def test_the_data_is_kept_as_long_as_the_policy_says(under: Under):  # AMB-24, OFFB-24
    d = Leaving(company(**under.account))
    d.confirmed()
    d.work_through(20)
    start = following.retention(d.case, d.case.opened_at)
    kept = Keeping()
    kept.now, kept.case = start.closed_at, keeping.opened(start, "ret-2", start.closed_at)
    kept.settle()
    closed = (start.closed_at + timedelta(hours=8)).date()
    days = {name: kept.case.anchor(name) for name in (RETRIEVAL_ENDS, DELETION_DUE, BACKUPS_DUE)}
    assert all(days.values())
    local = {name: (at + timedelta(hours=8)).date() for name, at in days.items() if at}
    assert (local[RETRIEVAL_ENDS] - closed).days == under.fetched_for
    assert (local[DELETION_DUE] - closed).days == under.kept_for
    assert local[BACKUPS_DUE] == under.backups_until
