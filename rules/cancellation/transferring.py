"""Help with the move: asked for and given while the account lives, not after it (OFFB-3, OFFB-15)."""

from __future__ import annotations

from models.cancellation import CLOSED, CancellationCase
from models.case import RefusalType
from models.commands import CompleteStep
from rules import steps
from rules.dating import local_day
from rules.refusal import Refused

ASKED, NEEDED = "transfer_needed", "needed"


def check(case: CancellationCase, command: CompleteStep) -> None:
    """Raises ``Refused(IllegalMove)`` for help that is wanted after the closure: its day has passed, and no step owes it."""
    closed = case.anchor(CLOSED)
    if closed is None or case.account is None or command.evidence.decision != NEEDED:
        return
    if steps.find(case, command.step_id)[0].step_id != ASKED:
        return
    day = local_day(closed, case.account.calendar)
    raise Refused(
        RefusalType.ILLEGAL_MOVE,
        f"the account is closed since {day}, and the knowledge transfer of the plan with it; answer 'not_needed', and where "
        "they still want help, say with 'add_step' who gives it and by when",
    )
