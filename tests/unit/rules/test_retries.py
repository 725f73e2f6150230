"""The world fails: word for word again, patience per class, then a person; a hold waits; RECORD never gives up."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from models.case import RefusalType
from models.commands import CloseSave, ReleaseMessage, RetryNow
from models.effects import Outcome, OutcomeKind, Verb, Word
from models.policy import FailureClass
from models.save import SaveOutcome
from models.step import StepState
from rules import follow_through
from rules.save import signals
from tests.unit.rules.plans import POLICY, drive, failing, hours, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import START, Drive

DOWN = Outcome(kind=OutcomeKind.FAILED, reason="the mail server is down")
BROKEN = Outcome(kind=OutcomeKind.FAILED, reason="the address does not exist", permanent=True)
NEVER = 10_000


def tries(d: Drive, verb: Verb) -> list[timedelta]:
    return [at - START for at, action in d.sent if action.verb is verb]


def waits(failure_class: FailureClass) -> list[timedelta]:
    """The moments of the tries that the policy's patience makes, from the first."""
    at, moments = timedelta(), [timedelta()]
    for wait in next(p.waits for p in POLICY.patience if p.failure_class is failure_class):
        at += timedelta(minutes=wait.minutes, days=wait.days)
        moments.append(at)
    return moments


def test_a_failed_mail_goes_again_word_for_word():
    d = drive(spec("a", due="P4D"), spec("b", due="P9D"), around=failing(Verb.SEND_DIGEST, 3))
    d.after(days=5)
    digests = [action for _, action in d.sent if action.verb is Verb.SEND_DIGEST]
    assert digests[0] == digests[1] == digests[2] == digests[3]
    assert digests[4].key != digests[0].key


def test_patience_of_a_notice_ends_with_a_persons_step():
    d = drive(spec("a", due="P30D"), spec("boss", due="P2D"), around=failing(Verb.SEND_DIGEST, NEVER))
    d.after(days=5)
    first = next(at for at, action in d.sent if action.verb is Verb.SEND_DIGEST)
    key = next(action.key for _, action in d.sent if action.verb is Verb.SEND_DIGEST)
    assert [at - first for at, action in d.sent if action.key == key] == waits(FailureClass.NOTIFY)
    repair = d.case.step("by_hand_1")
    assert (repair.state, repair.person) == (StepState.OPEN, "p-mgr")
    assert "a person takes over" in "".join(e.text for e in d.case.timeline if e.kind == "by_hand")


def test_a_permanent_failure_goes_to_a_person_at_once():
    d = drive(spec("a", due="P4D"), around=failing(Verb.SEND_DIGEST, 1, BROKEN))
    d.after(days=3)
    assert d.open_steps() == ["a", "by_hand_1"]
    told = [(who, word, step) for _, who, word, step in d.told() if word == Word.FAILED]
    assert told == [("p-mgr", Word.FAILED, "by_hand_1")]


def test_the_same_repair_is_not_asked_for_twice():
    d = drive(spec("a", due="P4D", task=False), around=failing(Verb.SYNC_TASKS, NEVER, BROKEN))
    d.after(days=3)
    titles = [spec.title for spec in d.case.extras]
    assert len(titles) == len(set(titles))


def test_a_load_that_must_succeed_never_gives_up():
    d = Drive(world=failing(Verb.LOAD_ACCOUNT, 20)(Drive.__init__.__defaults__[1]))
    d.after(days=13)
    assert len(tries(d, Verb.LOAD_ACCOUNT)) > 5
    assert not d.case.closed
    assert d.case.account is not None


def test_the_book_never_gives_up():
    d = drive(spec("a", due="P90D"), around=failing(Verb.WRITE_BOOK, 15))
    d.after(days=20)
    moments = tries(d, Verb.WRITE_BOOK)
    assert moments[: len(waits(FailureClass.RECORD))] == waits(FailureClass.RECORD)
    assert moments[10] - moments[9] == timedelta(days=1)  # the last wait again and again
    assert d.case.booked_revision == d.case.revision


def test_a_book_that_refuses_for_good_is_tried_again_in_its_time_and_does_not_spin():
    d = drive(spec("a", due="P90D"), around=failing(Verb.WRITE_BOOK, NEVER, BROKEN))
    d.after(days=2)
    assert len(tries(d, Verb.WRITE_BOOK)) < 20


