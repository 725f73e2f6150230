"""The stages of a cancellation as facts earn them, and its end where nothing is owed any more (CANC-9..18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.cancellation import (
    CONFIRMED,
    CancellationCase,
    CancellationOutcome,
    CancellationStage,
)
from models.case import CaseKind, Sibling
from models.plan import StepSpec
from models.step import Step, StepState
from rules import conditions, ending, personal, planning
from rules.cancellation import findings, following, save_beside, save_talk, scoping, withdrawing
from rules.edit import change, say

ORDER = tuple(CancellationStage)


def settle(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case as its facts have it: what is found, the stage, and its end."""
    return case if case.closed else save_beside.settle(_settled(case, now), now)


def _settled(case: CancellationCase, now: datetime) -> CancellationCase:
    case = _staged(scoping.owed_again(findings.settle(case), now), now)
    if case.withdrawn_at is None and case.save_outcome in save_talk.WON and can_turn_back(case):
        case = withdrawing.undo(say(case, now, "saved", f"the save attempt ended as {case.save_outcome}"), now)
        case = findings.settle(case)
    if case.withdrawn_at:
        return withdrawing.settle(case, now)
    return _ended(case, now)


def can_turn_back(case: CancellationCase) -> bool:
    """Whether no closing action has begun, after which nothing is undone (AMB-18)."""
    specs = case.specs()
    return not any(step.opened_at and specs[step.step_id].no_return for step in case.steps if step.step_id in specs)


def _staged(case: CancellationCase, now: datetime) -> CancellationCase:
    reached = tuple(stage for stage in ORDER if stage in {*case.reached, *_earned(case)})
    stage = reached[-1]
    if reached == case.reached:
        return case
    changed = change(case, reached=reached, stage=stage)
    return changed if stage is case.stage else say(changed, now, "stage", f"{case.stage} -> {stage}")


def _earned(case: CancellationCase) -> Iterator[str]:
    """Stages that steps enter as they open and reach as they are done, and those that decisions bring."""
    specs = case.specs()
    for step in case.steps:
        spec = specs.get(step.step_id)
        if spec and spec.enters and step.opened_at:
            yield spec.enters
        if spec and spec.reaches and step.state is StepState.DONE:
            yield spec.reaches
    if case.intentional:
        yield CancellationStage.SAVE_DECISION
        yield from _beside(case)
    if case.anchor(CONFIRMED):
        yield CancellationStage.CONFIRMED


def _beside(case: CancellationCase) -> Iterator[str]:
    """The save talk and the approvals run beside the work; the case shows the one that it waits for."""
    talk = case.finding("save_accepted").holds
    if talk and not case.save_outcome:
        yield CancellationStage.SAVE_CONVERSATION
    if (talk is False or case.save_outcome) and case.end_date is None:
        yield CancellationStage.APPROVAL


def _ended(case: CancellationCase, now: datetime) -> CancellationCase:
    if personal.owed(case):
        return case  # the law that protects a person runs on, whatever the account decided
    if case.intentional is False:
        return _close(case, CancellationOutcome.MISROUTED, "the customer does not want to leave", now)
    if case.done(scoping.CHANGE) and case.end_date is None:
        return _close(case, CancellationOutcome.SCOPE_CHANGED, "the subscription was changed as asked", now)
    if CancellationStage.DEACTIVATED in case.reached and not _owed(case):
        closed = _close(case, CancellationOutcome.LEFT, "the customer has left, and nothing is owed any more", now)
        return _with_win_back(closed, now) if following.memory_of(case) else closed
    return case


def _owed(case: CancellationCase) -> bool:
    """Whether anything that has a date is still to be done; what waits for a withdrawal never comes."""
    return any(_is_dated(case, step, spec) and not spec.optional for step, spec in planning.running(case))


def _is_dated(case: CancellationCase, step: Step, spec: StepSpec) -> bool:
    """Whether a step has its date, or gets it now, since what it counts from has just taken place."""
    return step.opens is not None or (
        conditions.is_wanted(case, spec) is True and bool(planning.dated(case, step, spec).opens)
    )


def _close(case: CancellationCase, outcome: CancellationOutcome, notes: str, now: datetime) -> CancellationCase:
    return ending.close(case, outcome, CancellationStage(case.stage), notes, now)


def _with_win_back(case: CancellationCase, now: datetime) -> CancellationCase:
    return change(case, siblings=(*case.siblings, Sibling(kind=CaseKind.WIN_BACK, at=now)))
