"""The receipt of every request: each has its own, at once, with its own time (CANC-10, section 312k(4) BGB)."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase, ReceivedRequest
from models.plan import StepSpec, When
from models.step import Step
from rules.edit import change, put_steps
from rules.planning import new_steps

STEP = "receipt"


def owed(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case with a receipt owed for every request that joined it; the first one's is a step of the plan."""
    pattern = case.plan.step(STEP) if case.plan else None
    if pattern is None:
        return case
    for n in range(2, len(case.requests) + 1):
        if case.spec(_name(n)) is None:
            case = _with(case, pattern, n, now)
    return case


def request_of(case: CancellationCase, step: Step) -> ReceivedRequest | None:
    """The request that a step is the receipt of; None for any other step."""
    names = {STEP if n == 1 else _name(n): request for n, request in enumerate(case.requests, 1)}
    return names.get(step.step_id)


def _with(case: CancellationCase, pattern: StepSpec, n: int, now: datetime) -> CancellationCase:
    spec = pattern.model_copy(update={"id": _name(n), "opens": When()})
    step = new_steps((spec,), now)[0].model_copy(update={"by_hand": True})
    return put_steps(change(case, extras=(*case.extras, spec)), step)


def _name(n: int) -> str:
    return f"{STEP}_{n}"
