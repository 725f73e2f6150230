"""The tasks in the CRM: what each step should show there, and what the CRM was told of it."""

from __future__ import annotations

from models.case import Case
from models.effects import Action, TaskChange
from models.plan import StepSpec
from models.step import Step, StepState, TaskCard
from rules.edit import C


def waits_for_system(step: Step, spec: StepSpec) -> bool:
    """Whether the system is still at it, so that no person owes anything yet."""
    return spec.automatic is not None and not step.automatic_failed


def wanted(step: Step, spec: StepSpec) -> TaskCard | None:
    """The task as it should stand in the CRM; None where there is none to show."""
    if step.state is StepState.OPEN and not waits_for_system(step, spec):
        return TaskCard(open=True, person=step.person, due=step.due)
    return step.task.model_copy(update={"open": False}) if step.task else None


def number(step: Step, card: TaskCard) -> int:
    """Which task of the step the card is: one that is opened again after it was closed is another."""
    begins = card.open and not (step.task and step.task.open)
    return step.tasks_opened + 1 if begins else step.tasks_opened


def changes(case: Case, steps: tuple[str, ...]) -> tuple[TaskChange, ...]:
    """What the CRM is to be told of these steps, as they stand now; a retry tells the very same."""
    specs = case.specs()
    owed = ((step, specs.get(step.step_id)) for step in case.steps if step.id in steps)
    return tuple(_change(case, step, spec, card) for step, spec in owed if spec and (card := wanted(step, spec)))


def _change(case: Case, step: Step, spec: StepSpec, card: TaskCard) -> TaskChange:
    return TaskChange(
        key=f"{case.case_id}/{step.step_id}/task/{step.occurrence}.{number(step, card)}",
        step=step.id,
        title=spec.title,
        person=card.person,
        due=card.due,
        open=card.open,
        note="" if card.open else (step.evidence.text if step.evidence else step.reason),
    )


def sent(case: C, action: Action) -> C:
    """The case with what that action tells the CRM; a step that changes meanwhile is told of by the next one."""
    return case.model_copy(update={"steps": tuple(_told(case, step, action) for step in case.steps)})


def _told(case: Case, step: Step, action: Action) -> Step:
    spec = case.spec(step.step_id) if step.id in action.steps else None
    card = wanted(step, spec) if spec else None
    return step.model_copy(update={"task": card, "tasks_opened": number(step, card)}) if card else step
