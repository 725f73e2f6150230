"""Which policy of leaving holds for an account: of those that are for it, the narrowest."""

from __future__ import annotations

from models.account import Account
from models.case import RefusalType
from models.leaving import LeavingPolicy
from rules.refusal import Refused


def policy_for(account: Account, policies: tuple[LeavingPolicy, ...]) -> LeavingPolicy:
    """The policy that holds for an account: the narrowest of those that are for it.

    The check of the files sees to it that there is exactly one. Raises ``Refused(BadPlaybook)`` where none is.
    """
    fitting = _fitting(account, policies)
    if not fitting:
        sentence = f"No policy of leaving is for {account.id}; write one that applies to everybody, such as 'default'."
        raise Refused(RefusalType.BAD_PLAYBOOK, sentence)
    narrowest = (p for p in fitting if all(p.applies_to.is_within(other.applies_to) for other in fitting))
    return next(narrowest, fitting[0])


def why(account: Account, policies: tuple[LeavingPolicy, ...]) -> str:
    """One sentence on why that policy holds for the account. Raises as ``policy_for``."""
    chosen = policy_for(account, policies)
    others = ", ".join(p.name for p in _fitting(account, policies) if p is not chosen)
    rest = f"; it is narrower than {others}, which would hold otherwise" if others else "; no other policy is for it"
    return f"{account.id} is {_described(account)}: the policy '{chosen.name}' is for such accounts{rest}."


def _fitting(account: Account, policies: tuple[LeavingPolicy, ...]) -> tuple[LeavingPolicy, ...]:
    return tuple(policy for policy in policies if policy.applies_to.covers(account))


def _described(account: Account) -> str:
    where = f"in {account.jurisdiction}" if account.jurisdiction else "in no known jurisdiction"
    moves = "moves" if account.switching else "does not move"
    return f"a {account.customer_type} {where} and {moves} to another provider under the EU Data Act"
