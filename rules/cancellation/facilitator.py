"""Who leads an exit interview: somebody neutral, never a present or past CSM of the account (OFFB-35)."""

from __future__ import annotations

from models.cancellation import CancellationCase
from models.case import RefusalType
from models.people import PersonId
from rules.refusal import Refused, one_of
from rules.routing import policy_of

INTERVIEW = "exit_interview"
_SENIOR = "senior_csm"


def check(case: CancellationCase, step_id: str, by: PersonId) -> None:
    """Raises ``Refused(NotAllowed)`` where a CSM of the account would invite to the interview, or lead it."""
    step = case.step(step_id)
    if step is None or step.step_id != INTERVIEW or by not in _led_the_account(case):
        return
    others = sorted({person.id for person in case.team.people if person.active} - _led_the_account(case))
    raise Refused(
        RefusalType.NOT_ALLOWED,
        f"{step.id} is led by somebody neutral, and '{by}' is or was the CSM of the account; for example {one_of(others)}",
    )


def _led_the_account(case: CancellationCase) -> set[PersonId]:
    """The CSMs of the account, now and before, who stands in for them, and whoever had a step of a CSM in this case."""
    roles = {policy_of(case).lead_role, _SENIOR}
    seats = (seat for seat in (*case.team.seats, *case.team.former) if seat.role in roles)
    now = {person for seat in seats for person in (seat.person, seat.deputy) if person}
    specs = case.specs()
    owned = (step for step in case.steps if step.step_id in specs and specs[step.step_id].owner in roles)
    return now | {step.person for step in owned if step.person}
