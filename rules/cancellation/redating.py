"""Another end date, agreed late: what counts from it is dated anew, and what was done for the old day is done again."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase, Found
from models.plan import StepSpec
from models.step import Step, StepState
from rules import planning
from rules.cancellation.telling_the_day import from_end
from rules.edit import put_steps, say
from rules.talking import warn_manager

_BY_FIGURES = (Found.REFUND_DUE, Found.BALANCE_DUE)
_REDUCED = ("read_only_some", "read_only_all")


def dated_anew(case: CancellationCase, now: datetime) -> CancellationCase:
    """What is not ended yet follows the end date; a date that a person set stays.

    Notices, figures and approvals for the old day are owed anew. Access that was reduced for it is put before the manager.
    """
    for step, spec in planning.running(case):
        if _counts(spec) and not step.pinned_due:
            case = put_steps(case, planning.dated(case, _bare(step), spec))
    return _reduced_too_early(_owed_again(case, now), now)


def _owed_again(case: CancellationCase, now: datetime) -> CancellationCase:
    """The steps that were done for the old day, and those that hang on them, each in a new round."""
    specs, again = case.specs(), set[str]()
    for step in case.steps:
        spec = specs.get(step.step_id)
        if step.state is not StepState.DONE or spec is None or step.step_id in _REDUCED:
            continue
        if _counts(spec) or any(spec.opens.after == f"step:{name}" for name in again):
            again.add(step.step_id)
            fresh = Step(step_id=step.step_id, origin=now, round=step.round + 1)
            case = put_steps(case, planning.dated(case, fresh, spec))
            case = say(case, now, "owed_again", "it was done for the end date before", step=step.id)
    return _decided_anew(case, now) if again else case


def _decided_anew(case: CancellationCase, now: datetime) -> CancellationCase:
    """What the former figures said is not owed: the new ones may say otherwise (OFFB-19, OFFB-20)."""
    specs = case.specs()
    for step in case.steps:
        spec = specs.get(step.step_id)
        if spec and spec.only in _BY_FIGURES and step.state is StepState.SKIPPED and step.ended_by is None:
            case = put_steps(case, Step(step_id=step.step_id, origin=now, round=step.round + 1))
    return case


def _reduced_too_early(case: CancellationCase, now: datetime) -> CancellationCase:
    done = [step.step_id for step in case.steps if step.step_id in _REDUCED and step.state is StepState.DONE]
    if not done:
        return case
    text = (
        f"access of {case.account_id} is reduced since before the new end date ({', '.join(done)}); restore it by hand"
    )
    return warn_manager(say(case, now, "reduced_too_early", text), now, text)


def _counts(spec: StepSpec) -> bool:
    return from_end(spec.opens) or from_end(spec.due)


def _bare(step: Step) -> Step:
    return step.model_copy(update={"opens": None, "due": None, "warn": None, "told": ()})
