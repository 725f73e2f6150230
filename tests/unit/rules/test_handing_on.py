"""What a won save still owes the customer goes on in the recovery: the agreed follow-up, and day thirty (DIS-23)."""

from __future__ import annotations

from datetime import timedelta

from models.effects import Verb
from models.starts import RecoveryStart
from models.step import StepState
from rules import follow_through
from tests.unit.rules.recovering import Recovery
from tests.unit.rules.test_save_commands import close, diagnosed
from tests.unit.rules.world import START, Drive
from workflows.effects import EFFECTS

SIGNED = {"evidence": "renewal R-2291 signed on Monday"}
DAY_30 = START + timedelta(days=30, hours=14, minutes=59)  # the end of that day in Kuala Lumpur


def saved(after: timedelta, **more: object) -> Drive:
    """A save that is won so long after its trigger."""
    d = diagnosed()
    d.until(START + after)
    d.do(close("saved_full", **SIGNED, **more), settle=False)
    return d


def recovery_of(d: Drive) -> Recovery:
    """The recovery that the won save starts, at the moment of the save."""
    (action,) = [one for one in follow_through.due(d.case, d.now) if one.verb is Verb.START_CASE]
    start = EFFECTS[Verb.START_CASE].request(d.case, action).recovery
    again = RecoveryStart.model_validate_json(start.model_dump_json())
    return Recovery(**{name: getattr(again, name) for name in RecoveryStart.model_fields})


def follows(d: Drive) -> str:
    (said,) = [event.text for event in d.case.timeline if event.kind == "follows"]
    return said


def test_saved_within_three_days_the_two_meetings_of_day_thirty_may_be_one():  # DIS-23
    d = saved(timedelta(days=3), follow_up=None)
    assert "day30_followup and the recovery's check_in_30 are days apart and may be one meeting" in follows(d)
    r = recovery_of(d)
    assert r.case.step("day30_followup") is None
    (said,) = [event for event in r.case.timeline if event.kind == "one_meeting"]
    assert (said.step, "day30_followup of save case case-1, due 2026-12-16" in said.text) == ("check_in_30", True)
    assert "It may also be day30_followup of the save" in r.case.spec("check_in_30").title


def test_saved_later_both_meetings_are_owed_each_on_its_own_day():  # DIS-23
    d = saved(timedelta(days=3, minutes=1), follow_up=None)
    assert f"day30_followup is a step of the recovery, due {DAY_30:%Y-%m-%d %H:%M} UTC" in follows(d)
    r = recovery_of(d)
    follow_up, check_in = r.case.step("day30_followup"), r.case.step("check_in_30")
    assert (follow_up.due, follow_up.opens) == (DAY_30, START + timedelta(days=28))
    assert check_in.due > follow_up.due
    assert "day30_followup" not in r.case.spec("check_in_30").title
    r.until(DAY_30)
    assert "day30_followup" in r.open_steps()
    assert any(a.verb is Verb.DRAFT_MESSAGE and "day30_followup" in a.steps for _, a in r.sent)


def test_a_day_thirty_that_is_late_at_the_save_gets_time_in_the_recovery():
    d = saved(timedelta(days=35), follow_up=None)
    (carried,) = d.case.carried_steps
    assert carried.due == d.now + timedelta(hours=24)


def test_a_day_thirty_that_took_place_is_not_owed_again():  # DIS-23
    d = diagnosed()
    d.until(START + timedelta(days=29))
    d.done("day30_followup")
    d.do(close("saved_full", **SIGNED, follow_up=None))
    assert d.case.carried_steps == ()


def test_an_agreed_follow_up_is_a_step_of_the_recovery_on_its_day():  # CONV-23
    day = START + timedelta(days=20, hours=3)
    d = saved(timedelta(days=1), follow_up=day)
    r = recovery_of(d)
    step = r.case.step("follow_up")
    assert (step.opens, step.due) == (
        START + timedelta(days=19, hours=15),
        START + timedelta(days=20, hours=14, minutes=59),
    )
    assert (step.state, r.case.spec("follow_up").owner) == (StepState.WAITING, "csm")
    r.until(step.due)
    assert [(at, who) for at, who, word, name in r.told() if (word, name) == ("warn", "follow_up")]


def test_where_no_case_stays_open_it_is_said_that_nobody_is_reminded_of_the_follow_up():  # CONV-23
    d = diagnosed()
    d.do(close("lost", follow_up=START + timedelta(days=60)))
    assert d.case.carried_steps == ()
    assert "follow-up 2027-01-15 01:00 UTC, of which nothing here reminds anybody" in follows(d)
    assert "day30_followup" not in follows(d)
