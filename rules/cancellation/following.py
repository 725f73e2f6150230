"""What follows a cancellation: the keeping and deletion of the data, and the memory of who left."""

from __future__ import annotations

from models.cancellation import CLOSED, CancellationCase
from models.starts import RetentionStart, WinBackStart
from models.win_back import Memory
from rules import personal
from rules.cancellation import opting

TAG = "win_back_tag"


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
        memory=memory_of(case) or Memory.REMEMBER,
    )


def memory_of(case: CancellationCase) -> Memory | None:
    """How they are remembered, as ``win_back_tag`` was decided; None where they are left in peace (OFFB-50, OFFB-51)."""
    if case.clean_break:
        return None
    step = next((step for step in case.steps if step.step_id == TAG and step.evidence), None)
    decision = (step.evidence.decision if step and step.evidence else None) or Memory.REMEMBER
    return Memory(decision) if decision in set(Memory) else None
