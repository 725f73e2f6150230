"""The root cause as what is owed next: what recording it leaves open, and that it is wanted once the customer spoke."""

from __future__ import annotations

from models.people import PersonId
from models.save import SaveCase, SaveStage
from models.step import StepState
from rules.save import stages

INVESTIGATION = "start_rca"
"""The step of the spine in which the cause is sought (PLAY-12)."""
CAUSE = "the root cause comes next, and nothing goes further without it: 'record_root_cause' (SAVE-39)"


def left_open(case: SaveCase, by: PersonId | None) -> str:
    """What a recorded cause does not end by itself: the step of the investigation, which asks for its own evidence."""
    step, spec = case.step(INVESTIGATION), case.spec(INVESTIGATION)
    if step is None or spec is None or step.state is not StepState.OPEN:
        return ""
    whose = "yours" if step.person == by else f"owed by {step.person or spec.owner}"
    example = f", such as '{spec.evidence.example}'" if spec.evidence.example else ""
    return f"the step {step.id} is still {whose}: complete it with its evidence{example}"


def wanted(case: SaveCase) -> str:
    """What a save needs next of its people though no step asks for it but its routines; empty where that is nothing."""
    owed = any(step.state is StepState.OPEN and not step.recurring for step in case.steps)
    spoken = stages.at_least(case.stage, SaveStage.CONTACTED)
    return CAUSE if spoken and case.root_cause is None and not owed and not case.closed else ""
