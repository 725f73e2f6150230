"""What the investigation of a case has answered: nothing is offered before the problem is understood (PLAY-3, SAVE-8)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from models.case import Case, RefusalType
from models.commands import CompleteStep
from models.effects import Word
from models.policy import RootCauseRule
from models.save import SaveCase
from models.step import Step
from rules.causes import rule_of
from rules.edit import say, tell
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of


class Other(NamedTuple):
    """A root cause other than the recorded one that a decision of a step speaks for."""

    step: str
    decision: str
    rule: RootCauseRule


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


def other_cause(case: SaveCase) -> Other | None:
    """The first root cause that a decision speaks for and that is not the one on record; None where all agree."""
    for step in case.steps:
        spec = case.plan.step(step.step_id) if case.plan else None
        decision = step.evidence.decision if step.evidence else None
        for found in spec.finds if spec else ():
            rule = rule_of(policy_of(case), found.root_cause)
            if rule and found.decision == decision and rule.code != case.root_cause:
                return Other(step.id, found.decision, rule)
    return None


def weighed(case: SaveCase, command: CompleteStep, now: datetime) -> SaveCase:
    """The case after a step was done: whoever leads it is told of another cause that the decision speaks for (PLAY-69)."""
    other = other_cause(case)
    if other is None or other.step != command.step_id:
        return case
    text = f"{other.step} found {other.decision}: 'record_root_cause' {other.rule.code} ({other.rule.title.lower()})"
    case = say(case, now, "other_cause", text, by=command.by, step=other.step)
    return tell(case, now, holder(case, policy_of(case).lead_role, now), Word.PROPOSED, text, other.step)
