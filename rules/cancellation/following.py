"""What follows a cancellation: the keeping and deletion of the data, and the memory of who left."""

from __future__ import annotations

from datetime import datetime

from models.after_commands import DataChosen, ProofWanted
from models.cancellation import CLOSED, CancellationCase
from models.case import CaseKind, Sibling
from models.starts import RetentionStart, WinBackStart
from models.win_back import Memory
from rules import personal
from rules.cancellation import opting, readers
from rules.edit import change

TAG = "win_back_tag"


def retention(case: CancellationCase, at: datetime) -> RetentionStart:
    """The data of a closed account is kept as the policy says from ``at`` (UTC) on, and then deleted (OFFB-24)."""
    return RetentionStart(
        account_id=case.account_id,
        cancellation_case_id=case.case_id,
        closed_at=case.anchor(CLOSED) or case.opened_at,
        policy=case.policy,
        proof_wanted=case.proof_wanted,
        data_choice=case.data_choice,
        written_to=readers.authorised(case),
        personal_requests=personal.open_requests(case),
        begins_at=at,
    )


def wishes(case: CancellationCase) -> DataChosen | ProofWanted:
    """All that the customer wants of their data, for a retention that has begun already (OFFB-23, OFFB-26)."""
    if case.data_choice is None:
        return ProofWanted(case_id=case.case_id)
    return DataChosen(case_id=case.case_id, choice=case.data_choice, proof_wanted=case.proof_wanted)


def told_again(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case that tells its retention, where that has begun and did not take along what is wanted now."""
    if not case.anchor(CLOSED):
        return case
    told = Sibling(kind=CaseKind.RETENTION, at=now, only_told=True)
    return change(case, siblings=(*case.siblings, told))


def win_back(case: CancellationCase, at: datetime) -> WinBackStart:
    """The customer has left, remembered from ``at`` (UTC) on; their reason is what could bring them back (OFFB-50)."""
    return WinBackStart(
        account_id=case.account_id,
        cancellation_case_id=case.case_id,
        closed_at=case.anchor(CLOSED) or case.opened_at,
        reason=case.churn_reason,
        policy=case.policy,
        may_tell=opting.may_tell(case),
        erased_at=case.erased_at,
        memory=memory_of(case) or Memory.REMEMBER,
        begins_at=at,
    )


def memory_of(case: CancellationCase) -> Memory | None:
    """How they are remembered, as ``win_back_tag`` was decided; None where they are left in peace (OFFB-50, OFFB-51)."""
    if case.clean_break:
        return None
    step = next((step for step in case.steps if step.step_id == TAG and step.evidence), None)
    decision = (step.evidence.decision if step and step.evidence else None) or Memory.REMEMBER
    return Memory(decision) if decision in set(Memory) else None
