"""The export of a leaving customer's data: everything first, and at the end what was made since (OFFB-7..14)."""

from __future__ import annotations

from typing import cast

from models.cancellation import CancellationCase
from models.case import Case
from models.effects import Action, Outcome
from models.export import ExportReceipt, PrepareExport, SectionState
from models.retention import RetentionCase
from models.step import EvidenceItem
from rules.cancellation import keeping, work

DELTA = "delta"


def request(case: Case, action: Action) -> PrepareExport:
    """The whole of the data, or what was made since the first export; its code lives as long as the data can be fetched."""
    until = keeping.fetched_until(cast(CancellationCase | RetentionCase, case), action.moment)
    first = next((step for step in case.steps if step.step_id == "data_export" and step.ended_at), None)
    delta = work.how(case, action).how == DELTA
    assert until is not None
    assert case.account is not None
    return PrepareExport(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        at=action.moment,
        since=first.opened_at if delta and first else None,
        link_until=until,
        locale=case.account.locale,
    )


def exported(receipt: ExportReceipt) -> Outcome:
    """Where the export is, and what proves that it is whole."""
    rows = sum(section.rows for section in receipt.sections)
    empty = " ".join(section.section for section in receipt.sections if section.state is not SectionState.INCLUDED)
    items = {"export": receipt.id, "rows": rows, "bytes": receipt.bytes, "sha256": receipt.sha256, "empty": empty}
    proof = tuple(EvidenceItem(content=name, text=str(value)) for name, value in items.items() if value != "")
    return Outcome(receipt=receipt.id, proof=proof)
