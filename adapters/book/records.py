"""All cases as the metrics count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.book.mapping import case_entry, read, step_entry
from models.case import TimelineEvent
from models.metrics import COUNTED, CaseRecord
from models.promise import Commitment
from models.tables import CaseRow, CommitmentRow, StepRow, TimelineRow


class _OfCase(Protocol):
    case_id: str


Row = TypeVar("Row", bound=_OfCase)


async def records_of(session: AsyncSession) -> tuple[CaseRecord, ...]:
    """Every case with its steps, its promises, and the lines of its history whose kind is counted."""
    cases = (await session.scalars(select(CaseRow).order_by(col(CaseRow.case_id)))).all()
    steps = _by_case(await session.scalars(select(StepRow).order_by(col(StepRow.id))))
    promised = _by_case(await session.scalars(select(CommitmentRow).order_by(col(CommitmentRow.id))))
    counted = select(TimelineRow).where(col(TimelineRow.kind).in_(COUNTED)).order_by(col(TimelineRow.n))
    lines = _by_case(await session.scalars(counted))
    return tuple(
        CaseRecord(
            case=case_entry(case),
            steps=tuple(step_entry(row, case) for row in steps[case.case_id]),
            commitments=tuple(read(Commitment, row) for row in promised[case.case_id]),
            timeline=tuple(read(TimelineEvent, row) for row in lines[case.case_id]),
        )
        for case in cases
    )


def _by_case(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found
