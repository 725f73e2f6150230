"""Between the models of the book and its rows."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel
from sqlmodel import SQLModel

from adapters.rows import flat
from models.book import CaseEntry, OverdueStep, StepEntry
from models.status import StepStatus
from models.step import StepState
from models.tables import CaseRow, StepRow

Model = TypeVar("Model", bound=BaseModel)
Row = TypeVar("Row", bound=SQLModel)


def read(kind: type[Model], row: SQLModel) -> Model:
    """The model of a row whose columns bear the names of its fields."""
    return kind.model_validate(row, from_attributes=True)


def of_case(kind: type[Row], case_id: str, record: BaseModel) -> Row:
    """The row of something that belongs to a case."""
    return kind(**(flat(record) | {"case_id": case_id}))


def step_row(case_id: str, entry: StepEntry) -> StepRow:
    """The row of a step; whether it is overdue is derived when it is read."""
    columns = {name: value for name, value in flat(entry, "status").items() if name != "overdue"}
    return StepRow(case_id=case_id, **columns)


def case_entry(row: CaseRow) -> CaseEntry:
    """The entry of a case."""
    return read(CaseEntry, row)


def step_entry(row: StepRow, case: CaseRow) -> StepEntry:
    """The entry of a step; overdue is meant at the case's own time, and in a closed case nothing is."""
    late = row.state == StepState.OPEN and row.due is not None and row.due <= case.as_of and case.closed_at is None
    return StepEntry(
        status=read(StepStatus, row).model_copy(update={"overdue": late}),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        reason=row.reason,
        revision=row.revision,
    )


def overdue_step(step: StepRow, case: CaseRow) -> OverdueStep:
    """A late step with the case that it belongs to."""
    if step.due is None:
        raise ValueError(f"step {step.id} of case {case.case_id} has no due moment, so it cannot be late")
    return OverdueStep(
        case_id=case.case_id,
        workflow_id=case.workflow_id,
        account_id=case.account_id,
        step_id=step.id,
        title=step.title,
        owner=step.owner,
        person=step.person,
        late_since=step.due,
    )
