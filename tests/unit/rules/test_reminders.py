"""Reminders at 75 %, breach to the manager, then the executive (AMB-37), in the owner's working hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.account import Money
from models.commands import HoldCase, ReopenStep, RescheduleStep
from models.effects import Word
from models.policy import Ladder, Rung
from models.starts import SaveStart
from rules.ladders import ladder_of
from tests.unit.rules.calendars import wall
from tests.unit.rules.plans import POLICY, QUIET, drive, hours, spec, world
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import OFFICE, START, Drive, file


def moments(d: Drive, step: str = "call_them") -> list[tuple[timedelta, str, str]]:
    return [(at - START, who, word) for at, who, word, about in d.told() if about == step]


def test_the_owner_is_reminded_at_three_quarters_of_the_time():
    case = drive(spec(due="P8D"), policy=QUIET).case
    assert case.step("call_them").warn == wall(OFFICE, 2026, 11, 23, 9)  # day six is a Sunday
    assert drive(spec(due="P4D")).case.step("call_them").warn == START + timedelta(days=3)


def test_a_plan_may_say_another_moment():
    case = drive(spec(due="P4D", warn="PT28H")).case
    assert case.step("call_them").warn == wall(OFFICE, 2026, 11, 17, 13, 30)  # 13:00 is lunch


def test_a_reminder_that_working_hours_would_push_past_the_due_moment_comes_the_evening_before():
    # 75 % of 24 hours is three in the night; the next morning would be too late
    assert drive(spec(due="PT24H")).case.step("call_them").warn == wall(OFFICE, 2026, 11, 16, 18)


def test_a_reminder_of_a_step_that_opens_in_the_night_comes_in_the_night():
    case = drive(spec(opens="PT11H", due="PT15H")).case
    assert case.step("call_them").warn == START + hours(14)


def test_reminder_breach_manager_executive():  # AMB-37
    d = drive(spec(due="P4D"), policy=QUIET)
    d.after(days=6)
    assert moments(d) == [
        (timedelta(days=3), "p-csm", Word.WARN),
        (timedelta(days=4), "p-csm", Word.OVERDUE),
        (timedelta(days=4), "p-mgr", Word.ESCALATE),
        (timedelta(days=5), "p-exec", Word.ESCALATE),
    ]


def test_each_is_told_once():
    d = drive(spec(due="P4D"), policy=QUIET)
    d.after(days=60)
    assert len(moments(d)) == 4


def urgent(**account: object) -> Drive:
    facts = {"arr": Money(minor=10_000_000), "renewal_date": None} | account
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="cancellation_submitted")
    return Drive(start, world(team=file(**facts)))


def test_a_critical_and_immediate_case_reaches_the_executive_after_two_hours():  # AMB-37
    d = urgent()
    d.after(hours=6)
    assert moments(d, "contact_call")[-2:] == [
        (hours(2), "p-mgr", Word.ESCALATE),
        (hours(4), "p-exec", Word.ESCALATE),
    ]


@pytest.mark.parametrize("account", [{"arr": Money(minor=9_999_900)}, {"arr": Money(minor=2_500_000)}])
def test_a_lesser_one_after_a_day(account):
    d = urgent(**account)
    d.after(days=3)
    assert moments(d, "contact_call")[-1] == (hours(28), "p-exec", Word.ESCALATE)


def test_a_case_that_is_done_in_time_reminds_nobody():
    d = drive(spec(due="P4D"))
    d.after(days=2)
    d.do(note("call_them"))
    d.after(days=30)
    assert moments(d) == []


def test_done_after_the_reminder_it_escalates_to_nobody():
    d = drive(spec(due="P4D"))
    d.after(days=3)
    d.do(note("call_them"))
    d.after(days=30)
    assert [word for _, _, word in moments(d)] == [Word.WARN]


def test_an_optional_step_is_reminded_of_and_escalates_to_nobody():
    d = drive(spec(due="P4D", optional=True))
    d.after(days=30)
    assert moments(d) == [(timedelta(days=3), "p-csm", Word.WARN)]


def test_a_quiet_ladder_tells_nobody():
    d = drive(spec(due="P4D", ladder="quiet"))
    d.after(days=30)
    assert moments(d) == []


def test_an_urgent_case_leaves_a_quiet_step_quiet():
    d = urgent()
    d.after(days=3)
    standup = d.case.plan.step("standup")
    assert ladder_of(d.case, standup).name == "quiet"
    assert ladder_of(d.case, d.case.plan.step("contact_call")).name == "urgent"


def test_a_rung_may_count_in_the_business_hours_of_who_is_told():
    ladder = Ladder(name="office", rungs=(Rung(role="cs_manager", after={"minutes": 120}, clock="business"),))
    policy = QUIET.model_copy(update={"ladders": (*POLICY.ladders, ladder)})
    d = drive(spec(due={"offset": "P0D", "clock": "day_end"}, ladder="office"), policy=policy)
    d.after(days=3)
    told = next(at for at, who, word, _ in d.told() if word == Word.ESCALATE)
    assert told == wall(OFFICE, 2026, 11, 17, 11)


# --- digests


def test_what_falls_together_goes_out_as_one_mail():
    d = drive(spec("a", due="P4D"), spec("b", due="P4D"), spec("c", due={"offset": "P4D"}))
    d.after(days=4)
    digests = [action for _, action in d.sent if action.lines]
    assert [(a.recipients, len(a.lines)) for a in digests] == [(("p-csm",), 3), (("p-csm",), 3), (("p-mgr",), 3)]


def test_a_reminder_that_is_near_rides_along():
    d = drive(spec("a", due="P4D"), spec("b", due={"offset": "P4DT20M"}))
    d.after(days=3)
    assert [len(action.lines) for _, action in d.sent if action.lines] == [2]


def test_nobody_hears_of_a_breach_before_it():
    """A colleague's breach at 09:00 does not carry along what is due at 09:20, which may still be done in time."""
    d = drive(spec("a", due="P4D"), spec("b", due="P4DT20M"))
    d.after(days=4)
    d.do(note("b"))
    d.after(days=5)
    assert [word for _, _, word in moments(d, "b")] == [Word.WARN]


def warned(d: Drive) -> list[timedelta]:
    return [at - START for at, _, word, _ in d.told() if word == Word.WARN]


def test_the_time_to_a_moved_date_counts_from_its_moving():
    d = drive(spec(due="P4D"))
    d.after(days=2)
    d.do(RescheduleStep(step_id="call_them", by="p-csm", due=START + timedelta(days=10), reason="they travel"))
    d.after(days=9)
    assert warned(d) == [timedelta(days=8)]


def test_a_step_that_is_opened_again_is_reminded_of_anew():
    d = drive(spec(due="P4D"))
    d.do(note("call_them"))
    d.after(days=5)
    d.do(ReopenStep(step_id="call_them", by="p-mgr", reason="nobody with authority was there"))
    assert warned(d) == []
    d.after(days=6)
    (at,) = warned(d)
    assert timedelta(days=5) < at < timedelta(days=6)


def test_the_reminder_moves_with_a_hold():
    d = drive(spec(due="P8D"))
    d.after(days=1)
    d.do(HoldCase(by="p-csm", until=START + timedelta(days=15), reason="their books close"))
    d.after(days=16)
    assert warned(d) == []
    d.after(days=22)
    assert warned(d) == [timedelta(days=21)]  # three quarters are over on a Sunday
