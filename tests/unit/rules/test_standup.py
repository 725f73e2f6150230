"""The stand-up of a team: late, due today, blocked, promised, each thing under one heading (SAVE-23)."""

from __future__ import annotations

from datetime import timedelta

from models import commands as c
from models.case import Approval
from models.inbound import Arrival, InboxState, Judged, Kept
from models.standup import Section
from rules import standup, status
from tests.unit.rules.plans import POLICY, drive, spec
from tests.unit.rules.world import START, Drive

DAY = timedelta(hours=15)


def spoken(d: Drive) -> list[tuple[str, str, str]]:
    found = standup.digest([status.of(d.case, d.now)], POLICY, d.now, d.now + DAY)
    return [(line.section.value, line.step or line.subject, line.why) for line in found.lines]


def test_what_is_past_due_is_late_and_what_is_due_by_the_end_of_the_day_is_today():  # SAVE-23
    d = drive(spec("early", due="PT2H"), spec("soon", due="PT12H"), spec("next_week", due="P7D"))
    d.after(hours=3)
    assert spoken(d) == [("late", "early", ""), ("today", "soon", "")]


def test_what_another_team_owes_is_blocked_until_its_day_comes():  # SAVE-23
    d = drive(spec("fix", owner="engineering", due="P2D"), spec("write", due="P2D"))
    assert spoken(d) == [("blocked", "fix", "waits for engineering")]
    d.after(days=1, hours=12)
    assert spoken(d) == [("today", "fix", "waits for engineering"), ("today", "write", "")]


def test_a_step_whose_day_has_come_and_that_waits_for_another_is_blocked_by_its_title():  # SAVE-23, OFFB-4
    first, then = spec("ask", due="P2D"), spec("act", due="PT4H").model_copy(update={"needs": ("ask",)})
    d = drive(first, then)
    d.after(hours=3)
    assert ("blocked", "act", f"waits for: {first.title}") in spoken(d)
    d.done("ask")
    assert not [line for line in spoken(d) if line[0] == "blocked"]


def test_a_case_on_hold_is_one_line_and_its_promises_stay():  # SAVE-23, PLAY-148
    d = drive(spec("early", due="PT2H"))
    d.after(hours=3)
    due = d.now + timedelta(days=3)
    d.do(c.MakeCommitment(text="Bulk export", owner="p-pm", due=due, source="call", by="p-csm"))
    d.do(c.HoldCase(until=START + timedelta(days=9), reason="customer on leave", by="p-mgr"))
    assert spoken(d) == [("blocked", "the case", "on hold until 2026-11-25"), ("promised", "promise_1", "open")]


def test_a_broken_promise_is_late_and_stands_there_once():  # SAVE-28
    d = drive(spec("later", due="P30D"))
    d.do(c.MakeCommitment(text="Bulk export", owner="p-pm", due=START + timedelta(days=1), source="call", by="p-csm"))
    d.after(days=1, hours=2)
    assert spoken(d) == [("late", "promise_1", "a promise to the customer")]


def test_a_decision_that_is_owed_blocks():
    d = drive(spec("later", due="P30D"))
    d.case = d.case.model_copy(update={"approvals": (Approval(id="a-1", subject="20 % off", role="cs_manager"),)})
    assert spoken(d) == [("blocked", "20 % off", "waits for the decision of cs_manager")]


def test_the_standup_itself_is_not_spoken_of_and_its_open_turn_is_found():  # SAVE-23, PLAY-21
    d = Drive()
    d.after(days=2)
    case = status.of(d.case, d.now)
    opened = [step.id for step in case.steps if step.id.startswith("standup") and step.state == "open"]
    assert standup.open_turn(case, POLICY) == opened[-1]
    assert not [line for line in spoken(d) if line[1].startswith("standup")]


def test_a_case_without_a_standup_has_no_turn():
    assert standup.open_turn(status.of(drive(spec()).case, START), POLICY) is None


def test_a_case_whose_clock_is_ahead_is_read_at_its_own_time():
    d = drive(spec("early", due="P1D"))
    d.after(days=2)
    found = standup.digest([status.of(d.case, d.now)], POLICY, START, START + DAY)
    assert [line.section for line in found.lines] == [Section.LATE]


def test_what_is_late_in_a_case_whose_clock_is_ahead_is_measured_by_its_own_time():  # SAVE-23
    d = drive(spec("early", due="P1D"))
    d.after(days=2)
    (line,) = standup.digest([status.of(d.case, d.now)], POLICY, START, START + DAY).lines
    assert line.section is Section.LATE
    assert line.due and line.due < line.at


def test_a_step_whose_time_has_not_come_is_not_spoken_of():  # SAVE-23
    d = drive(spec("fix", owner="engineering", due="P9D"), spec("later", owner="engineering", opens="P2D", due="P9D"))
    seen = status.of(d.case, d.now)
    assert [line[1] for line in spoken(d)] == ["fix"]
    moved = [s.model_copy(update={"opens": d.now + timedelta(days=1), "state": "open"}) for s in seen.steps]
    assert not standup.digest([seen.model_copy(update={"steps": tuple(moved)})], POLICY, d.now, d.now + DAY).lines


def test_the_inbox_counts_what_waits_for_a_person_and_how_old_the_oldest_is():  # CANC-20
    def kept(name: str, hours: int, state: InboxState = InboxState.WAITING) -> Kept:
        at = START - timedelta(hours=hours)
        arrival = Arrival(id=name, channel="email", at=at)
        return Kept(arrival=arrival, judged=Judged(), state=state, kept_at=START)

    arrived = [kept("a", 3), kept("b", 30), kept("c", 90, InboxState.DISMISSED)]
    found = standup.waiting(arrived, START, timedelta(hours=24))
    assert (found.waiting, found.oldest, found.late) == (2, START - timedelta(hours=30), True)
    assert standup.waiting(arrived[:1], START, timedelta(hours=24)).late is False
    assert standup.waiting(arrived[2:], START, timedelta(hours=24)).oldest is None


def test_several_cases_are_sorted_by_heading_and_then_by_due():
    late, today = drive(spec("a", due="PT2H")), drive(spec("b", due="PT9H"))
    for d in (late, today):
        d.after(hours=3)
    found = standup.digest([status.of(d.case, d.now) for d in (today, late)], POLICY, late.now, late.now + DAY)
    assert [line.step for line in found.lines] == ["a", "b"]
