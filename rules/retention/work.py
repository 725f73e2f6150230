"""What the system is asked to do in the steps of a retention, and what its answers prove."""

from __future__ import annotations

from typing import cast

from models.automatic import Work
from models.case import Case
from models.effects import Action, Outcome
from models.erasing import EraseData, ErasureReceipt, IssueCertificate
from models.retention import BACKUPS_DUE, Erased, ErasureMethod, RetentionCase
from models.step import EvidenceItem, Step, StepState
from rules.cancellation import readers
from rules.dating import local_day

ERASES = Work.ERASE_DATA
_SEPARATOR = " | "


def erasure(case: Case, action: Action) -> EraseData:
    """Delete what is kept; the address stays until a wanted confirmation is sent."""
    return _erasure(case, action, keep_address=cast(RetentionCase, case).proof_wanted)


def erase_rest(case: Case, action: Action) -> EraseData:
    """Delete what the confirmation needed, and what came in since."""
    return _erasure(case, action, keep_address=False)


def _erasure(case: Case, action: Action, *, keep_address: bool) -> EraseData:
    return EraseData(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        at=action.moment,
        keep_address=keep_address,
        written_to=readers.of_retention(cast(RetentionCase, case)),
        closure=cast(RetentionCase, case).closures,
    )


def erased(receipt: ErasureReceipt) -> Outcome:
    """What each store did, as the certificate will say."""
    proof = tuple(EvidenceItem(content=s.store, text=_told(s)) for s in receipt.stores)
    return Outcome(receipt=receipt.id, proof=proof)


def certificate(case: Case, action: Action) -> IssueCertificate:
    """The certificate of what was deleted, verified by whoever looked."""
    retention = cast(RetentionCase, case)
    step = done(retention)
    backups = case.anchor(BACKUPS_DUE)
    assert step.ended_at is not None
    assert backups is not None
    assert case.account is not None
    return IssueCertificate(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        at=action.moment,
        deleted_at=step.ended_at,
        stores=stores(retention),
        verified_by=retention.verified_by or case.opened_by,
        backups_until=local_day(backups, case.account.calendar),
        locale=case.account.locale,
        time_zone=case.account.calendar.time_zone,
        keep_address=retention.proof_wanted,
        written_to=readers.of_retention(retention),
    )


def done(case: RetentionCase) -> Step:
    """The step that deletes."""
    return next(step for step in case.steps if step.step_id == "erase_data")


def proved(case: RetentionCase) -> bool:
    """Whether every store is proved empty."""
    return any(step.step_id == "erase_data" and step.state is StepState.DONE for step in case.steps)


def stores(case: RetentionCase) -> tuple[Erased, ...]:
    """What each store did, as the system found it or a person attests it, read back from the evidence of the step."""
    step = done(case)
    items = step.evidence.items if step.evidence else ()
    if step.ended_by is None:
        return tuple(_found(item) for item in items)
    return tuple(
        Erased(store=i.content, what="", rows=0, method=ErasureMethod.BY_HAND, by=step.ended_by, note=i.text)
        for i in items
    )


def _told(store: Erased) -> str:
    return _SEPARATOR.join((store.what, str(store.rows), store.method, store.kept))


def _found(item: EvidenceItem) -> Erased:
    what, rows, method, kept = item.text.split(_SEPARATOR)
    return Erased(store=item.content, what=what, rows=int(rows), method=ErasureMethod(method), kept=kept)
