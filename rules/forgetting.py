"""An open case whose customer's data was erased: what people wrote in it is gone as well (OFFB-25, GDPR 17).

A case that is still owed something lives on after the erasure, and is read like any other: it keeps its days, steps and
decisions, and no word. What people write in it afterwards goes with the next erasure.
"""

from __future__ import annotations

from models import wordless
from models.cancellation import CancellationCase
from models.case import Case
from models.step import Step
from rules.edit import C, change, put_steps


def cancellation(case: CancellationCase) -> CancellationCase:
    """The case without a word of the customer or about them; itself where none is left."""
    bare = wordless.leaving(case) | {name: wordless.GONE for name in ("unusual", "attempt_left") if getattr(case, name)}
    if case.attempt_override:
        bare["attempt_override"] = case.attempt_override.model_copy(update={"reason": wordless.GONE})
    bare["contacts"] = tuple(one.model_copy(update={"summary": wordless.GONE}) for one in case.contacts)
    bare["facts"] = tuple(one.model_copy(update={"detail": ""}) for one in case.facts)
    return _with(_records(case), **bare)


def _records(case: C) -> C:
    """The case with its steps, promises, approvals and history as the book has them after an erasure."""
    added = frozenset(event.step for event in case.timeline if event.kind == wordless.ADDED and event.step)
    bare = tuple(_step(step) for step in case.steps)
    if changed := [new for new, old in zip(bare, case.steps, strict=True) if new != old]:
        case = put_steps(case, *changed)
    titled = {spec.id for spec in case.extras if wordless.is_titled_by_person(spec.id, added)}
    extras = tuple(s.model_copy(update={"title": s.id}) if s.id in titled else s for s in case.extras)
    return _with(_with(case, extras=extras), **_promised(case), timeline=_history(case))


def _step(step: Step) -> Step:
    return step.model_copy(update=wordless.step(step.ended_by, step.evidence))


def _promised(case: Case) -> dict[str, object]:
    """What the book has rows of is written anew where it changes."""
    commitments = tuple(one.model_copy(update={"title": one.id}) for one in case.commitments)
    approvals = tuple(one.model_copy(update=wordless.approval()) for one in case.approvals)
    rev = {"revision": case.revision + 1}
    return {
        "commitments": tuple(
            new if new == old else new.model_copy(update=rev)
            for new, old in zip(commitments, case.commitments, strict=True)
        ),
        "approvals": tuple(
            new if new == old else new.model_copy(update=rev)
            for new, old in zip(approvals, case.approvals, strict=True)
        ),
    }


def _history(case: Case) -> tuple[object, ...]:
    return tuple(event.model_copy(update={"text": wordless.GONE}) for event in case.timeline)


def _with(case: C, **fields: object) -> C:
    """The case with these fields, at its next revision where one of them differs."""
    same = all(getattr(case, name) == value for name, value in fields.items())
    return case if same else change(case, **fields)
