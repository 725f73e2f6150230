"""What is said where somebody stands in for the owner of a step: why, and that it stays with them (issue, DESIGN 1)."""

from __future__ import annotations

from models.case import Case
from models.people import PersonId
from models.step import Step


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


def _comes_back(case: Case, step: Step) -> bool:
    owner = case.team.person(step.person) if step.person else None
    return owner is not None and owner.active
