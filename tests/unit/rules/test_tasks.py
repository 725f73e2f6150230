"""The tasks in the CRM follow the steps: who owes them, until when, and that they are over (AMB-36)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.commands import HoldCase, RescheduleStep, Resume
from models.effects import Action, Verb
from models.people import Absence
from models.policy import FailureClass
from models.step import TaskCard
from rules import follow_through, tasks
from tests.unit.rules.plans import drive, hours, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import START, Drive


def syncs(d: Drive) -> list[Action]:
    return [action for _, action in d.sent if action.verb is Verb.SYNC_TASKS]


def card(d: Drive, step: str = "call_them") -> TaskCard | None:
    return d.case.step(step).task


def test_an_open_step_is_a_task_of_its_owner():
    d = drive(spec())
    assert card(d) == TaskCard(open=True, person="p-csm", due=START + hours(48))
    assert len(syncs(d)) == 1


def test_a_task_goes_to_the_deputy_with_the_step():
    d = drive(spec())
    gone = Absence(start=START + hours(1), end=START + timedelta(days=9))
    d.directory_says(d.case.team.person("p-csm").model_copy(update={"absences": (gone,)}))
    d.after(hours=2)
    assert card(d).person == "p-csm2"
    assert len(syncs(d)) == 2


def test_a_task_moves_with_the_due_moment():
    d = drive(spec())
    d.do(RescheduleStep(step_id="call_them", by="p-csm", due=START + hours(90), reason="they are travelling"))
    assert card(d).due == START + hours(90)


def test_a_task_moves_with_the_end_of_a_hold():
    d = drive(spec())
    d.do(HoldCase(by="p-csm", until=START + hours(30), reason="their books close"))
    d.after(hours=10)
    d.do(Resume(by="p-csm"))
    assert card(d).due == START + hours(58)


def test_a_task_is_closed_within_a_day_of_its_step_as_the_policy_says():
    d = drive(spec(), spec("other", due="P9D"))
    d.do(note("call_them"))
    d.after(hours=23)
    assert card(d).open
    d.after(hours=24)
    assert not card(d).open
    assert [action.steps for action in syncs(d)] == [("call_them", "other"), ("call_them",)]


@pytest.mark.parametrize(("kind", "waits"), [(FailureClass.NOTIFY, True), (FailureClass.BULK, False)])
def test_the_tasks_wait_for_what_may_change_them_within_minutes_and_not_for_work_in_bulk(kind, waits):
    d = drive(spec())
    under_way = Action(key="k", lane="data", verb=Verb.PREPARE_EXPORT, failure_class=kind, summary="x", moment=d.now)
    d.case = follow_through.start(d.case, under_way)
    d.do(RescheduleStep(step_id="call_them", by="p-csm", due=START + hours(60), reason="x"), settle=False)
    assert (d.fly(Verb.SYNC_TASKS) == []) is waits


def test_a_change_under_way_is_told_once_the_call_before_it_has_ended():
    d = drive(spec(), around=lambda inner: inner)
    d.do(RescheduleStep(step_id="call_them", by="p-csm", due=START + hours(60), reason="x"), settle=False)
    (call,) = d.fly(Verb.SYNC_TASKS)
    d.do(RescheduleStep(step_id="call_them", by="p-csm", due=START + hours(70), reason="x"), settle=False)
    assert not d.fly(Verb.SYNC_TASKS)
    assert card(d).due == START + hours(60)
    d.lands(call)
    assert card(d).due == START + hours(70)


def test_a_task_that_is_opened_again_is_another_one():
    d = drive(spec())
    d.do(note("call_them"))
    d.after(hours=24)
    step = d.case.step("call_them")
    assert tasks.number(step, step.task) == 1
    assert tasks.number(step, TaskCard(open=True)) == 2
