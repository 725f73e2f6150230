"""A cancellation is never refused, so that a case may begin with nobody; it comes to people as soon as there are any."""

from __future__ import annotations

from typing import Any

import pytest

from models import commands as c
from models.case import Case, RefusalType
from models.effects import Action, Joined, Outcome, Verb
from models.people import Person, Team
from rules import staffing
from rules.refusal import Refused
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import OFFICE, file

BOSS, CLERK = Person(id="u-8", roles=("cs_manager",), calendar="my"), Person(id="u-5", roles=("csm",), calendar="my")


def deserted(directory: tuple[Person, ...] = (BOSS, CLERK), team: Team | None = None, **facts: Any) -> Leaving:
    """A cancellation of an account without a team, in a company of these people."""
    inner, known = company(), {person.id: Joined(person=person, calendar=OFFICE) for person in directory}

    def answers(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file(may_cancel=("c-1",)).model_copy(update={"team": Team()}))
        if action.verb is Verb.LOAD_PERSON:
            asked = staffing.look_up(case, next(ask for ask in case.asks if ask.id == action.subject))
            more = {"voucher": known.get(asked.voucher or ""), "team": team if asked.team_of else None}
            return Outcome(joined=known[asked.person].model_copy(update=more))
        return inner(case, action)

    return Leaving(answers, **facts)


def assign(role: str, person: str, by: str) -> c.Assign:
    return c.Assign(role=role, person=person, by=by)


def people_of(d: Leaving) -> set[str | None]:
    return {step.person for step in d.case.steps if step.state == "open"}


def answered(d: Leaving) -> str:
    return next((ask.sentence for ask in d.case.asks if ask.awaited), "")


def test_a_request_for_an_account_without_a_team_is_a_case_that_nobody_has():  # CANC-1
    d = deserted()
    assert people_of(d) == {None}
    assert staffing.has_nobody(d.case, d.now)
    assert not [action for _, action in d.sent if action.verb is Verb.DRAFT_MESSAGE]


def test_a_manager_of_the_directory_gives_it_people_and_the_letters_are_drafted():  # CANC-19, CANC-28
    d = deserted()
    d.do(assign("csm", "u-5", by="u-8"))
    assert people_of(d) == {"u-5"}
    d.release("acknowledgement")
    d.do(assign("cs_manager", "u-8", by="u-8"))
    assert d.case.team.seat("cs_manager").person == "u-8"


def test_who_leads_nobody_in_the_directory_may_not_assign():
    d = deserted()
    d.do(assign("csm", "u-5", by="u-5"))
    assert "'assign' is for" in answered(d)
    assert d.case.team.seats == ()


def test_somebody_who_left_may_not_assign_either():
    d = deserted((BOSS.model_copy(update={"active": False}), CLERK))
    d.do(assign("csm", "u-5", by="u-8"))
    assert "deactivated" in answered(d)
    assert d.case.team.seats == ()


def test_where_the_team_can_assign_nobody_else_does():
    with pytest.raises(Refused) as refused:
        Leaving().do(assign("csm", "u-5", by="u-8"))
    assert refused.value.kind is RefusalType.UNKNOWN_PERSON


def test_a_stranger_gives_no_other_command():
    with pytest.raises(Refused) as refused:
        deserted().do(c.SkipStep(by="u-8", step_id="follow_up", reason="nobody is there"))
    assert refused.value.kind is RefusalType.UNKNOWN_PERSON


def test_a_team_that_comes_later_is_heard_of():  # CANC-19
    d = deserted((*file().team.people, BOSS), team=file().team)
    d.signal(c.TeamChanged(person="p-csm"))
    assert people_of(d) == {"p-csm"}
    assert "nobody had it; p-csm takes over" in d.happened("rerouted")
    assert d.happened("team_changed") == [f"the account has a team now: {len(file().team.seats)} roles filled"]
    d.signal(c.TeamChanged(person="u-8"))
    assert len(d.happened("team_changed")) == 1


def test_who_holds_a_seat_by_then_keeps_it():
    d = deserted((*file().team.people, BOSS, CLERK), team=file().team)
    d.do(assign("csm", "u-5", by="u-8"))
    case = staffing.filled(d.case, file().team, d.now)
    assert case.team.seat("csm").person == "u-5"
    assert case.team.seat("cs_manager").person == "p-mgr"
