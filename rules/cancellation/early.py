"""Nothing is taken from the customer before the day of the plan, unless they agree to it (OFFB-4, OFFB-16, OFFB-17)."""

from __future__ import annotations

from datetime import datetime

from models import commands as c
from models.automatic import Work
from models.cancellation import CancellationCase
from models.case import RefusalType
from models.policy import CONSENT
from models.step import Step, StepState
from rules import evidence, personal, steps
from rules.refusal import Refused

_TAKES = (Work.REDUCE_ACCESS, Work.REVOKE_ACCESS, Work.STOP_CHARGING, Work.CLOSE_ACCOUNT)


def reschedule(case: CancellationCase, command: c.RescheduleStep, now: datetime) -> CancellationCase:
    """As any step of a leaving; what takes something away opens early only with the customer's consent."""
    step = _ahead(case, command.step_id, now)
    if step and step.opens and command.due <= step.opens:
        wanted = (
            f"{step.id} waits for {step.opens:%Y-%m-%d %H:%M} UTC; for an earlier day give in 'consent' how the customer "
            "agreed ('change_end_date' moves the whole end)"
        )
        evidence.check(case, CONSENT, command.consent, RefusalType.CONSENT_MISSING, wanted)
    return personal.reschedule(case, command, now)


def check_done(case: CancellationCase, command: c.CompleteStep, now: datetime) -> None:
    """Raises ``Refused(IllegalMove)`` for what would be taken from the customer before its day."""
    if step := _ahead(case, command.step_id, now):
        when = f"before {step.opens:%Y-%m-%d %H:%M} UTC" if step.opens else "before the end date is agreed"
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{step.id} is not done {when}; where the customer agreed to an earlier day, 'reschedule_step' moves it: "
            "give in 'consent' how they agreed",
        )


def _ahead(case: CancellationCase, step_id: str, now: datetime) -> Step | None:
    """That step, where it takes something from the customer and its day is still ahead; else None."""
    step, spec = steps.find(case, step_id)
    takes = spec.automatic is not None and spec.automatic.does in _TAKES
    waits = step.state is StepState.WAITING and (step.opens is None or step.opens > now)
    return step if takes and waits else None
