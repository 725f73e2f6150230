"""How a plan becomes the plan of a case: all or nothing, with everything that was done kept (AMB-39)."""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from models.case import Ask, Case
from models.past_step import PastStep
from models.plan import Plan, StepSpec
from models.policy import RootCauseRule
from models.step import Evidence, Step, StepState
from rules.dating import later
from rules.edit import C, change, drop_drafts, put_steps, say
from rules.planning import advance, dated, follow_up, new_steps
from rules.reviving import come_back

LEFT = "left with its playbook"


def adopt(case: C, plan: Plan, ask: Ask, now: datetime) -> C:
    """The case under ``plan``. Ended steps stay as they are; steps of the same id go on; the others leave with a reason.

    Offsets of the first plan count from the opening of the case, those of steps that a later playbook brings from
    ``now`` (UTC), which is when it was triggered.
    """
    former, first = case.plan, case.plan is None
    plan = _whole(former, plan)
    case = change(case, plan=plan, extras=_extras(case, plan))
    case = _leave_behind(case, plan, now)
    case = put_steps(case, *_arriving(case, plan, case.opened_at if first else now))
    case = put_steps(case, *kept_dates(case, plan))
    change_text = f"{former.ref} -> {plan.ref}" if former else plan.ref
    case = say(case, now, "plan_adopted", f"{change_text}: {ask.reason}", by=ask.by)
    return _with_past(case, now) if first and case.imported_at else case


def _whole(former: Plan | None, plan: Plan) -> Plan:
    """A module joins the plan that runs; another playbook takes over the modules that were under way."""
    if former is None:
        return plan
    return former.with_module(plan) if plan.is_module else reduce(Plan.with_module, former.modules, plan)


def _extras(case: Case, plan: Plan) -> tuple[StepSpec, ...]:
    former = case.plan.steps if case.plan else ()
    ids = {step.step_id for step in case.steps}
    kept = (spec for spec in (*case.extras, *former) if spec.id in ids and plan.step(spec.id) is None)
    return tuple({spec.id: spec for spec in kept}.values())


def leave_module(case: C, module: str, why: str, now: datetime) -> C:
    """The case without that module: its open steps leave with the reason, and come back if it is ever adopted again."""
    if case.plan is None:
        return case
    plan = case.plan.without_module(module)
    return _leave_behind(change(case, plan=plan, extras=_extras(case, plan)), plan, now, f"{LEFT}: {why}")


def leave_unfit(case: C, cause: RootCauseRule, now: datetime) -> C:
    """The case without the modules that a root cause does not allow, also those from before any was known (PLAY-150)."""
    running = [module.name for module in case.plan.modules] if case.plan else []
    for module in (name for name in running if name not in cause.modules):
        case = leave_module(case, module, f"{module} is no answer to {cause.code}", now)
        case = say(case, now, "module_left", f"{module} is no answer to {cause.code}; what is done stays")
    return case


def _leave_behind(case: C, plan: Plan, now: datetime, reason: str = LEFT) -> C:
    for step in case.steps:
        if not step.ended and plan.step(step.step_id) is None and not step.by_hand:
            ended = step.model_copy(update={"state": StepState.SKIPPED, "reason": reason, "ended_at": now})
            case = say(drop_drafts(put_steps(case, ended), step.id), now, "step_skipped", reason, step=step.id)
    return case


def _arriving(case: Case, plan: Plan, origin: datetime) -> tuple[Step, ...]:
    """Steps that the case has not, and steps that had left with their playbook and come back with it."""
    known = {step.step_id for step in case.steps}
    on = {step.step_id for step in case.steps if not step.ended}
    left = {step.step_id: step for step in case.steps if step.reason.startswith(LEFT) and step.step_id not in on}
    fresh = new_steps(tuple(spec for spec in plan.steps if spec.id not in known), origin)
    return fresh + tuple(come_back(case, spec, left[spec.id], origin) for spec in plan.steps if spec.id in left)


def kept_dates(case: Case, plan: Plan) -> tuple[Step, ...]:
    """Steps that go on are dated by the new plan; one that a person moved stays where it was put."""
    on = ((step, plan.step(step.step_id)) for step in case.steps if not step.ended and step.opens)
    return tuple(dated(case, step, spec) for step, spec in on if spec)


def _with_past(case: C, now: datetime) -> C:
    """What was done before the import is done; what was late by then gets a grace, so that no storm follows.

    Recurring steps come last: the rhythm of some begins with another step, and only a turn that is still on can be done.
    """
    recurs = {spec.id for spec in case.plan.steps if spec.recur} if case.plan else set()
    for past in (past for past in case.past if past.step_id not in recurs):
        case = _done_before(case, past, case.step(past.step_id), now)
    case = advance(case, now)
    for past in (past for past in case.past if past.step_id in recurs):
        turn = case.step(past.step_id)
        present = turn is not None and turn.opens is not None and turn.opens <= past.at
        case = _done_before(case, past, turn if present else None, now)
    return _with_grace(advance(case, now), now)


def _done_before(case: C, past: PastStep, step: Step | None, now: datetime) -> C:
    spec = case.spec(past.step_id)
    if step is None or spec is None or step.ended:
        why = "was done before, and its turn is over" if spec else f"is not in {case.plan and case.plan.ref}"
        return say(case, now, "import_not_owed", f"{past.step_id} {why}: {past.evidence}")
    done = {"state": StepState.DONE, "opened_at": past.at, "ended_at": past.at, "ended_by": past.by}
    ended = step.model_copy(update={**done, "evidence": Evidence(text=past.evidence)})
    return follow_up(put_steps(case, ended), ended, spec)


def _with_grace(case: C, now: datetime) -> C:
    assert case.plan is not None
    until = later(now, case.plan.policy.import_grace)
    for step in case.steps:
        if step.ended or step.due is None or step.due >= until:
            continue
        text = f"was due {step.due:%Y-%m-%d %H:%M UTC} before the import"
        moved = step.model_copy(update={"due": until, "warn": None, "pinned_due": True})
        case = say(put_steps(case, moved), now, "import_grace", text, step=step.id)
    return case
