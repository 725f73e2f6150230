"""Another end date, agreed late: what counts from it is dated anew, and what was done for the old day is done again."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase, Found
from models.plan import StepSpec
from models.step import Step, StepState
from rules import planning
from rules.cancellation.telling_the_day import from_end
from rules.edit import drop_drafts, not_tried_again, put_steps, say
from rules.talking import warn_manager
from rules.working import WORK

_BY_FIGURES = (Found.REFUND_DUE, Found.BALANCE_DUE)
REDUCED = ("read_only_some", "read_only_all")
"""The steps that reduce access."""


def dated_anew(case: CancellationCase, now: datetime) -> CancellationCase:
    """What is not ended yet follows the end date; a day that a person set stays, unless it comes before the plan's.

    What has opened for the old day waits for the new one, but for letters that a person has to send. Notices, figures and
    approvals for the old day are owed anew. Access that was reduced for it is put before the manager.
    """
    for step, spec in planning.running(case):
        if _counts(spec):
            case = _follows(case, step, spec, now)
    return _reduced_too_early(_owed_again(case, now), now)


def _follows(case: CancellationCase, step: Step, spec: StepSpec, now: datetime) -> CancellationCase:
    """The step on the day that the new end gives it; one that had opened waits again where that day is ahead."""
    moved = planning.dated(case, _bare(step), spec)
    if step.moves and step.due and moved.opens and step.due >= moved.opens:
        opens = max(step.opens or moved.opens, moved.opens) if from_end(spec.opens) else step.opens
        moved = planning.dated(case, step.model_copy(update={"opens": opens}), spec)
    if not _waits_again(case, step, spec) or moved.opens is None or moved.opens <= now:
        return put_steps(case, moved)
    return _put_back(case, moved, f"it waits for {moved.opens:%Y-%m-%d %H:%M} UTC, as the end date moved", now)


def _waits_again(case: CancellationCase, step: Step, spec: StepSpec) -> bool:
    """Whether a step that has opened may not go on before its new day: all but a letter, which is drafted anew with it."""
    flying = any(action.verb in WORK and step.id in action.steps for action in case.in_flight)
    return step.state is StepState.OPEN and from_end(spec.opens) and (spec.template is None or flying)


def _put_back(case: CancellationCase, step: Step, why: str, now: datetime) -> CancellationCase:
    """The step is not worked on any more until it opens again, in a new round; no letter of it goes out before.

    What is on its way cannot be called back; it is not tried again.
    """
    bare = {"state": StepState.WAITING, "opened_at": None, "automatic_failed": False, "automatic_refused": False}
    case = put_steps(case, step.model_copy(update=bare | {"round": step.round + 1, "told": ()}))
    case = drop_drafts(not_tried_again(case, step.id), step.id)
    return say(case, now, "put_back", why, step=step.id)


def landed(case: CancellationCase, step: Step, now: datetime) -> CancellationCase:
    """What was on its way as its step was put back, and took place for the old day: it is owed anew, or put right."""
    spec = case.spec(step.step_id)
    early = step.state is StepState.DONE and step.ended_by is None and step.opened_at is None
    if not early or spec is None or not _counts(spec):
        return case
    return _reduced_too_early(case, now) if step.step_id in REDUCED else _anew(case, step, spec, now)


def _anew(case: CancellationCase, step: Step, spec: StepSpec, now: datetime) -> CancellationCase:
    """The step that was done for the old day, owed for the new one in a new round."""
    fresh = Step(step_id=step.step_id, origin=now, round=step.round + 1)
    case = put_steps(case, planning.dated(case, fresh, spec))
    return say(case, now, "owed_again", "it was done for the end date before", step=step.id)


def _owed_again(case: CancellationCase, now: datetime) -> CancellationCase:
    """The steps that were done for the old day, and those that hang on them, each in a new round."""
    specs, again = case.specs(), set[str]()
    for step in case.steps:
        spec = specs.get(step.step_id)
        if spec is None or step.step_id in REDUCED:
            continue
        hangs = any(spec.opens.after == f"step:{name}" for name in again)
        if hangs and step.state is StepState.OPEN:
            case = _put_back(case, _bare(step), "what it is about is owed anew for the new end date", now)
        elif step.state is StepState.DONE and (hangs or _counts(spec)):
            again.add(step.step_id)
            case = _anew(case, step, spec, now)
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
    done = [step.step_id for step in case.steps if step.step_id in REDUCED and step.state is StepState.DONE]
    if not done:
        return case
    text = (
        f"access of {case.account_id} is reduced since before the new end date ({', '.join(done)}); restore it by hand"
    )
    return warn_manager(say(case, now, "reduced_too_early", text), now, text)


def _counts(spec: StepSpec) -> bool:
    return from_end(spec.opens) or from_end(spec.due)


def _bare(step: Step) -> Step:
    """The step without a date, whoever had set it."""
    unset = {"opens": None, "due": None, "warn": None, "warn_from": None, "pinned_due": False, "told": ()}
    return step.model_copy(update=unset)
