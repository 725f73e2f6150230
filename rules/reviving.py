"""Steps that come back: with their playbook, or because the step that had ended them was opened again."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.plan import StepSpec
from models.step import Step, StepState
from rules.conditions import NOT_DECIDED
from rules.edit import C, put_steps, say
from rules.planning import OVER, first_turn_after, new_steps


def come_back(case: Case, spec: StepSpec, last: Step, origin: datetime) -> Step:
    """The step again; a recurring one in its old rhythm, without the turns that passed by ``origin`` (UTC)."""
    (first,) = new_steps((spec,), origin)
    if spec.recur is None:
        return first.model_copy(update={"round": last.round + 1})
    left_out = last.state is StepState.SKIPPED
    number, again = (last.occurrence, last.round + 1) if left_out else (last.occurrence + 1, 1)
    rhythm = {"origin": last.origin, "shift": last.shift, "round": again}
    return first_turn_after(case, first.model_copy(update={"occurrence": number, **rhythm}), spec, origin)


def revive(case: C, step_id: str, now: datetime) -> C:
    """The case after step ``step_id`` was opened again: what its end had ended is owed, or decided, once more (AMB-20)."""
    case = _undated(case, step_id)
    last = {step.step_id: step for step in case.steps}
    specs = (spec for name in last if (spec := case.spec(name)))
    for spec in specs:
        if last[spec.id].ended and _ended_by(spec, last[spec.id], step_id):
            case = put_steps(case, come_back(case, spec, last[spec.id], now))
            case = say(case, now, "step_back", f"since {step_id} was opened again", step=spec.id)
    return case


def _undated(case: C, step_id: str) -> C:
    """What counts from that step and has not opened yet waits for its new end."""
    owed = (step for step in case.steps if step.state is StepState.WAITING and not step.pinned_due)
    waiting = [step for step in owed if (spec := case.spec(step.step_id)) and counts_from(spec, step_id)]
    cleared = (step.model_copy(update={"opens": None, "due": None, "warn": None}) for step in waiting)
    return put_steps(case, *cleared) if waiting else case


def counts_from(spec: StepSpec, step_id: str) -> bool:
    """Whether a moment of the step counts from the end of that one."""
    return any(when and when.after == f"step:{step_id}" for when in (spec.opens, spec.due))


def _ended_by(spec: StepSpec, step: Step, step_id: str) -> bool:
    over = step.state is StepState.DONE or step.reason == OVER
    ended_its_turns = spec.until is not None and spec.until.step == step_id and over
    decided_against = spec.condition is not None and spec.condition.step == step_id
    return ended_its_turns or (decided_against and step.reason.startswith(NOT_DECIDED))
