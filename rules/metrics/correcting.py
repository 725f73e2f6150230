"""A save whose outcome was stated wrongly counts once, with the outcome that was right (CONV-21, SAVE-36)."""

from __future__ import annotations

from models.case import CaseKind
from models.metrics import CaseRecord
from rules.metrics import cases
from rules.metrics.cases import Records


def saves(records: Records) -> list[CaseRecord]:
    """The saves as they are counted: an attempt has the outcome, and the end, of the last one that puts it right.

    Until that one is closed, the attempt is undecided. What puts another right is no attempt of its own.
    """
    found = cases.of_kind(records, CaseKind.SAVE)
    right = {record.case.corrects.case_id: record for record in found if record.case.corrects}
    return [_righted(record, right) for record in found if record.case.corrects is None]


def _righted(record: CaseRecord, right: dict[str, CaseRecord]) -> CaseRecord:
    last = record
    while last.case.case_id in right:
        last = right.pop(last.case.case_id)
    ended = {"outcome": last.case.outcome, "closed_at": last.case.closed_at, "root_cause": last.case.root_cause}
    return record if last is record else record.model_copy(update={"case": record.case.model_copy(update=ended)})
