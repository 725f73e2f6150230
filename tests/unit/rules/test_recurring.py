"""Recurring steps: weekly updates without fail, standups, their end (SAVE-18, SAVE-23, AMB-20)."""

from __future__ import annotations

from datetime import timedelta

from models.commands import CloseSave, CompleteStep, HoldCase, RescheduleStep, SkipStep
from models.effects import Word
from models.step import StepState
from rules import status
from tests.unit.rules.calendars import wall
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import OFFICE, START, Drive


def weekly(**fields):
    return spec("weekly_update", recur="P7D", until={"step": "fixed"}, promise=True, **fields)


def states(d: Drive, step_id: str) -> list[str]:
    return [step.state.value for step in d.case.steps if step.step_id == step_id]


def mail(step_id: str) -> CompleteStep:
    return note(step_id)


def test_the_first_one_is_due_after_one_turn():
    case = drive(weekly(), spec("fixed", due="P60D")).case
    assert case.step("weekly_update/1").due == START + timedelta(days=7)
    assert case.step("weekly_update").id == "weekly_update/1"


def test_the_next_one_is_there_as_soon_as_one_is_done():
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=5)
    d.do(mail("weekly_update"))
    assert d.case.step("weekly_update").id == "weekly_update/2"
    assert d.case.step("weekly_update/2").opens == START + timedelta(days=7)
    assert d.case.step("weekly_update/2").due == START + timedelta(days=14)


def test_early_or_late_the_rhythm_stays():
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=8)
    d.do(mail("weekly_update/1"))
    assert d.case.step("weekly_update/2").due == START + timedelta(days=14)


def test_a_missed_one_is_recorded_not_dropped():  # SAVE-18
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=13)
    assert states(d, "weekly_update") == ["open", "open"]
    d.after(days=14)
    assert states(d, "weekly_update") == ["failed", "open", "open"]
    assert d.case.step("weekly_update/1").reason == "missed: the next one was due"


def test_a_late_one_climbs_to_the_manager_and_the_executive():
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=9)
    climbed = [
        (at - START, who) for at, who, word, step in d.told() if word == Word.ESCALATE and step == "weekly_update/1"
    ]
    assert climbed == [(timedelta(days=7), "p-mgr"), (timedelta(days=8), "p-exec")]


def test_it_ends_with_its_step():  # AMB-20
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=10)
    d.do(mail("weekly_update/1"))
    d.do(note("fixed"))
    assert states(d, "weekly_update") == ["done", "skipped"]
    d.after(days=40)
    assert states(d, "weekly_update") == ["done", "skipped"]


def test_a_step_that_was_only_skipped_does_not_end_it():
    d = drive(weekly(), spec("fixed", due="P60D", optional=True))
    d.do(SkipStep(step_id="fixed", by="p-csm", reason="not feasible"))
    d.after(days=8)
    assert "open" in states(d, "weekly_update")


def test_skipping_one_skips_one():
    d = drive(weekly(skippable=True), spec("fixed", due="P60D"))
    d.do(SkipStep(step_id="weekly_update", by="p-csm", reason="they are on holiday this week"))
    assert states(d, "weekly_update") == ["skipped", "waiting"]


def test_a_standup_is_on_every_working_day_at_the_same_hour():  # SAVE-23
    d = Drive()
    d.after(days=9)
    due = [step.due for step in d.case.steps if step.step_id == "standup"]
    assert due[:6] == [wall(OFFICE, 2026, 11, day, 9) for day in (17, 18, 19, 20, 23, 24)]


def test_a_missed_standup_alarms_nobody():
    d = Drive()
    d.after(days=9)
    assert not [step for _, _, _, step in d.told() if step.startswith("standup")]
    assert states(d, "standup").count("failed") > 3


def test_it_ends_with_its_stage():
    d = Drive()
    d.after(days=2)
    d.do(
        CloseSave(
            outcome="lost",
            notes="they signed with another vendor",
            by="p-csm",
            customer_quotes=("the export came a year too late",),
        )
    )
    d.after(days=9)
    assert set(states(d, "standup")) <= {"failed", "skipped"}


def test_each_week_has_its_own_draft():
    d = drive(weekly(template="weekly_update"), spec("fixed", due="P60D"))
    d.after(days=15)
    assert [m.id for m in d.case.messages] == ["weekly_update-1", "weekly_update-2", "weekly_update-3"]


def test_a_month_is_a_month_on_the_calendar():
    monthly = spec("report", recur="P1M", until={"stage": "closed"})
    d = drive(monthly)
    for day in ((2026, 12, 16), (2027, 1, 16), (2027, 2, 16)):
        d.do(note("report"))
        d.until(wall(OFFICE, *day, 9))
    due = [step.due for step in d.case.steps]
    assert due == [wall(OFFICE, *day, 9) for day in ((2026, 12, 16), (2027, 1, 16), (2027, 2, 16), (2027, 3, 16))]
    assert all(step.state is StepState.DONE for step in d.case.steps[:3])


def moved(d: Drive, step_id: str, days: float) -> RescheduleStep:
    return RescheduleStep(
        step_id=step_id, due=START + timedelta(days=days), reason="they travel", consent="agreed by phone", by="p-csm"
    )


def test_after_one_that_was_moved_the_next_one_comes_later():
    d = drive(weekly(), spec("fixed", due="P60D"))
    d.after(days=1)
    d.do(moved(d, "weekly_update/1", 20))
    d.after(days=19)
    assert states(d, "weekly_update") == ["open"]
    d.after(days=20)
    assert [(s.id, s.opens - START, s.due - START) for s in d.case.steps if s.recurring] == [
        ("weekly_update/1", timedelta(days=0), timedelta(days=20)),
        ("weekly_update/3", timedelta(days=20), timedelta(days=21)),
    ]
    assert status.of(d.case, d.now).overdue == ("weekly_update/1",)


def test_a_hold_moves_the_rhythm_of_what_the_people_owe():
    d = drive(spec("report", recur="P7D", until={"step": "fixed"}), spec("fixed", due="P60D"))
    d.after(days=8)
    d.do(note("report/1"))
    d.do(HoldCase(until=START + timedelta(days=38), reason="their books close", by="p-csm"))
    d.after(days=38)
    assert d.case.step("report/2").due == START + timedelta(days=44)
    d.after(days=52)
    turns = [(s.due - START).days for s in d.case.steps if s.step_id == "report"]
    assert turns == [7, 44, 51, 58]
    assert states(d, "report") == ["done", "failed", "open", "open"]


def test_a_draft_of_a_turn_that_was_missed_is_not_sent_any_more():
    d = drive(weekly(template="weekly_update"), spec("fixed", due="P60D"))
    d.after(days=15)
    assert [(m.id, m.state.value) for m in d.case.messages] == [
        ("weekly_update-1", "dropped"),
        ("weekly_update-2", "drafted"),
        ("weekly_update-3", "drafted"),
    ]
