"""A promised turn, such as the weekly update, is broken at its due moment, not when the next one is due (SAVE-18)."""

from __future__ import annotations

from datetime import datetime

from models.plan import StepSpec
from models.step import Step
from rules.edit import C, put_steps, say


def said(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """The case with the breach of that turn on its timeline, once for each due moment."""
    kept = step.due is None or step.due > now or step.breached_at == step.due
    if kept or spec.recur is None or not spec.promise:
        return case
    broken = put_steps(case, step.model_copy(update={"breached_at": step.due}))
    return say(broken, now, "promise_breached", f"{spec.title}: promised for now, and not there", step=step.id)
