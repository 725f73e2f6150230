"""The people of a case: seats that change hands, absences, and the steps that move with them."""

from __future__ import annotations

from datetime import datetime

from models.calendar import Calendar
from models.case import Case
from models.effects import Joined, Word
from models.people import Person, PersonId, RoleId, Seat, Team
from models.step import StepState
from rules.edit import C, change, put_steps, say, tell
from rules.planning import dated, escalations, running
from rules.refusal import counted, one_of
from rules.routing import policy_of


def with_person(case: C, joined: Joined) -> C:
    """The case with that person and their calendar, as the directory knows them now."""
    return change(case, team=_with_calendar(_with_person(case.team, joined.person), joined.calendar))


def unfit(case: Case, person: Person, role: RoleId) -> str:
    """Why a person may not take a role, empty where they may: theirs in the directory, or any for who answers for all."""
    if not person.active:
        return f"{person.id} is deactivated and takes no role"
    leads = (policy_of(case).manager_role, policy_of(case).executive_role)
    if {role, *leads} & set(person.roles):
        return ""
    return f"{person.id} is {one_of(person.roles)} in the directory, not {role}; name somebody who is"


def person_changed(case: C, joined: Joined, now: datetime) -> C:
    """The case after a member's absences, roles or activity changed."""
    case, person = with_person(case, joined), joined.person
    state = counted(len(person.absences), "planned absence") if person.active else "no longer active"
    return say(case, now, "team_changed", f"{person.id}: {state}")


def seat(case: C, role: RoleId, person: PersonId, by: PersonId, now: datetime) -> C:
    """The case with ``person`` in the seat of ``role``; every step that is owed there is now theirs to do."""
    former = case.team.seat(role)
    others = tuple(s for s in case.team.seats if s.role != role)
    deputy = former.deputy if former and former.deputy != person else None
    seats = {"seats": (*others, Seat(role=role, person=person, deputy=deputy)), "former": _former(case.team, former)}
    case = change(case, team=case.team.model_copy(update=seats))
    was = former.person if former else "nobody"
    return _hand_over(say(case, now, "assigned", f"{role}: {was} -> {person}", by=by), role, was, person, now)


def _former(team: Team, left: Seat | None) -> tuple[Seat, ...]:
    """The seats that others had before, with the one that changes hands (AMB-29)."""
    return team.former if left is None or left in team.former else (*team.former, left)


def _hand_over(case: C, role: RoleId, was: PersonId, person: PersonId, now: datetime) -> C:
    """What a person promised in that role goes on with them unless it is their seat that changes hands."""
    owed = [(s, spec) for s, spec in running(case) if spec.owner == role and s.state is StepState.OPEN]
    owed = [(s, spec) for s, spec in owed if not s.commitment or s.person == was]
    for step, spec in owed:
        moved = step.model_copy(update={"person": person, "told": escalations(step)})
        case = put_steps(case, dated(case, moved, spec))
    names = ", ".join(spec.title for _, spec in owed) or "no open step yet"
    return tell(case, now, person, Word.ASSIGNED, f"{role}: {names}")


def _with_person(team: Team, person: Person) -> Team:
    others = tuple(other for other in team.people if other.id != person.id)
    return team.model_copy(update={"people": (*others, person)})


def _with_calendar(team: Team, calendar: Calendar) -> Team:
    others = tuple(other for other in team.calendars if other.id != calendar.id)
    return team.model_copy(update={"calendars": (*others, calendar)})
