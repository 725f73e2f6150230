"""The customer stays after all: until the first closing action everything can be undone, and is (AMB-18)."""

from __future__ import annotations

from datetime import datetime

from models import cancellation_commands as cc
from models.cancellation import WITHDRAWN, CancellationCase, CancellationOutcome, CancellationStage
from models.case import Anchor, RefusalType
from models.plan import StepSpec
from models.step import Step, StepState
from rules import ending, personal, planning
from rules.edit import change, drop_drafts, put_steps, say
from rules.refusal import Refused
from rules.talking import warn_manager
from rules.working import WORK


def withdraw(case: CancellationCase, command: cc.Withdraw, now: datetime) -> CancellationCase:
    """The customer withdrew, and confirmed it: nothing more is owed but undoing what was done, and saying so."""
    if not command.confirmed_by_customer:
        raise Refused(
            RefusalType.EVIDENCE_MISSING,
            "a withdrawal needs the customer's own confirmation: 'confirmed_by_customer' says how they gave it",
        )
    check_not_over(case, "a withdrawal")
    if case.withdrawn_at:
        raise Refused(RefusalType.ALREADY_DECIDED, f"the customer withdrew on {case.withdrawn_at:%Y-%m-%d %H:%M} UTC")
    said = "" if command.confirmed_by_customer is True else f": {command.confirmed_by_customer}"
    case = say(case, now, "withdrawn", f"the customer stays, and confirmed it{said}", by=command.by)
    case = warn_manager(case, now, "the customer withdrew the cancellation; what was done is undone")
    return undo(case, now)


def undo(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case on its way back: steps of the leaving end, those that count from the withdrawal begin."""
    for step, spec in planning.running(case):
        if not _undoes(spec) and not personal.is_owed_to_person(step):
            ended = step.model_copy(
                update={"state": StepState.SKIPPED, "reason": "the customer stays", "ended_at": now}
            )
            case = drop_drafts(put_steps(case, ended), step.id)
    moot = tuple(retry for retry in case.retries if retry.action.verb not in WORK)
    anchors = (*case.anchors, Anchor(name=WITHDRAWN, at=now))
    return change(case, withdrawn_at=now, anchors=anchors).model_copy(update={"retries": moot})


def check_not_over(case: CancellationCase, what: str) -> None:
    """Raises ``Refused(IllegalMove)`` once the first closing action has begun: it cannot be taken back."""
    begun = next((step for step, _ in _closing(case) if step.opened_at), None)
    if begun is not None and begun.opened_at is not None:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{what} is too late: the closing began on {begun.opened_at:%Y-%m-%d %H:%M} UTC with {begun.id}; "
            "the customer can come back with a new subscription",
        )


def settle(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case closes once all that was to be undone is undone."""
    owed = [step for step, spec in planning.running(case) if _undoes(spec) or personal.is_owed_to_person(step)]
    if owed or any(action.verb in WORK for action in case.in_flight):
        return case
    late = case.anchor("confirmed") is not None
    outcome = CancellationOutcome.SAVED_AFTER_CONFIRMATION if late else CancellationOutcome.SAVED
    return ending.close(
        case, outcome, CancellationStage(case.stage), "the customer stays; what was done is undone", now
    )


def has_no_cause(case: CancellationCase, spec: StepSpec) -> bool:
    """Whether the step undoes a leaving that nobody has taken back."""
    return case.withdrawn_at is None and _undoes(spec)


def _undoes(spec: StepSpec) -> bool:
    return WITHDRAWN in (spec.opens.after, spec.opens.before) or bool(spec.due and spec.due.after == WITHDRAWN)


def _closing(case: CancellationCase) -> list[tuple[Step, StepSpec]]:
    specs = case.specs()
    return [
        (step, specs[step.step_id]) for step in case.steps if step.step_id in specs and specs[step.step_id].no_return
    ]