def test_an_unknown_account_closes_the_case_as_rejected():
    refused = Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="there is no account acc-1")
    d = Drive(world=failing(Verb.LOAD_ACCOUNT, 1, refused)(Drive.__init__.__defaults__[1]))
    assert (d.case.outcome, d.case.closed) == (SaveOutcome.REJECTED, True)
    assert d.case.timeline[-1].text == "there is no account acc-1"
    assert follow_through.is_settled(d.case)


def held(hours_: float) -> Outcome:
    return Outcome(kind=OutcomeKind.HELD, reason="outgoing mail is paused", not_before=START + timedelta(hours=hours_))


def test_what_is_held_back_waits_until_it_may_leave_and_costs_no_patience():
    d = drive(spec("a", due="PT8H"), around=failing(Verb.SEND_DIGEST, 2, held(30)))
    d.after(hours=29)
    assert len(tries(d, Verb.SEND_DIGEST)) == 2  # the owner's and the manager's, once each
    d.after(hours=31)
    assert len(tries(d, Verb.SEND_DIGEST)) == 4  # both again, each with all that must be heard by now
    assert d.open_steps() == ["a"]


def test_a_digest_that_was_held_back_is_made_anew_with_what_holds_when_it_leaves():
    d = drive(spec("a", due="PT8H"), spec("b", due="PT9H"), around=failing(Verb.SEND_DIGEST, 1, held(20)))
    d.after(hours=7)
    d.do(note("a"))
    d.after(hours=20)
    mine = [action for _, action in d.sent if action.verb is Verb.SEND_DIGEST and action.recipients == ("p-csm",)]
    assert [[(line.word, line.step) for line in action.lines] for action in mine[:2]] == [
        [(Word.WARN, "a")],
        [(Word.OVERDUE, "b")],
    ]
    assert mine[0].key == mine[1].key


def test_the_longer_mail_is_held_the_more_seldom_it_is_tried():
    quarter = Outcome(kind=OutcomeKind.HELD, reason="mail is paused", not_before=START)
    d = drive(spec("a", due="P4D", optional=True), around=failing(Verb.SEND_DIGEST, 6, quarter))
    d.after(days=4)
    tried = tries(d, Verb.SEND_DIGEST)
    assert [b - a for a, b in pairwise(tried[1:])] == [hours(n) for n in (0.5, 1, 2, 2, 2)]


def test_on_the_signal_what_is_held_is_tried_at_once():
    d = drive(spec("a", due="PT8H"), around=failing(Verb.SEND_DIGEST, 1, held(20)))
    d.after(hours=7)
    d.signal(RetryNow(by="p-csm"))
    assert tries(d, Verb.SEND_DIGEST) == [hours(6), hours(7)]


def test_what_was_not_sent_when_the_case_closed_is_not_sent_any_more():
    d = drive(spec("call_them", template="engaged_notice", due="PT8H"))
    d.do(ReleaseMessage(by="p-csm", message_id="call_them-1"), settle=False)
    (release,) = d.fly(Verb.RELEASE_MESSAGE)
    d.do(
        CloseSave(
            by="p-mgr",
            outcome="lost",
            notes="they signed elsewhere",
            customer_quotes=("the export came a year too late",),
        ),
        settle=False,
    )
    d.case = follow_through.record(d.case, release, held(1), d.now)
    d.after(days=9)
    assert len(tries(d, Verb.RELEASE_MESSAGE)) == 1
    assert follow_through.is_settled(d.case)
    (ask,) = d.case.asks
    assert (ask.answered, ask.refusal) == (True, RefusalType.CASE_CLOSED)


def test_a_hold_is_said_once_on_the_timeline():
    d = drive(spec("a", due="P4D", optional=True), around=_held_hourly(6))
    d.after(days=4)
    assert len(tries(d, Verb.SEND_DIGEST)) == 7
    assert [e.text for e in d.case.timeline if e.kind == "send_digest_waits"] == [
        "held back: outgoing mail is paused; tried again at 2026-11-19 02:00 UTC"
    ]


def test_one_recipient_who_cannot_be_reached_keeps_nobody_else_waiting():
    d = drive(spec("a", due="P4D"), spec("b", due="P4D", owner="support"))
    d.world = _refuse_mail_to("p-csm", d.world)
    d.after(days=3)
    assert ("p-sup", Word.WARN) in [(who, word) for _, who, word, _ in d.told()]
    assert [retry.action.lane for retry in d.case.retries] == ["email:p-csm"]


