"""What follows a cancellation: the keeping and deletion of the data, and the memory of who left."""

from __future__ import annotations

from models.cancellation import CLOSED, CancellationCase
from models.starts import RetentionStart, WinBackStart
from rules import personal
from rules.cancellation import opting


def retention(case: CancellationCase) -> RetentionStart:
    """The data of a closed account is kept as the policy says, and then deleted (OFFB-24)."""
    return RetentionStart(
        account_id=case.account_id,
        cancellation_case_id=case.case_id,
        closed_at=case.anchor(CLOSED) or case.opened_at,
        policy=case.policy,
        proof_wanted=case.proof_wanted,
        personal_requests=personal.open_requests(case),
    )


def win_back(case: CancellationCase) -> WinBackStart:
    """The customer has left; their reason is what could bring them back (OFFB-50)."""
    return WinBackStart(
        account_id=case.account_id,
        cancellation_case_id=case.case_id,
        closed_at=case.anchor(CLOSED) or case.opened_at,
        reason=case.churn_reason,
        policy=case.policy,
        may_tell=opting.may_tell(case),
        erased_at=case.erased_at,
    )
