"""What the account's policy of leaving says about the keeping of its data, and the calendar that it is counted in."""

from __future__ import annotations

from models.calendar import Calendar
from models.leaving import LeavingPolicy
from models.retention import RetentionCase
from rules.routing import policy_of


def leaving_policy(case: RetentionCase) -> LeavingPolicy:
    """The policy that its cancellation followed; it came with the plan."""
    return next(policy for policy in policy_of(case).leaving if policy.name == case.policy)


def calendar_of(case: RetentionCase) -> Calendar:
    """The customer's calendar."""
    assert case.account is not None
    return case.account.calendar
