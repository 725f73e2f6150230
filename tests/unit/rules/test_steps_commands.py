"""What people may do with steps: complete, reschedule, reopen, skip, add (issue: "people err and life moves")."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import MessageState, RefusalType
from models.commands import AddStep, CompleteStep, ReopenStep, RescheduleStep, SkipStep
from models.effects import Word
from models.step import StepState
from rules.refusal import Refused
from rules.save import commands
from tests.unit.rules.plans import drive, hours, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import START, Drive


def refused(d: Drive, command: object) -> Refused:
    """The refusal of a command; the case is unharmed."""
    before = d.case
    with pytest.raises(Refused) as caught:
        commands.apply(d.case, command, d.now)
    assert d.case is before
    return caught.value


# --- complete


def test_a_step_is_done_by_evidence_of_a_named_person():
    d = drive(spec())
    d.do(note("call_them"))
    step = d.case.step("call_them")
    assert (step.state, step.ended_by, step.ended_at) == (StepState.DONE, "p-csm", START)
    assert step.evidence.text == "the ops lead named exports twice in the review"


def test_time_alone_never_completes_a_human_step():
    d = drive(spec())
    d.after(days=60)
    assert d.open_steps() == ["call_them"]


def test_late_evidence_says_how_late():
    d = drive(spec())
    d.after(hours=53)
    d.do(note("call_them"))
    assert [e.text for e in d.case.timeline if e.kind == "step_done"][-1].endswith(", 5 h late")


def test_an_unknown_step_is_answered_with_the_open_ones():
    r = refused(drive(spec("a"), spec("b")), note("c"))
    assert (r.kind, r.sentence) == (RefusalType.UNKNOWN_STEP, "there is no step 'c' to act on; open now: a, b")


def test_a_done_step_is_not_done_again():
    d = drive(spec())
    d.do(note("call_them"))
    r = refused(d, note("call_them"))
    assert r.kind is RefusalType.ILLEGAL_MOVE
    assert r.sentence == "call_them is done already; 'reopen_step' opens it again"


def test_a_step_that_ends_drops_its_draft():
    d = drive(spec(template="acknowledgment"))
    assert d.case.messages[0].state is MessageState.DRAFTED
    d.do(note("call_them"))
    assert d.case.messages[0].state is MessageState.DROPPED


# --- reschedule


def move(step_id: str = "call_them", days: float = 5, by: str = "p-csm", consent: str = "") -> RescheduleStep:
    due = START + timedelta(days=days)
    return RescheduleStep(step_id=step_id, due=due, reason="they are at a fair", by=by, consent=consent)


def test_an_internal_due_moment_moves_and_is_followed_up_there():
    d = drive(spec())
    d.do(move())
    step = d.case.step("call_them")
    assert step.due == START + timedelta(days=5)
    assert (step.moves[0].was, step.moves[0].by) == (START + hours(48), "p-csm")
    d.after(days=4.9)
    assert Word.ESCALATE not in [word for _, _, word, _ in d.told()]
    d.after(days=5)
    assert ("p-mgr", Word.ESCALATE) in [(who, word) for _, who, word, _ in d.told()]


def test_a_promise_moves_only_with_the_customers_consent():  # SAVE-28
    d = drive(spec(promise=True))
    r = refused(d, move())
    assert r.kind is RefusalType.CONSENT_MISSING
    assert "give in 'consent' how they agreed; enough is a phrase of two words" in r.sentence
    assert r.sentence.endswith(", for example 'agreed by email on 3 May'")
    assert refused(d, move(consent="ok")).kind is RefusalType.CONSENT_MISSING
    d.do(move(consent="agreed by email on 3 May"))
    assert d.case.timeline[-1].kind == "promise_moved"
    assert d.case.step("call_them").moves[0].consent == "agreed by email on 3 May"


def test_a_due_moment_moves_into_the_future_only():
    d = drive(spec())
    r = refused(d, move(days=0))
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "the new due moment must lie after 2026-11-16 01:00 UTC",
    )


def test_a_done_step_does_not_move():
    d = drive(spec())
    d.do(note("call_them"))
    assert refused(d, move()).kind is RefusalType.ILLEGAL_MOVE


def test_a_step_that_was_escalated_starts_its_ladder_anew_after_a_move():
    d = drive(spec())
    d.after(days=4)
    d.do(move(days=9))
    d.after(days=11)
    assert [word for _, who, word, _ in d.told() if who == "p-exec"] == [Word.ESCALATE, Word.ESCALATE]


# --- reopen


def reopen(step_id: str = "call_them") -> ReopenStep:
    return ReopenStep(step_id=step_id, reason="the call log was of another customer", by="p-csm")


def test_weak_evidence_opens_a_step_again_and_stays_on_record():
    d = drive(spec())
    d.after(days=1)
    d.do(note("call_them"))
    d.after(days=3)
    d.do(reopen())
    step = d.case.step("call_them")
    assert (step.state, step.evidence, step.round) == (StepState.OPEN, None, 2)
    assert step.due == d.now + hours(24)  # its due moment has passed
    assert "the evidence was: the ops lead named exports" in d.case.timeline[-1].text or any(
        "the evidence was: the ops lead named exports" in e.text for e in d.case.timeline
    )
    assert list(d.told())[-1][1:] == ("p-csm", Word.ASSIGNED, "call_them")


def test_a_reopened_step_keeps_a_due_moment_that_lies_ahead():
    d = drive(spec(due="P9D"))
    d.do(note("call_them"))
    d.do(reopen())
    assert d.case.step("call_them").due == START + timedelta(days=9)


def test_an_open_step_is_not_opened_again():
    r = refused(drive(spec()), reopen())
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "call_them is open; only a done or skipped step is reopened",
    )


def test_a_reopened_step_gets_a_new_draft_and_a_new_task():
    d = drive(spec(template="acknowledgment"))
    d.do(note("call_them"))
    d.after(days=3)
    d.do(reopen())
    assert [(m.id, m.state.value) for m in d.case.messages] == [
        ("call_them-1", "dropped"),
        ("call_them-1-2", "drafted"),
    ]
    assert d.case.step("call_them").tasks_opened == 2


def test_a_reopened_automatic_step_is_sent_again_under_a_key_of_its_own():
    d = Drive()
    d.do(ReopenStep(step_id="alert_stakeholders", reason="the wrong people were told", by="p-mgr"))
    keys = [action.key for _, action in d.sent if action.verb == "notify_team"]
    assert keys == ["case-1/alert_stakeholders/notify_team/1", "case-1/alert_stakeholders/notify_team/1.2"]
    assert d.case.step("alert_stakeholders").state is StepState.DONE


# --- skip


def skip(step_id: str = "call_them") -> SkipStep:
    return SkipStep(step_id=step_id, reason="they answered already", by="p-csm")


def test_a_step_is_left_out_where_the_plan_allows_it():
    d = drive(spec(optional=True), spec("other", skippable=True))
    d.do(skip())
    d.do(skip("other"))
    assert [s.state for s in d.case.steps] == [StepState.SKIPPED, StepState.SKIPPED]
    assert d.case.step("other").reason == "they answered already"


def test_else_it_is_not():
    r = refused(drive(spec()), skip())
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "call_them may not be skipped by its playbook; reschedule or complete it",
    )


# --- add


def add(step_id: str = "send_cake", owner: str = "csm", days: float = 3) -> AddStep:
    due = START + timedelta(days=days)
    return AddStep(step_id=step_id, title="Send a cake", owner=owner, due=due, reason="their birthday", by="p-csm")


def test_a_step_is_added_by_hand_and_followed_up_like_any_other():
    d = drive(spec(due="P60D"))
    d.do(add())
    assert d.case.step("send_cake").person == "p-csm"
    d.after(days=3)
    assert ("p-mgr", Word.ESCALATE, "send_cake") in [told[1:] for told in d.told()]
    d.do(SkipStep(step_id="send_cake", reason="no longer fitting", by="p-csm"))
    assert d.case.step("send_cake").state is StepState.SKIPPED


@pytest.mark.parametrize(
    ("command", "kind", "says"),
    [
        (add("call_them"), RefusalType.ILLEGAL_MOVE, "there is a step 'call_them' already; choose another id"),
        (add(owner="baker"), RefusalType.UNKNOWN_ROLE, "there is no role 'baker'; known: cs_manager, csm, engineering"),
        (add(days=0), RefusalType.ILLEGAL_MOVE, "a new step must be due after 2026-11-16 01:00 UTC"),
    ],
)
def test_what_cannot_be_added(command, kind, says):
    r = refused(drive(spec()), command)
    assert (r.kind, r.sentence[: len(says)]) == (kind, says)


def test_the_next_occurrence_may_be_named_or_left_to_the_case():
    d = drive(spec("weekly", recur="P7D", until={"stage": "closed"}))
    d.do(CompleteStep(step_id="weekly/1", by="p-csm", evidence="sent the four parts to them"))
    early = CompleteStep(step_id="weekly", by="p-csm", evidence="sent the four parts to them")
    with pytest.raises(Refused, match=r"the turn weekly/2 opens on 2026-11-23 01:00 UTC; not before"):
        d.do(early)
    d.after(days=8)
    d.do(early)
    assert [s.state.value for s in d.case.steps] == ["done", "done", "waiting"]
