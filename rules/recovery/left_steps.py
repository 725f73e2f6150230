"""The steps that a save left to its recovery: each is owed on its day, or in the meeting that may cover it (DIS-23)."""

from __future__ import annotations

from datetime import datetime

from models.recovery import RecoveryCase
from models.starts import CarriedStep
from rules.edit import change, put_steps, say
from rules.planning import new_steps


def take_over(case: RecoveryCase, steps: tuple[CarriedStep, ...], now: datetime) -> RecoveryCase:
    """The case with every step that the save handed on, once; under a newer plan a meeting is named for both again."""
    for carried in steps:
        case = _in_one_meeting(case, carried, now) if carried.within else _owed(case, carried, now)
    return case


def _owed(case: RecoveryCase, carried: CarriedStep, now: datetime) -> RecoveryCase:
    spec = carried.spec
    if any(step.step_id == spec.id for step in case.steps):
        return case
    dated = {"opens": carried.opens, "due": carried.due, "pinned_due": True} if spec.recur is None else {}
    step = new_steps((spec,), now)[0].model_copy(update={"by_hand": True} | dated)
    case = put_steps(change(case, extras=(*case.extras, spec)), step)
    return say(case, now, "step_taken_over", f"{spec.title}: left by save case {case.save_case_id}", step=step.id)


def _in_one_meeting(case: RecoveryCase, carried: CarriedStep, now: datetime) -> RecoveryCase:
    """The meeting bears both names, so that its reminders and its task speak of both."""
    spec = case.plan.step(carried.within) if case.plan and carried.within else None
    meeting = case.step(carried.within) if carried.within else None
    if case.plan is None or spec is None or meeting is None:
        return _owed(case, carried, now)
    if meeting.ended or carried.spec.title in spec.title:
        return case
    both = f"{spec.title} It may also be {carried.spec.id} of the save: {carried.spec.title}"
    case = change(case, plan=case.plan.with_steps((spec.id,), title=both))
    text = (
        f"the customer was saved within days of the trigger: {carried.spec.id} of save case {case.save_case_id}, due "
        f"{carried.due:%Y-%m-%d}, and {spec.id} may be one meeting"
    )
    return say(case, now, "one_meeting", text, step=spec.id)
