"""Somebody is away or has left: owner, deputy, manager, executive; nothing lies with nobody (issue, DESIGN 1)."""

from __future__ import annotations

from datetime import timedelta

from models.commands import Assign
from models.effects import Word
from models.people import Absence, Seat
from rules import follow_through
from rules.routing import holder, is_present
from tests.unit.rules.plans import QUIET, drive, hours, spec
from tests.unit.rules.world import START, Drive, file


def away_file(**absent: tuple[int, int]):
    """The account's team, where each named person is away from one day to another."""
    known = file()
    people = tuple(
        p.model_copy(update={"absences": (days(*absent[p.id.replace("-", "_")]),)})
        if p.id.replace("-", "_") in absent
        else p
        for p in known.team.people
    )
    return known.model_copy(update={"team": known.team.model_copy(update={"people": people})})


def days(start: float, end: float) -> Absence:
    return Absence(start=START + timedelta(days=start), end=START + timedelta(days=end))


def changed(d: Drive, person_id: str, **update: object) -> None:
    """The directory says that something about a person changed."""
    d.directory_says(d.case.team.person(person_id).model_copy(update=update))


def owner(d: Drive, step: str = "call_them") -> str:
    return d.case.step(step).person


def test_the_owner_owes_it():
    assert owner(drive(spec())) == "p-csm"


def test_the_deputy_stands_in_for_an_absent_owner():
    assert owner(drive(spec(), team=away_file(p_csm=(-1, 9)))) == "p-csm2"


def test_then_the_manager():
    assert owner(drive(spec(), team=away_file(p_csm=(-1, 9), p_csm2=(-1, 9)))) == "p-mgr"


def test_then_the_executive():
    assert owner(drive(spec(), team=away_file(p_csm=(-1, 9), p_csm2=(-1, 9), p_mgr=(-1, 9)))) == "p-exec"


def test_where_everybody_is_away_the_holder_keeps_it():
    everybody = away_file(p_csm=(-1, 9), p_csm2=(-1, 9), p_mgr=(-1, 9), p_exec=(-1, 9))
    assert owner(drive(spec(), team=everybody)) == "p-csm"


def test_whoever_comes_back_first_takes_over():
    everybody = away_file(p_csm=(-1, 9), p_csm2=(-1, 1), p_mgr=(-1, 9), p_exec=(-1, 9))
    d = drive(spec(due="P5D", task=False), team=everybody)
    assert follow_through.next_wake(d.case, d.now) == START + timedelta(days=1)
    d.after(days=1)
    assert owner(d) == "p-csm2"


def test_a_role_that_nobody_holds_falls_to_the_manager():
    assert owner(drive(spec(owner="finance"))) == "p-mgr"


def test_a_team_of_nobody_leaves_a_step_without_an_owner_and_harms_nothing():
    empty = file().model_copy(update={"team": file().team.model_copy(update={"seats": ()})})
    d = drive(spec(), team=empty)
    d.after(days=9)
    assert owner(d) is None
    assert list(d.told()) == []


def test_a_planned_absence_in_the_middle_hands_the_step_on_at_its_beginning():
    d = drive(spec(due="P4D"), team=away_file(p_csm=(2, 9)))
    d.after(days=1, hours=23)
    assert owner(d) == "p-csm"
    d.after(days=2)
    assert owner(d) == "p-csm2"
    assert (d.now, "p-csm2", Word.REROUTED, "call_them") in list(d.told())


def test_a_short_absence_that_ends_before_the_step_is_due_moves_nothing():
    d = drive(spec(due="P4D"), team=away_file(p_csm=(1, 2)))
    d.after(days=3)
    assert owner(d) == "p-csm"


def test_a_reminder_during_a_short_absence_reaches_who_stands_in():
    d = drive(spec(due="P4D"), policy=QUIET, team=away_file(p_csm=(2.5, 3.5)))
    d.after(days=3.2)
    assert owner(d) == "p-csm"
    assert [(who, word) for _, who, word, _ in d.told()] == [("p-csm2", Word.WARN)]


def test_the_new_owner_is_reminded_again():
    d = drive(spec(due="P8D"), policy=QUIET, team=away_file(p_csm=(7.2, 20)))
    d.after(days=7.5)
    assert [(who, word) for _, who, word, _ in d.told() if word == Word.WARN] == [
        ("p-csm", Word.WARN),
        ("p-csm2", Word.WARN),
    ]


