"""What the account's policy of leaving says about the memory of who left."""

from __future__ import annotations

from models.leaving import LeavingPolicy
from models.win_back import WinBackCase
from rules.refusal import one_of
from rules.routing import policy_of


def unknown(case: WinBackCase) -> str:
    """Why the case cannot follow its policy; empty where it can."""
    known = [policy.name for policy in policy_of(case).leaving]
    return "" if case.policy in known else f"there is no policy of leaving '{case.policy}'; known: {one_of(known)}"


def leaving_policy(case: WinBackCase) -> LeavingPolicy:
    """The policy that its cancellation followed; it came with the plan."""
    return next(policy for policy in policy_of(case).leaving if policy.name == case.policy)
