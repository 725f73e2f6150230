"""Which steps of a plan a case needs: as it was found, and as people decided; and what must be behind it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.case import Case
from models.plan import StepSpec
from models.step import Step

NOT_DECIDED = "not needed:"


def why_not(case: Case, spec: StepSpec) -> str:
    """Why a step is not needed, of which ``is_wanted`` says so."""
    if spec.only and case.finding(spec.only).holds is False:
        return case.finding(spec.only).why
    assert spec.condition is not None
    return f"{spec.condition.step} was not decided as '{spec.condition.decision}'"


def is_wanted(case: Case, spec: StepSpec) -> bool | None:
    """Whether the step is part of the plan of this case: as the case was found, and as people decided; None before."""
    known = case.finding(spec.only).holds if spec.only else True
    decided = _condition_holds(case, spec)
    if known is False or decided is False:
        return False
    return True if known and decided else None


def _condition_holds(case: Case, spec: StepSpec) -> bool | None:
    """True or False once the step that decides is ended; None before."""
    if spec.condition is None:
        return True
    asked = next((step for step in case.steps if step.step_id == spec.condition.step), None)
    if asked is None or not asked.ended:
        return None if asked else False
    return asked.evidence is not None and asked.evidence.decision == spec.condition.decision


def waits(case: Case, spec: StepSpec) -> bool:
    """Whether a step must not open yet, since one that it needs is not ended."""
    return bool(waits_for(case, spec))


def waits_for(case: Case, spec: StepSpec) -> tuple[str, ...]:
    """The steps by their plan ids that must end before this one opens."""
    return tuple(needed for needed in spec.needs if not _is_behind(case, needed))


def _is_behind(case: Case, step_id: str) -> bool:
    """Whether a step that another one needs is ended in every turn that it has, or has no cause yet."""
    turns = [step for step in case.steps if step.step_id == step_id]
    return bool(turns) and all(step.ended or not _has_cause(case, step) for step in turns)


def _has_cause(case: Case, step: Step) -> bool:
    """Whether the step is known to be a part of this case, such as a talk that the customer accepted."""
    spec = case.spec(step.step_id)
    return spec is None or is_wanted(case, spec) is not None


def delayed(step: Step, spec: StepSpec, now: datetime) -> dict[str, Any]:
    """What waited for others beyond its day is given the time that it would have had."""
    if not spec.needs or step.pinned_due or step.opens is None or step.due is None or step.due > now:
        return {}
    return {"due": now + (step.due - step.opens), "pinned_due": True, "warn_from": now}
