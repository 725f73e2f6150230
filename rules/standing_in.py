"""What is said where somebody stands in for the owner of a step: why, and that it stays with them (issue, DESIGN 1)."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.people import PersonId
from models.step import Step
from rules import routing


def why(case: Case, step: Step, person: PersonId, *, off_the_case: bool) -> str:
    """Why the step changed hands, and whether it comes back: one person sees it through, also after a return."""
    if off_the_case:
        return f"the customer wants no sales conversation; {person} takes over"
    if _comes_back(case, step):
        return f"{step.person} is away; it stays with {person} until it is done, unless 'assign' gives it back"
    if step.person is None:
        return f"nobody had it; {person} takes over"
    return f"{step.person} is no longer here; {person} takes over"


def stays(case: Case, step: Step) -> str:
    """What whoever stands in for the owner of a step is told of it besides; empty where the owner does not come back."""
    return f" (it stays with you until it is done, also once {step.person} is back)" if _comes_back(case, step) else ""


def for_whom(case: Case, step: Step, signer: PersonId, at: datetime) -> PersonId:
    """Whose letter of a step ``signer`` signs at ``at`` (UTC) while they are away; empty where nobody comes back to it.

    The customer is promised one contact, and who stands in for a while is not the one (CANC-24, CANC-28).
    """
    spec = case.spec(step.step_id)
    seat = case.team.seat(spec.owner) if spec else None
    owner = case.team.person(seat.person) if seat else None
    if owner is None or owner.id == signer or not owner.active:
        return ""
    return owner.id if routing.absence_at(owner, at) else ""


def _comes_back(case: Case, step: Step) -> bool:
    owner = case.team.person(step.person) if step.person else None
    return owner is not None and owner.active
