"""Who is responsible for a role at a moment: the holder, else the deputy, else the manager, else the executive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.cancellation import CancellationCase
from models.case import Case
from models.eligibility import Wish
from models.people import Absence, Person, PersonId, RoleId, Seat
from models.policy import Policy
from models.save import SaveCase
from models.step import Step
from rules.cancellation import eligibility


def policy_of(case: Case) -> Policy:
    """The policy that came with the plan; the plain defaults until a plan is loaded."""
    return case.plan.policy if case.plan else Policy()


def holder(case: Case, role: RoleId, at: datetime) -> PersonId | None:
    """The person who answers for ``role`` at ``at`` (UTC); whoever holds it where everybody is away; None on no team."""
    candidates = list(_candidates(case, role))
    present = (person for person in candidates if is_present(case, person, at))
    return next(present, candidates[0] if candidates else None)


def step_owner(case: Case, step: Step, role: RoleId, at: datetime) -> PersonId | None:
    """Who owes a step that opens at ``at`` (UTC): the owner of the promise that it belongs to, else who holds its role."""
    commitment = case.commitment(step.commitment) if step.commitment else None
    return commitment.owner if commitment else holder(case, role, at)


def is_present(case: Case, person_id: PersonId, at: datetime) -> bool:
    """Whether that person is active, known to the case and not away at ``at``."""
    person = case.team.person(person_id)
    return person is not None and person.active and absence_at(person, at) is None


def absence_at(person: Person, at: datetime) -> Absence | None:
    """The absence that covers ``at``, or None."""
    return next((away for away in person.absences if away.start <= at < away.end), None)


def barred(case: Case) -> tuple[RoleId, ...]:
    """The roles that have no part in this case: those of sales, where the customer wants no sales conversation (DIS-32)."""
    if isinstance(case, SaveCase):
        return case.kept_off
    if not isinstance(case, CancellationCase):
        return ()
    return eligibility.barred_roles(Wish(no_sales_contact=case.no_sales_contact), policy_of(case).eligibility)


def roles_of(case: Case, person_id: PersonId) -> tuple[RoleId, ...]:
    """The roles a person may speak for on this case: the seats they hold or deputise, and those of the directory."""
    person = case.team.person(person_id)
    seats = tuple(seat.role for seat in case.team.seats if person_id in (seat.person, seat.deputy))
    return seats + tuple(role for role in (person.roles if person else ()) if role not in seats)


def acting_roles(case: Case, person_id: PersonId, at: datetime) -> tuple[RoleId, ...]:
    """As ``roles_of`` at ``at`` (UTC); a deputy speaks for a seat only while its holder is away."""
    seats = [s for s in case.team.seats if person_id == s.deputy and is_present(case, s.person, at)]
    idle = {seat.role for seat in seats if seat.person != person_id}
    person = case.team.person(person_id)
    own = person.roles if person else ()
    return tuple(role for role in roles_of(case, person_id) if role not in idle or role in own)


def _candidates(case: Case, role: RoleId) -> Iterator[PersonId]:
    policy = policy_of(case)
    off = barred(case)
    for name in dict.fromkeys((role, policy.manager_role, policy.executive_role)):
        if name in off:
            continue
        seat = case.team.seat(name)
        if seat:
            yield from _people(seat)


def _people(seat: Seat) -> Iterator[PersonId]:
    yield seat.person
    if seat.deputy:
        yield seat.deputy
