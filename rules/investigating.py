"""What the investigation of a case has answered: nothing is offered before the problem is understood (PLAY-3, SAVE-8)."""

from __future__ import annotations

from models.case import Case, RefusalType
from models.step import Step
from rules.refusal import Refused, one_of


def unanswered(case: Case) -> tuple[Step, ...]:
    """The investigation steps of the plan that are neither done nor left out with a reason."""
    asked = {spec.id for spec in case.plan.steps if spec.investigates} if case.plan else set()
    return tuple(step for step in case.steps if step.step_id in asked and not step.ended)


def check_answered(case: Case) -> None:
    """Raises ``Refused(InvestigationOpen)`` naming the steps that come before any offer."""
    if left := unanswered(case):
        raise Refused(
            RefusalType.INVESTIGATION_OPEN,
            f"an offer needs the investigation first: 'complete_step', or 'skip_step' with the reason, for "
            f"{one_of(step.id for step in left)}",
        )