def test_a_crm_that_is_down_delays_no_escalation():  # DESIGN 3, lanes
    d = drive(spec("a", due="PT12H"), around=failing(Verb.SYNC_TASKS, NEVER))
    d.after(hours=12)
    assert [(at - START, who) for at, who, word, _ in d.told() if word == Word.ESCALATE] == [(hours(12), "p-mgr")]


def test_retry_now_tries_at_once_what_waits():
    d = drive(spec("a", due="P30D"), around=failing(Verb.SYNC_TASKS, 4))
    d.after(hours=3)
    assert len(d.case.retries) == 1
    before = len(tries(d, Verb.SYNC_TASKS))
    d.case = signals.receive(d.case, RetryNow(by="p-csm"), d.now)
    d.settle()
    assert d.case.retries == ()
    assert len(tries(d, Verb.SYNC_TASKS)) == before + 1


def test_retry_now_with_nothing_waiting_harms_nothing():
    d = drive(spec("a", due="P30D"))
    d.case = signals.receive(d.case, RetryNow(by="p-csm"), d.now)
    d.settle()
    assert d.case.retries == ()


# --- automatic steps


def notice(**fields):
    auto = {"notify": ["cs_manager", "support", "executive"], **fields}
    return spec("alert", automatic=auto, evidence={"kind": "record"}, ladder="standard")


def test_an_automatic_step_is_done_by_its_receipt():
    step = drive(notice()).case.step("alert")
    assert step.state is StepState.DONE
    assert step.evidence.text.startswith("sent to p-mgr, p-sup, p-exec; receipt r:case-1/alert/notify_team/1")


def test_an_automatic_step_that_fails_becomes_a_persons_step():
    d = drive(notice(), around=failing(Verb.NOTIFY_TEAM, 1, BROKEN))
    assert d.open_steps() == ["alert"]
    assert d.case.step("alert").automatic_failed
    assert ("p-csm", Word.FAILED, "alert") in [told[1:] for told in d.told()]


def test_while_the_system_is_still_at_it_nobody_is_reminded():
    d = drive(notice(), around=failing(Verb.NOTIFY_TEAM, 4))
    d.after(hours=8)
    assert d.open_steps() == ["alert"]
    assert list(d.told()) == []
    d.after(days=1)
    assert d.case.step("alert").state is StepState.DONE


def test_a_step_that_fell_to_a_person_is_followed_up_like_any_other():
    d = drive(notice(), around=failing(Verb.NOTIFY_TEAM, NEVER))
    d.after(days=4)
    words = [(who, word) for _, who, word, step in d.told() if step == "alert"]
    assert ("p-csm", Word.WARN) in words
    assert ("p-exec", Word.ESCALATE) in words


@pytest.mark.parametrize(("failure_class", "number"), [("NOTIFY", 6), ("MONEY", 5)])
def test_the_failure_class_of_the_plan_says_how_patient(failure_class, number):
    d = drive(notice(failure_class=failure_class), around=failing(Verb.NOTIFY_TEAM, NEVER))
    d.after(days=9)
    moments = tries(d, Verb.NOTIFY_TEAM)
    assert len(moments) == number
    assert moments == waits(FailureClass(failure_class))


def test_a_message_that_cannot_be_drafted_becomes_a_persons_step():
    d = drive(spec("a", template="acknowledgment"), around=failing(Verb.DRAFT_MESSAGE, 1, BROKEN))
    assert "by_hand_1" in d.open_steps()
    assert [m.state for m in d.case.messages] == ["dropped"]
    assert len(tries(d, Verb.DRAFT_MESSAGE)) == 1


def _refuse_mail_to(person, inner):
    def answer(case, action):
        return DOWN if action.recipients == (person,) else inner(case, action)

    return answer


def _held_hourly(times):
    """Mail is held back for an hour, and again, so many times."""
    left = [times]

    def around(inner):
        def answer(case, action):
            if action.verb is Verb.SEND_DIGEST and left[0] > 0:
                left[0] -= 1
                began = action.moment + timedelta(hours=times - left[0])
                return Outcome(kind=OutcomeKind.HELD, reason="outgoing mail is paused", not_before=began)
            return inner(case, action)

        return answer

    return around