def test_an_escalation_goes_round_an_absent_manager():
    d = drive(spec(due="P4D"), team=away_file(p_mgr=(3, 9)))
    d.after(days=4)
    assert [who for _, who, word, _ in d.told() if word == Word.ESCALATE] == ["p-exec"]


def test_somebody_who_left_the_company_loses_their_steps_at_once():
    d = drive(spec(due="P8D"))
    d.after(days=1)
    changed(d, "p-csm", active=False)
    assert owner(d) == "p-csm2"
    assert list(d.told())[-1][1:] == ("p-csm2", Word.REROUTED, "call_them")


def test_an_absence_that_is_planned_while_the_case_runs():
    d = drive(spec(due="P8D"))
    d.after(days=1)
    changed(d, "p-csm", absences=(days(3, 12),))
    assert owner(d) == "p-csm"
    d.after(days=3)
    assert owner(d) == "p-csm2"


def test_two_absences_in_a_row_do_not_leave_it_with_somebody_away():
    known = away_file(p_csm=(2, 9), p_csm2=(3, 9))
    d = drive(spec(due="P6D"), team=known)
    d.after(days=2)
    assert owner(d) == "p-csm2"
    d.after(days=3)
    assert owner(d) == "p-mgr"


def test_a_stranger_in_the_directory_changes_nothing():
    d = drive(spec())
    before = d.case
    d.directory_says(file().team.people[0].model_copy(update={"id": "p-stranger"}))
    assert d.case == before


def test_presence_is_from_the_start_until_the_end():
    case = drive(spec(), team=away_file(p_csm=(1, 2))).case
    seen = [is_present(case, "p-csm", START + hours(h)) for h in (23.9, 24, 47.9, 48)]
    assert seen == [True, False, False, True]
    assert not is_present(case, "p-nobody", START)


def test_a_deputy_is_asked_after_the_holder_and_before_the_manager():
    case = drive(spec()).case
    seat = Seat(role="finance", person="p-sup", deputy="p-eng")
    case = case.model_copy(update={"team": case.team.model_copy(update={"seats": (*case.team.seats, seat)})})
    assert holder(case, "finance", START) == "p-sup"


def test_an_unknown_person_in_a_seat_is_as_good_as_absent():
    known = file()
    seats = tuple(s.model_copy(update={"person": "p-gone"}) if s.role == "csm" else s for s in known.team.seats)
    d = drive(spec(), team=known.model_copy(update={"team": known.team.model_copy(update={"seats": seats})}))
    assert owner(d) == "p-csm2"


def test_a_step_that_changed_hands_stays_there_after_the_return_and_says_so():
    d = drive(
        spec(due="P8D"), spec("next_step", opens={"offset": "P10D"}, due="P12D"), team=away_file(p_csm=(7.2, 9.5))
    )
    d.after(days=7.5)
    (said,) = [event.text for event in d.case.timeline if event.kind == "rerouted"]
    assert said == "p-csm is away; it stays with p-csm2 until it is done, unless 'assign' gives it back"
    d.after(days=10)
    assert is_present(d.case, "p-csm", d.now)
    assert owner(d) == "p-csm2"
    assert owner(d, "next_step") == "p-csm"  # what opens after the return is theirs again


def test_who_is_back_is_given_a_step_back_by_an_assignment():
    d = drive(spec(due="P8D"), team=away_file(p_csm=(7.2, 9.5)))
    d.after(days=7.9)
    d.directory["p-csm"] = d.case.team.person("p-csm").model_copy(update={"absences": (days(7.2, 7.8),)})
    d.do(Assign(role="csm", person="p-csm", by="p-mgr"))
    assert owner(d) == "p-csm"
    d.done("call_them", "they can export again since noon")
    assert d.case.step("call_them").ended_by == "p-csm"


def test_a_step_of_who_left_the_company_is_not_said_to_come_back():
    d = drive(spec(due="P8D"))
    d.after(days=1)
    changed(d, "p-csm", active=False)
    (said,) = [event.text for event in d.case.timeline if event.kind == "rerouted"]
    assert said == "p-csm is no longer here; p-csm2 takes over"
