"""What the weekly measurement of a written service level makes of its step: proof on the timeline, and a word on a miss."""

from __future__ import annotations

import re
from datetime import datetime

from models.calendar import Offset
from models.case import Case
from models.effects import Action, Outcome, Word
from models.plan import StepSpec
from models.service_level import ServiceLevel
from models.step import Evidence, Step
from rules import lifecycle, service_level, steps
from rules.dating import earlier
from rules.edit import C, say, tell

_HOURS = re.compile(r"\b(\d{1,3})\s*(?:h|hrs?|hours?|jam)\b", re.IGNORECASE)


def level_of(case: Case, spec: StepSpec | None) -> ServiceLevel | None:
    """The service level that a step measures by itself, as it was agreed in writing; None for any other step (PLAY-65)."""
    level = spec.automatic.measures if spec and spec.automatic else None
    hours = _agreed(case, spec, level) if spec and level else []
    return level.model_copy(update={"respond_within": Offset(minutes=60 * min(hours))}) if level and hours else level


def _agreed(case: Case, spec: StepSpec, level: ServiceLevel) -> list[int]:
    """The hours that the writing names, the old figure and the new one: the service got better, not worse."""
    written = case.step(spec.opens.after.removeprefix("step:"))
    items = written.evidence.items if written and written.evidence else ()
    said = next((item.text for item in items if item.content == level.agreed_in), "")
    return [int(figure) for figure in _HOURS.findall(said) if int(figure)]


def window(case: Case, step: Step, level: ServiceLevel, now: datetime) -> tuple[datetime, datetime]:
    """From when until when a turn measures (UTC): up to its due moment, also where it is measured later.

    It begins where the turn before ended, so that no ticket is left out or counted twice where a hold moved the rhythm.
    """
    until = step.due or now
    turns = (one.due for one in case.steps if one.step_id == step.step_id and one.occurrence == step.occurrence - 1)
    before = next((due for due in turns if due and due < until), None)
    return before or earlier(until, level.window), until


def measured(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The step is done by what was measured; a service level that was missed is said, and its owner is told (PLAY-66)."""
    step, spec = steps.of_action(case, action)
    level = level_of(case, spec)
    if step is None or spec is None or step.ended or level is None or outcome.attained is None:
        return case
    text = service_level.told(outcome.attained, level)
    case = steps.finish(case, step, spec, Evidence(text=text), None, now)
    case = lifecycle.of(case).step_ended(case, step, now)
    if outcome.attained.kept:
        return case
    case = say(case, now, "service_level_missed", text, step=step.id)
    return tell(case, now, step.person, Word.ESCALATE, f"service level missed: {text}", step.id)
