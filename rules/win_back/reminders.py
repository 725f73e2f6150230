"""The reminders inside the company: one for each day that the policy names, made after the step of the plan (DIS-21)."""

from __future__ import annotations

from models.calendar import Offset
from models.cancellation import CLOSED
from models.plan import StepSpec, When
from models.win_back import WinBackCase
from rules.edit import change, put_steps
from rules.planning import new_steps
from rules.win_back.terms import leaving_policy

PATTERN, DUE = "reminder", "reminder_due"


def planned(case: WinBackCase) -> WinBackCase:
    """The case with its reminders in place of the step that stands for them."""
    pattern = case.plan.step(PATTERN) if case.plan else None
    if pattern is None:
        return case
    case = change(case, steps=tuple(step for step in case.steps if step.step_id != PATTERN))
    days = enumerate(leaving_policy(case).win_back.reminders, 1)
    wanted = (_on(pattern, n, after) for n, after in days)
    fresh = tuple(spec for spec in wanted if case.spec(spec.id) is None)
    steps = (step.model_copy(update={"by_hand": True}) for step in new_steps(fresh, case.opened_at))
    return put_steps(change(case, extras=(*case.extras, *fresh)), *steps)


def _on(pattern: StepSpec, n: int, after: Offset) -> StepSpec:
    opens, due = (_moved(when, after) for when in (pattern.opens, pattern.due or pattern.opens))
    return pattern.model_copy(update={"id": f"{PATTERN}_{n}", "opens": opens, "due": due})


def _moved(when: When, after: Offset) -> When:
    if when.after != DUE:
        return when
    own = when.offset
    total = Offset(months=after.months + own.months, days=after.days + own.days, minutes=after.minutes + own.minutes)
    return When(after=CLOSED, offset=total, clock=when.clock)
