"""When a step opens and when it is due (PLAY-4, AMB-4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.account import Money
from models.commands import CompleteStep, RiskSignal, SkipStep
from models.step import StepState
from rules import follow_through
from rules.save import signals
from tests.unit.rules.calendars import wall
from tests.unit.rules.plans import drive, hours, spec
from tests.unit.rules.world import OFFICE, START, Drive, file


def note(step_id: str, by: str = "p-csm", **given: object) -> CompleteStep:
    text = "the ops lead named exports twice in the review"
    return CompleteStep(step_id=step_id, by=by, evidence={"text": text, **given})


def test_offsets_count_from_the_opening_of_the_case():
    case = drive(spec("a"), spec("b", opens="P8D", due={"offset": "P28D", "clock": "day_end"})).case
    assert case.step("a").due == START + hours(48)
    assert case.step("b").opens == START + timedelta(days=8)
    assert case.step("b").due == wall(OFFICE, 2026, 12, 14, 23, 59)
    assert (case.step("a").state, case.step("b").state) == (StepState.OPEN, StepState.WAITING)


def test_a_step_opens_at_its_moment_and_not_before():
    d = drive(spec("b", opens="P2D", due="P4D"))
    d.until(START + timedelta(days=2, seconds=-1))
    assert d.open_steps() == []
    d.until(START + timedelta(days=2))
    assert d.open_steps() == ["b"]


def test_a_step_that_counts_from_another_one_is_dated_when_that_one_is_done():
    follow = spec("follow", opens={"after": "step:call_them"}, due={"after": "step:call_them", "offset": "P3D"})
    d = drive(spec(), follow)
    assert d.case.step("follow").due is None
    d.after(days=1)
    d.do(note("call_them"))
    assert d.open_steps() == ["follow"]
    assert d.case.step("follow").due == START + timedelta(days=4)


def test_a_chain_of_steps_is_dated_link_by_link():
    link = [
        spec(f"s{n}", opens={"after": f"step:s{n - 1}"}, due={"after": f"step:s{n - 1}", "offset": "PT10H"})
        for n in range(1, 4)
    ]
    d = drive(spec("s0"), *link)
    for n in range(4):
        d.until(d.now + hours(2))
        assert d.open_steps() == [f"s{n}"]
        d.do(note(f"s{n}"))
    assert all(step.ended for step in d.case.steps)


def test_an_anchor_that_never_comes_leaves_the_step_waiting_and_alarms_nobody():
    d = drive(spec("later", opens={"after": "end_date"}, due={"after": "end_date", "offset": "P1D"}))
    d.after(days=60)
    assert d.case.step("later").state is StepState.WAITING
    assert list(d.told()) == []


def test_no_step_is_due_before_it_opens():
    case = drive(spec("odd", opens="P3D", due="P1D")).case
    assert case.step("odd").due == case.step("odd").opens == START + timedelta(days=3)


def test_a_business_deadline_counts_in_the_customers_working_hours():
    due = drive(spec("a", due={"offset": "PT9H", "clock": "business"})).case.step("a").due
    assert due == wall(OFFICE, 2026, 11, 17, 10)  # eight hours on the Monday, lunch apart, one on the Tuesday


def test_a_step_may_be_done_before_it_opens():
    d = drive(spec("later", opens="P8D", due="P9D"))
    d.do(note("later"))
    assert d.case.step("later").state is StepState.DONE
    d.after(days=10)
    assert list(d.told()) == []


# --- conditions (PLAY-73, PLAY-74)


def decider(**fields):
    return spec("talk", evidence={"kind": "note", "decisions": ["partial", "full"]}, **fields)


def conditional(**fields):
    return spec("offer", condition={"step": "talk", "decision": "partial"}, due="P14D", **fields)


def test_a_conditional_step_waits_for_the_decision():
    d = drive(decider(), conditional())
    assert d.case.step("offer").state is StepState.WAITING
    assert d.case.step("offer").due is None


def test_a_conditional_step_opens_with_its_decision():
    d = drive(decider(), conditional())
    d.do(note("talk", decision="partial"))
    assert d.open_steps() == ["offer"]
    assert d.case.step("offer").due == START + timedelta(days=14)


def test_a_conditional_step_is_not_needed_after_another_decision():
    d = drive(decider(), conditional())
    d.do(note("talk", decision="full"))
    assert d.case.step("offer").state is StepState.SKIPPED
    assert d.case.step("offer").reason == "not needed: talk was not decided as 'partial'"


def test_a_conditional_step_is_not_needed_where_its_question_was_skipped():
    d = drive(decider(optional=True), conditional())
    d.do(SkipStep(step_id="talk", by="p-csm", reason="they left it open"))
    assert d.case.step("offer").state is StepState.SKIPPED


def test_a_step_that_counts_from_a_conditional_one_is_dated_with_it():
    after = spec(
        "revisit",
        opens={"after": "step:offer"},
        due={"after": "step:offer", "offset": "P3M", "clock": "day_end"},
        condition={"step": "talk", "decision": "partial"},
        optional=True,
    )
    d = drive(decider(), conditional(), after)
    d.do(note("talk", decision="partial"))
    d.after(days=2)
    d.do(note("offer"))
    assert d.case.step("revisit").due == wall(OFFICE, 2027, 2, 18, 23, 59)


# --- the first contact follows the matrix (RISK-106, DIS-5)


def contact_due(reason: str = "missing_feature", **account: object):
    from models.starts import SaveStart
    from tests.unit.rules.plans import world

    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason=reason)
    return Drive(start, world(team=file(**account))).case.step("contact_call").due


@pytest.mark.parametrize(
    ("arr", "reason", "respond"),
    [
        (100_000, "cancellation_submitted", 2),
        (100_000, "eval_alternatives", 24),
        (25_000, "cancellation_submitted", 4),
        (25_000, "eval_alternatives", 48),
        (10_000, "cancellation_submitted", 24),
        (10_000, "eval_alternatives", 48),  # a week in the matrix, capped
        (9_999, "missing_feature", 48),
        (100_000, "missing_feature", 48),
    ],
)
def test_the_first_contact_is_due_by_the_matrix_and_never_after_48_hours(arr, reason, respond):
    account = {"arr": Money(minor=arr * 100), "renewal_date": None}
    assert contact_due(reason, **account) == START + hours(respond)


def test_a_signal_that_makes_a_case_urgent_moves_the_first_contact_forward():
    d = Drive()
    assert d.case.step("ack_call").due == START + hours(24)
    d.after(hours=1)
    d.case = signals.receive(d.case, RiskSignal(kind="cancellation_submitted"), d.now)
    assert d.case.step("ack_call").due == d.case.step("contact_call").due == START + hours(5)
    assert d.case.step("draft_plan").due == START + hours(48)


@pytest.mark.parametrize(("after", "due"), [(1, 5), (19, 23), (22, 24)])
def test_a_shorter_response_counts_from_the_signal_and_puts_nothing_off(after, due):  # RISK-106, AMB-38
    d = Drive()
    d.after(hours=after)
    d.signal(RiskSignal(kind="cancellation_submitted"))
    assert d.case.step("ack_call").due == START + hours(due)
    d.signal(RiskSignal(kind="will_not_renew"))
    assert d.case.step("ack_call").due == START + hours(due)


def test_planning_twice_changes_nothing():
    d = Drive()
    for days in (0, 1, 8, 29):
        d.after(days=days)
        assert follow_through.advance(d.case, d.now) is d.case
