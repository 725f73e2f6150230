"""Steps that the system does by itself: on which lane their work travels, and what its receipt or its failure means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from models.automatic import Work
from models.case import Case, RefusalType
from models.effects import Action, Outcome, Verb, Word
from models.plan import StepSpec
from models.step import Evidence, Step, StepState
from rules import lifecycle, steps
from rules.cancellation import work
from rules.edit import C, put_steps, say, tell
from rules.planning import follow_up, running
from rules.working import WORK

AUTOMATIC = frozenset({Verb.NOTIFY_TEAM, Verb.MEASURE_SERVICE, *WORK})
"""The verbs of automatic steps."""

_LACKS: dict[Work, Callable[[Case], str]] = {Work.REFUND: work.refund_lacks}
"""What the system would need for a work and has not, as a sentence; empty where it has everything."""


def settle(case: C, now: datetime) -> C:
    """A step for which the system lacks the figures is its person's as it opens; nobody outside is asked (OFFB-19)."""
    for step, spec in tuple(running(case)):
        if step.state is StepState.OPEN and not step.automatic_failed and (why := _lacks(case, spec)):
            case = _for_person(case, step, spec, why, now)
    return case


def done(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The step is done by the receipt, with what was found or made; a step that was ended meanwhile stays as it is."""
    step, spec = steps.of_action(case, action)
    if step is None or spec is None or step.ended:
        return say(case, now, "done_late", f"{action.summary}: receipt {outcome.receipt}; its step had ended before")
    proof = Evidence(text=_proof(action, outcome), items=outcome.proof)
    ended = step.model_copy(update={"state": StepState.DONE, "ended_at": now, "evidence": proof})
    case = say(put_steps(case, ended), now, "step_done", steps.told(proof), step=step.id)
    return lifecycle.of(case).step_ended(follow_up(case, ended, spec), ended, now)


def failed(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """What the system could not do is a person's step from now on; its owner is told."""
    step, spec = steps.of_action(case, action)
    if step is None or spec is None or step.ended:
        return case
    refused = step.model_copy(update={"automatic_refused": outcome.error_type == RefusalType.NOT_ALLOWED})
    return _for_person(case, refused, spec, outcome.reason, now)


def _for_person(case: C, step: Step, spec: StepSpec, why: str, now: datetime) -> C:
    case = put_steps(case, step.model_copy(update={"automatic_failed": True}))
    text = f"could not be done by the system ({why}); it is now for {step.person} to do"
    case = say(case, now, "step_manual", text, step=step.id)
    return tell(case, now, step.person, Word.FAILED, spec.title, step.id)


def is_over(case: Case, action: Action) -> bool:
    """Whether the step that the action is for has ended or was put off, so that it must not take place any more."""
    step, _ = steps.of_action(case, action)
    return action.verb in WORK and step is not None and step.state is not StepState.OPEN


def _proof(action: Action, outcome: Outcome) -> str:
    if action.verb is Verb.NOTIFY_TEAM:
        return f"sent to {', '.join(action.recipients)}; receipt {outcome.receipt}"
    return f"receipt {outcome.receipt}"


def once_more(case: C, step: Step, now: datetime) -> C:
    """The case in which the system does the work of a step again, in a new round, that it could not do at first."""
    fresh = {"state": StepState.OPEN, "opened_at": now, "told": (), "round": step.round + 1}
    return put_steps(case, step.model_copy(update=fresh | {"automatic_failed": False, "automatic_refused": False}))


def _lacks(case: Case, spec: StepSpec) -> str:
    lacks = _LACKS.get(spec.automatic.does) if spec.automatic and spec.automatic.does else None
    return lacks(case) if lacks else ""


def does(spec: StepSpec, work: Work) -> bool:
    """Whether the step is that work of the system."""
    return spec.automatic is not None and spec.automatic.does is work
