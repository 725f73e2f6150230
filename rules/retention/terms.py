"""What the account's policy of leaving says about the keeping of its data, and the calendar that it is counted in."""

from __future__ import annotations

from models.calendar import Calendar
from models.leaving import LeavingPolicy
from models.retention import RetentionCase
from rules.refusal import one_of
from rules.routing import policy_of


def unknown(case: RetentionCase) -> str:
    """Why the case cannot follow its policy; empty where it can."""
    known = [policy.name for policy in policy_of(case).leaving]
    return "" if case.policy in known else f"there is no policy of leaving '{case.policy}'; known: {one_of(known)}"


def leaving_policy(case: RetentionCase) -> LeavingPolicy:
    """The policy that its cancellation followed; it came with the plan."""
    return next(policy for policy in policy_of(case).leaving if policy.name == case.policy)


def calendar_of(case: RetentionCase) -> Calendar:
    """The customer's calendar."""
    assert case.account is not None
    return case.account.calendar
