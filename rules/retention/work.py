"""What the system is asked to do in the steps of a retention, and what its answers prove."""

from __future__ import annotations

from typing import cast

from models.case import Case
from models.effects import Action, Outcome
from models.erasing import EraseData, ErasureReceipt, IssueCertificate
from models.retention import BACKUPS_DUE, Erased, RetentionCase
from models.step import EvidenceItem, Step
from rules.dating import local_day

_SEPARATOR = " | "


def erasure(case: Case, action: Action) -> EraseData:
    """Delete what is kept; the address stays until a wanted confirmation is sent."""
    return EraseData(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        at=action.moment,
        keep_address=cast(RetentionCase, case).proof_wanted,
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
        stores=stores(step),
        verified_by=retention.verified_by or case.opened_by,
        backups_until=local_day(backups, case.account.calendar),
        locale=case.account.locale,
    )


def done(case: RetentionCase) -> Step:
    """The step that deleted."""
    return next(step for step in case.steps if step.step_id == "erase_data")


def stores(step: Step) -> tuple[Erased, ...]:
    """What each store did, read back from the evidence of the step."""
    items = step.evidence.items if step.evidence else ()
    parts = ((item.content, item.text.split(_SEPARATOR)) for item in items)
    return tuple(Erased(store=name, what=what, rows=int(rows), kept=kept) for name, (what, rows, kept) in parts)


def _told(store: Erased) -> str:
    return _SEPARATOR.join((store.what, str(store.rows), store.kept))
