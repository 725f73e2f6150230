"""Who may do what: roles of the policy, and whose step it is (SAVE-21..25)."""

from __future__ import annotations

import pytest

from models import commands as c
from models.case import Ask, RefusalType
from models.commands import Assign, CloseSave, SkipStep
from models.contract_names import NAMES
from models.effects import Word
from models.people import Person, Team
from rules.edit import put_steps
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import Drive


def test_a_stranger_to_the_account_may_nothing():
    r = refused(drive(spec()), note("call_them", by="p-stranger"))
    assert r.kind is RefusalType.UNKNOWN_PERSON
    assert r.sentence == ("'p-stranger' is not on the team of account acc-1; a manager can 'assign' them a role first")


def test_somebody_who_left_may_nothing():
    d = drive(spec())
    person = d.case.team.person("p-csm").model_copy(update={"active": False})
    d.directory_says(person)
    assert refused(d, note("call_them")).sentence == "'p-csm' is deactivated and may not give commands"


@pytest.mark.parametrize("by", ["p-csm", "p-csm2", "p-mgr", "p-exec"])
def test_a_step_is_for_its_owner_the_deputy_and_who_answers_for_the_case(by):
    d = drive(spec())
    d.do(note("call_them", by=by))
    assert d.case.step("call_them").ended_by == by


def test_and_for_those_who_take_part():
    d = drive(spec(**{"with": ["engineering"]}))
    d.do(note("call_them", by="p-eng"))
    assert d.case.step("call_them").ended


@pytest.mark.parametrize("command", [note("call_them", by="p-sup")])
def test_and_for_nobody_else(command):
    r = refused(drive(spec()), command)
    assert (r.kind, r.sentence) == (
        RefusalType.NOT_ALLOWED,
        "call_them is owed by csm (p-csm); 'p-sup' is support",
    )


@pytest.mark.parametrize(
    "command",
    [
        c.RecordRootCause(root_cause="budget_cut", whys=("x",), by="p-sup"),
        c.Triage(answers={}, by="p-sup"),
        c.HoldCase(until="2026-12-01T00:00:00Z", reason="fair", by="p-sup"),
        c.Resume(by="p-eng"),
        SkipStep(step_id="call_them", reason="no", by="p-sup"),
        c.ReopenStep(step_id="call_them", reason="no", by="p-sup"),
        c.RescheduleStep(step_id="call_them", reason="no", due="2026-12-01T00:00:00Z", by="p-sup"),
        CloseSave(outcome="lost", notes="gone", by="p-sales", customer_quotes=("the export came a year too late",)),
        Assign(role="csm", person="p-csm2", by="p-csm"),
        c.AdoptPlan(by="p-csm"),
    ],
)
def test_what_the_policy_gives_to_other_roles_is_refused_by_name(command):
    r = refused(drive(spec()), command)
    assert r.kind is RefusalType.NOT_ALLOWED
    assert r.sentence.startswith(f"'{NAMES[type(command)]}' is for ")
    assert f"'{command.by}' is" in r.sentence


def test_support_may_log_a_contact():
    d = drive(spec())
    d.do(c.LogContact(channel="phone", answered=True, summary="they called in", by="p-sup"))
    assert d.case.contacts[-1].by == "p-sup"


def test_a_case_without_a_permission_table_lets_the_team_work():
    from models.policy import Policy
    from tests.unit.rules.plans import POLICY

    d = drive(spec(), policy=Policy(evidence=POLICY.evidence))
    d.do(c.LogContact(channel="phone", answered=True, summary="they called in", by="p-eng"))
    assert d.case.contacts


def newcomer(d: Drive, **fields) -> Person:
    person = Person(id="p-new", calendar="my", **fields)
    d.directory[person.id] = person
    return person


def assigned(d: Drive, role: str = "csm") -> Ask | None:
    d.do(Assign(by="p-mgr", role=role, person="p-new"))
    return next(iter(d.case.asks), None)


@pytest.mark.parametrize("roles", [("csm",), ("support", "csm"), ("cs_manager",), ("executive",)])
def test_a_role_goes_to_somebody_who_has_it_or_answers_for_all(roles):
    d = drive(spec())
    newcomer(d, roles=roles)
    assigned(d)
    assert d.case.team.seat("csm").person == "p-new"
    assert d.case.step("call_them").person == "p-new"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"roles": ("support",)}, "p-new is support in the directory, not csm; name somebody who is"),
        ({"roles": ("csm",), "active": False}, "p-new is deactivated and takes no role"),
    ],
)
def test_and_to_nobody_else(fields, says):
    d = drive(spec())
    newcomer(d, **fields)
    ask = assigned(d)
    assert (ask.answered, ask.refusal, ask.sentence) == (True, RefusalType.NOT_ALLOWED, says)
    assert d.case.team.seat("csm").person == "p-csm"


def test_a_handover_of_a_late_step_alarms_nobody_a_second_time():  # AMB-37
    d = drive(spec(due="PT8H"))
    d.after(hours=33)
    before = [told for told in d.told() if told[2] == Word.ESCALATE]
    newcomer(d, roles=("csm",))
    assigned(d)
    d.after(hours=80)
    assert [told for told in d.told() if told[2] == Word.ESCALATE] == before
    assert ("p-new", Word.OVERDUE) in [(who, word) for _, who, word, _ in d.told()]


def test_a_former_owner_completes_no_step_of_the_case_that_they_handed_over():  # SAVE-25, SAVE-26
    d = drive(spec())
    d.case = d.case.model_copy(update={"team": _handed_over(d.case.team)})
    d.case = put_steps(d.case, d.case.step("call_them").model_copy(update={"person": "p-csm2"}))
    r = refused(d, note("call_them", by="p-csm"))
    assert (r.kind, r.sentence) == (RefusalType.NOT_ALLOWED, "call_them is owed by csm (p-csm2); 'p-csm' is csm")
    d.do(note("call_them", by="p-csm2"))
    assert d.case.step("call_them").ended_by == "p-csm2"


def _handed_over(team: Team) -> Team:
    """The same team, whose CSM has the role in the directory only; their seat is another's."""
    seats = (s.model_copy(update={"person": "p-csm2", "deputy": None}) if s.role == "csm" else s for s in team.seats)
    people = (p.model_copy(update={"roles": ("csm",)}) if p.id == "p-csm" else p for p in team.people)
    return team.model_copy(update={"seats": tuple(seats), "people": tuple(people)})
