"""The stages of a save as data: what moves a case on, and which outcomes are legal from where."""

from __future__ import annotations

from datetime import datetime

from models.base import Record
from models.save import SaveCase, SaveOutcome, SaveStage
from models.step import StepState
from rules.edit import change, say

ORDER = tuple(SaveStage)


class OutcomeRule(Record):
    """From which stage on an outcome is legal, whether its root cause must be known, and what evidence it asks for.

    ``example`` is evidence as a refusal shows it.

    ``won``: the customer stays, and their recovery begins (AMB-34).
    ``decided``: it is known whether the customer stays, so that nothing asks them on a day that they named before.
    ``drops_promises``: the customer leaves with it, so that what was promised is owed to nobody any more.
    """

    outcome: SaveOutcome
    from_stage: SaveStage = SaveStage.OPENED
    needs_root_cause: bool = False
    evidence: str = ""
    example: str = ""
    won: bool = False
    decided: bool = False
    drops_promises: bool = False


OUTCOMES = (
    OutcomeRule(
        outcome=SaveOutcome.SAVED_FULL,
        from_stage=SaveStage.DIAGNOSED,
        needs_root_cause=True,
        evidence="the signed renewal or the withdrawn cancellation",
        example="signed renewal R-114 of 3 May",
        won=True,
        decided=True,
    ),
    OutcomeRule(
        outcome=SaveOutcome.SAVED_PARTIAL,
        from_stage=SaveStage.DIAGNOSED,
        needs_root_cause=True,
        evidence="the signed reduced contract",
        example="reduced contract C-52 of 3 May, signed for 40 seats",
        won=True,
        decided=True,
    ),
    OutcomeRule(
        outcome=SaveOutcome.PAUSED,
        from_stage=SaveStage.DIAGNOSED,
        needs_root_cause=True,
        evidence="the agreed pause and its end",
        example="pause until 1 March, agreed by email on 3 May",
        won=True,
        decided=True,
    ),
    OutcomeRule(outcome=SaveOutcome.DEFERRED, from_stage=SaveStage.CONTACTED),
    OutcomeRule(outcome=SaveOutcome.LOST, decided=True, drops_promises=True),
    OutcomeRule(
        outcome=SaveOutcome.DECLINED_CONVERSATION,
        decided=True,
        evidence="the customer's own words",
        example="we have decided, please do not call us about it again",
    ),
    OutcomeRule(outcome=SaveOutcome.NO_CONTACT),
    OutcomeRule(outcome=SaveOutcome.LET_GO, decided=True, drops_promises=True),
)


def rule_for(outcome: str) -> OutcomeRule | None:
    """The rule of an outcome by its name; None where people cannot choose it."""
    return next((rule for rule in OUTCOMES if rule.outcome == outcome), None)


def at_least(stage: SaveStage, floor: SaveStage) -> bool:
    """Whether ``stage`` is ``floor`` or a later one."""
    return ORDER.index(stage) >= ORDER.index(floor)


def settle(case: SaveCase, now: datetime) -> SaveCase:
    """The case at the stage that its facts have earned; it never moves back."""
    if case.closed:
        return case
    reached = tuple(stage for stage in ORDER if stage in {*case.reached, *_earned(case)})
    stage = _furthest(reached)
    if reached == case.reached and stage is case.stage:
        return case
    changed = change(case, reached=reached, stage=stage)
    return changed if stage is case.stage else say(changed, now, "stage", f"{case.stage} -> {stage}")


def _earned(case: SaveCase) -> set[str]:
    """Stages that done steps reach, a conversation that took place, a root cause that is known."""
    done = (case.spec(step.step_id) for step in case.steps if step.state is StepState.DONE)
    stages = {spec.reaches for spec in done if spec and spec.reaches}
    if any(contact.answered for contact in case.contacts):
        stages.add(SaveStage.CONTACTED)
    return stages | ({SaveStage.DIAGNOSED} if case.root_cause else set())


def _furthest(reached: tuple[SaveStage, ...]) -> SaveStage:
    """No case is diagnosed before the customer was spoken to, and none goes further without its root cause (SAVE-39)."""
    if SaveStage.CONTACTED not in reached:
        return SaveStage.OPENED
    if SaveStage.DIAGNOSED not in reached:
        return SaveStage.CONTACTED
    return reached[-1]
