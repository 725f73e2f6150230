"""Letters that cannot be sent any more: withdrawn with the reason, so that their case ends without them (OFFB-25)."""

from __future__ import annotations

from datetime import datetime

from models.automatic import Work
from models.case import RefusalType
from models.plan import StepSpec
from models.step import Step, StepState
from rules import planning
from rules.edit import C, drop_drafts, not_tried_again, put_steps
from rules.refusal import Refused

_REACHES_CUSTOMER = (Work.SEND_LETTER, Work.PREPARE_EXPORT)


def why(erased_at: datetime) -> str:
    """Why nobody can be written to, after the erasure at that moment (UTC)."""
    return f"the customer's data was erased on {erased_at:%Y-%m-%d}; nobody can be written to any more"


def letters(case: C) -> tuple[Step, ...]:
    """The steps that are not ended and would reach the customer in writing, or as a file."""
    return tuple(step for step, spec in planning.running(case) if _is_letter(spec))


def withdrawn(case: C, gone: tuple[Step, ...], erased_at: datetime, now: datetime) -> C:
    """The case without these letters: their steps end, their drafts and what was tried again for them are dropped."""
    ids = {step.id for step in gone}
    ended = {"state": StepState.SKIPPED, "reason": f"withdrawn: {why(erased_at)}", "ended_at": now}
    case = put_steps(case, *(step.model_copy(update=ended) for step in gone))
    return drop_drafts(not_tried_again(case, *ids), *ids)


def check_reopened(case: C, step_id: str, erased_at: datetime | None) -> None:
    """Raises ``Refused(IllegalMove)`` for a letter to a customer whose data was erased; it could never be sent."""
    step = case.step(step_id)
    spec = case.spec(step.step_id) if step else None
    if erased_at and spec and _is_letter(spec):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step_id} is a letter, and {why(erased_at)}")


def _is_letter(spec: StepSpec) -> bool:
    return spec.template is not None or (spec.automatic is not None and spec.automatic.does in _REACHES_CUSTOMER)
