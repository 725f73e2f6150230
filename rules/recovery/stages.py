"""The stages of a recovery as data: what moves it on, what is found of the save, and which outcomes are legal when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.base import Record
from models.plan import StepSpec
from models.recovery import RecoveryCase, RecoveryOutcome, RecoveryStage
from models.step import Step, StepState
from rules import ending
from rules.edit import change, say
from rules.talking import warn_manager

ORDER = tuple(RecoveryStage)
VERIFIED, NOT_VERIFIED, GONE = "verified", "not_verified", "no"
"""Decisions that the software understands: of the steps that verify the save, and that ask for the customer."""


class OutcomeRule(Record):
    """What an outcome that people choose needs: a verdict on the save, the least time of monitoring, evidence."""

    outcome: RecoveryOutcome
    verified: bool | None = None
    after_minimum: bool = False
    evidence: str = ""
    example: str = ""


OUTCOMES = (
    OutcomeRule(outcome=RecoveryOutcome.VERIFIED, verified=True, after_minimum=True),
    OutcomeRule(
        outcome=RecoveryOutcome.NOT_VERIFIED,
        verified=False,
        evidence="what is missing of SAVE-31..34, and what is next",
        example="the export is late and NPS fell to 4; the executive calls them on 3 May",
    ),
    OutcomeRule(outcome=RecoveryOutcome.ENDED, after_minimum=True),
)


def settle(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """The case as its facts have it: the verdict on the save, the stage, and its end where nothing is owed any more."""
    if case.closed:
        return case
    if case.relapsed_at:
        return _handed_on(case, now)
    case = _staged(_judged(case, now), now)
    return _ended(case, now) if RecoveryStage.CLOSED in case.reached else case


def decisions(case: RecoveryCase, *words: str) -> list[str]:
    """Which of these words done steps decided on, the earliest first."""
    done = sorted((s for s in case.steps if s.state is StepState.DONE and s.evidence), key=_when)
    found = (step.evidence.decision for step in done if step.evidence)
    return [decision for decision in found if decision in words]


def past_minimum(case: RecoveryCase) -> bool:
    """Whether the least time of elevated monitoring is over (POST-4): the step that ends it has opened."""
    return any(step.opened_at is not None for step, _ in _last_steps(case))


def _when(step: Step) -> tuple[datetime, str]:
    assert step.ended_at is not None
    return step.ended_at, step.id


def _last_steps(case: RecoveryCase) -> Iterator[tuple[Step, StepSpec]]:
    pairs = ((step, case.spec(step.step_id)) for step in case.steps)
    return ((step, spec) for step, spec in pairs if spec and spec.reaches == RecoveryStage.CLOSED)


def _judged(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """The save is verified once all four criteria are met (AMB-34); the latest check counts."""
    said = decisions(case, VERIFIED, NOT_VERIFIED)
    verified = said[-1] == VERIFIED if said else None
    if verified == case.verified:
        return case
    case = change(case, verified=verified)
    if verified is None:
        return say(case, now, "save_unjudged", "the check of the save was opened again")
    if verified:
        return say(case, now, "save_verified", "all four criteria are met (SAVE-31..34)")
    text = "the save could not be verified: not all four criteria are met (SAVE-31..34)"
    return warn_manager(say(case, now, "save_not_verified", text), now, text)


def _staged(case: RecoveryCase, now: datetime) -> RecoveryCase:
    done = (case.spec(step.step_id) for step in case.steps if step.state is StepState.DONE)
    earned = {spec.reaches for spec in done if spec and spec.reaches}
    reached = tuple(stage for stage in ORDER if stage in {*case.reached, *earned})
    stage = next(stage for stage in reversed(reached) if stage is not RecoveryStage.CLOSED)
    if reached == case.reached:
        return case
    changed = change(case, reached=reached, stage=stage)
    return changed if stage is case.stage else say(changed, now, "stage", f"{case.stage} -> {stage}")


def _ended(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """Monitoring is over: the case ends by itself once nobody owes anything but the routines that end with it.

    What was promised or offered is owed to the customer also where its day has not come yet.
    """
    agreed = {name for offer in case.offers for name in offer.steps}
    owed = (s for s in case.steps if not s.ended and (s.commitment or s.step_id in agreed or _is_open(s)))
    if next(owed, None):
        return case
    return ending.close(case, RecoveryOutcome.ENDED, RecoveryStage.CLOSED, "monitoring is over, nothing is owed", now)


def _is_open(step: Step) -> bool:
    return step.state is StepState.OPEN and not step.recurring


def _handed_on(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """After a relapse the save attempt has the account; the recovery ends when it is open and everybody was told."""
    if case.siblings or case.notices:
        return case
    if case.corrected:
        notes = f"the save {case.corrected.was_not} ({case.corrected.why}); a save attempt puts that right"
        return ending.close(case, RecoveryOutcome.CORRECTED, RecoveryStage.CLOSED, notes, now, case.corrected.by)
    notes = "the account is at risk again; a save attempt has taken over"
    return ending.close(case, RecoveryOutcome.RELAPSED, RecoveryStage.CLOSED, notes, now)
