"""A case of an account that has no team: who may give it people, and how it learns of a team that came since (CANC-19)."""

from __future__ import annotations

from datetime import datetime

from models import commands as c
from models.case import Ask, Case
from models.contract_names import NAMES
from models.effects import Joined
from models.people import Team
from models.step import StepState
from models.work import LoadPerson
from rules import authority
from rules.edit import C, change, say
from rules.refusal import Refused, counted
from rules.routing import holder, policy_of
from rules.team import with_person

ASSIGN = NAMES[c.Assign]


def has_nobody(case: Case, at: datetime) -> bool:
    """Whether nobody answers for the work of the case, or for an open step of it: neither its role, nor who leads."""
    alone = any(step.state is StepState.OPEN and step.person is None for step in case.steps)
    return alone or holder(case, policy_of(case).lead_role, at) is None


def look_up(case: Case, ask: Ask) -> LoadPerson:
    """What is read of the directory for an ask.

    A stranger who assigns is looked up as well, since the directory says whether they may; news of a stranger is what a
    case without a team hears of a team that came since, and the team is read.
    """
    stranger = ask.by if ask.role and case.team.person(ask.by) is None else None
    comes = not ask.role and case.team.person(ask.subject) is None
    return LoadPerson(person=ask.subject, voucher=stranger, team_of=case.account_id if comes else "")


def unvouched(case: Case, joined: Joined) -> str:
    """Why somebody who is not on the team may not assign here, by their roles in the directory; empty where they may."""
    by = joined.voucher
    if by is None:
        return ""
    try:
        authority.check_active(by.person.id, active=by.person.active)
        authority.check_permission(policy_of(case), ASSIGN, by.person.id, by.person.roles)
    except Refused as refused:
        return refused.sentence
    return ""


def with_voucher(case: C, joined: Joined) -> C:
    """The case that knows who assigned, so that they can give the next command as well."""
    return with_person(case, joined.voucher) if joined.voucher else case


def filled(case: C, team: Team, now: datetime) -> C:
    """The case with the seats that the account has by now and the case has not; whoever holds one already keeps it."""
    seats = tuple(seat for seat in team.seats if case.team.seat(seat.role) is None)
    if not seats:
        return case
    known = {person.id for person in case.team.people}
    calendars = {calendar.id for calendar in case.team.calendars}
    more = {
        "seats": (*case.team.seats, *seats),
        "people": (*case.team.people, *(person for person in team.people if person.id not in known)),
        "calendars": (*case.team.calendars, *(one for one in team.calendars if one.id not in calendars)),
    }
    case = change(case, team=case.team.model_copy(update=more))
    return say(case, now, "team_changed", f"the account has a team now: {counted(len(seats), 'role')} filled")
