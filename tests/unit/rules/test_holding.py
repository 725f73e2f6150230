"""Hold: the people's clocks stop, promises to the customer do not (DESIGN 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.commands import HoldCase, Resume
from models.effects import Word
from models.step import StepState
from rules import follow_through, status
from tests.unit.rules.plans import drive, hours, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import add, refused
from tests.unit.rules.world import START, Drive


def hold(days: float, by: str = "p-csm") -> HoldCase:
    return HoldCase(until=START + timedelta(days=days), reason="their books close", by=by)


def case(**fields) -> Drive:
    return drive(
        spec(due="P4D"), spec("promise", due="P4D", promise=True, **fields), spec("later", opens="P8D", due="P10D")
    )


def test_what_the_people_owe_moves_and_what_was_promised_does_not():
    d = case()
    d.after(days=1)
    d.do(hold(6))
    d.after(days=6)
    assert d.case.hold is None
    due = {step.id: step.due - START for step in d.case.steps}
    assert due == {
        "call_them": timedelta(days=9),
        "promise": timedelta(days=4),
        "later": timedelta(days=15),
    }


def test_during_a_hold_only_promises_are_followed_up():
    d = case()
    d.after(days=1)
    d.do(hold(30))
    d.after(days=29)
    assert {step for _, _, _, step in d.told()} == {"promise"}
    assert d.case.step("later").state is StepState.WAITING
    assert status.of(d.case, d.now).overdue == ("promise",)


def test_a_hold_ends_by_itself_and_everything_goes_on():
    d = case()
    d.do(hold(2))
    assert follow_through.next_wake(d.case, d.now) <= START + timedelta(days=2)
    d.after(days=6)
    assert d.case.timeline[-1].kind != "held"
    assert (timedelta(days=6), Word.ESCALATE, "call_them") in [(at - START, w, s) for at, _, w, s in d.told()]


def test_resume_ends_it_early_and_moves_by_as_long_as_it_lasted():
    d = case()
    d.do(hold(20))
    d.after(hours=30)
    d.do(Resume(by="p-csm"))
    assert d.case.step("call_them").due == START + timedelta(days=4) + hours(30)


def test_a_case_that_was_woken_late_moves_by_as_long_as_the_hold_was_meant():
    d = case()
    d.do(hold(2))
    d.now = START + timedelta(days=3)  # the workers were down for a day
    d.settle()
    assert d.case.step("call_them").due == START + timedelta(days=6)


def test_two_holds_add_up():
    d = case()
    for start, end in ((0, 1), (2, 4)):
        d.after(days=start)
        d.do(hold(end))
        d.after(days=end)
    assert d.case.step("call_them").due == START + timedelta(days=7)


def test_what_somebody_dates_during_a_hold_stays_where_they_put_it():
    d = case()
    d.do(hold(10))
    d.after(days=9)
    d.do(add(days=12))
    d.after(days=10)
    assert d.case.step("send_cake").due == START + timedelta(days=12)


def test_what_begins_to_count_during_a_hold_loses_only_the_rest_of_it():
    follow = spec("follow", opens={"after": "step:promise"}, due={"after": "step:promise", "offset": "P3D"})
    d = drive(spec("promise", promise=True, due="P20D"), follow)
    d.do(hold(10))
    d.after(days=9)
    d.do(note("promise"))
    d.after(days=10)
    assert d.case.step("follow").due == START + timedelta(days=13)


@pytest.mark.parametrize("days", [0, 91])
def test_a_hold_has_bounds(days):  # PLAY-148
    r = refused(case(), hold(days))
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "a hold ends after now and by 2027-02-14 01:00 UTC, so that no promise is forgotten",
    )


def test_the_longest_hold_is_legal():
    d = case()
    d.do(hold(90))
    assert d.case.hold.until == START + timedelta(days=90)


def test_one_hold_at_a_time():
    d = case()
    d.do(hold(3))
    r = refused(d, hold(4))
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "the case is on hold until 2026-11-19; 'resume' it first",
    )


def test_nothing_to_resume():
    r = refused(case(), Resume(by="p-csm"))
    assert (r.kind, r.sentence) == (RefusalType.ILLEGAL_MOVE, "the case is not on hold")


def test_the_timeline_says_what_moves_and_what_is_kept():
    d = case()
    d.do(hold(3))
    held = next(e.text for e in d.case.timeline if e.kind == "held")
    assert held.endswith("their books close; moves: call_them, later; promises kept: promise")
