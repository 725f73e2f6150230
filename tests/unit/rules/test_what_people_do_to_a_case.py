"""Odd moments and odd orders: what a person may do at the wrong time, and what the case makes of it."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from models.case import MessageState, RefusalType
from models.commands import (
    AddStep,
    Assign,
    CancellationRequested,
    CompleteStep,
    HoldCase,
    LogContact,
    RecordRootCause,
    ReleaseMessage,
    ReopenStep,
    RescheduleStep,
)
from models.effects import Joined, Outcome, OutcomeKind, Verb
from models.people import Person
from models.save import SaveCase
from models.starts import ImportedPast, SaveStart
from models.step import StepState
from rules import status
from rules.refusal import Refused
from tests.unit.rules.plans import POLICY, drive, failing, hours, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import OFFICE, START, Drive, instantly, plan, proof

LONG = "the ops lead said this and that " * 100
HELD = Outcome(kind=OutcomeKind.HELD, reason="outgoing mail is paused")
DOWN = Outcome(kind=OutcomeKind.FAILED, reason="the CRM is down")


def newcomer(case, action):
    """A world in which whoever is looked up is a CSM of the house, and the CRM's tasks cannot be written."""
    if action.verb is Verb.LOAD_PERSON:
        return Outcome(joined=Joined(person=Person(id="p-new", roles=("csm",), calendar="my"), calendar=OFFICE))
    return DOWN if action.verb is Verb.SYNC_TASKS else instantly(case, action)


@pytest.mark.parametrize(
    "model",
    [
        lambda: CompleteStep(step_id="a", by="p-csm", evidence=LONG),
        lambda: CompleteStep(step_id="a", by="p-csm", evidence={"items": {"goals": LONG}}),
        lambda: CompleteStep(step_id="a", by="p-csm", evidence={"items": {f"n{n}": "x" for n in range(31)}}),
        lambda: ReleaseMessage(message_id="a-1", by="p-csm", edits={"issue": LONG}),
        lambda: LogContact(by="p-csm", channel="phone", answered=True, summary=LONG),
        lambda: RecordRootCause(by="p-csm", root_cause="x", whys=("a",), stated_reason=LONG),
        lambda: RescheduleStep(step_id="a", by="p-csm", due=START, reason="x", consent=LONG),
    ],
)
def test_what_a_person_writes_has_an_end(model):
    with pytest.raises(ValidationError, match="at most"):
        model()


@pytest.mark.parametrize("kind", POLICY.evidence, ids=lambda kind: kind.name)
def test_no_text_of_the_longest_kind_keeps_a_case_busy(kind):
    """A pattern that takes long on a hostile text would stop the case for everybody."""
    heads = ("", "call ", "email ", "email <", "doc ", "no ", "meeting with ")
    units = ("a", "a ", " ", "1", "@", "<a@", "left a ", "left a message ", ": ", "#", "\n", "doc a ", "漢", "_")
    texts = [(head + unit * 2000)[:2000] for head in heads for unit in units]
    began = time.process_time()
    for text in texts:
        re.search(kind.pattern, text, re.IGNORECASE | re.DOTALL)
    assert time.process_time() - began < 0.02 * len(texts)


def test_the_latest_date_that_a_person_may_name_stops_nothing():
    d = Drive()
    far = datetime(2199, 12, 31, 23, 0, tzinfo=UTC)
    d.do(AddStep(step_id="visit", title="Visit", owner="csm", due=far, reason="they asked", by="p-csm"))
    d.do(HoldCase(by="p-csm", until=START + timedelta(days=2), reason="closed"))
    d.after(hours=30)
    assert status.of(d.case, d.now).steps
    assert SaveCase.model_validate(d.case.model_dump(mode="json")) == d.case


def test_a_case_that_a_newer_version_wrote_is_still_read():
    stored = Drive().case.model_dump(mode="json", by_alias=True)
    stored["plan"]["steps"][0]["of_tomorrow"] = True
    assert SaveCase.model_validate(stored, extra="ignore").plan is not None


def test_a_message_that_was_held_back_does_not_leave_once_its_step_is_done_another_way():
    d = Drive(world=lambda case, action: HELD if action.verb is Verb.RELEASE_MESSAGE else instantly(case, action))
    d.do(ReleaseMessage(message_id="engaged_notice-1", by="p-csm"))
    d.do(CompleteStep(step_id="engaged_notice", by="p-csm", evidence="email 88213: I wrote it from my own mailbox"))
    d.world = instantly
    d.after(hours=12)
    assert not [retry for retry in d.case.retries if retry.action.verb is Verb.RELEASE_MESSAGE]
    assert next(m.state for m in d.case.messages if m.id == "engaged_notice-1") is MessageState.DROPPED


def test_a_release_on_its_way_that_fails_is_not_tried_again_once_its_step_is_done():
    d = Drive()
    d.do(ReleaseMessage(message_id="engaged_notice-1", by="p-csm"), settle=False)
    (release,) = d.fly(Verb.RELEASE_MESSAGE)
    d.do(CompleteStep(step_id="engaged_notice", by="p-csm", evidence="email 88213: I wrote it from my own mailbox"))
    d.world = lambda case, action: HELD if action.verb is Verb.RELEASE_MESSAGE else instantly(case, action)
    d.lands(release)
    assert not d.case.retries
    assert any(event.kind == "not_done" for event in d.case.timeline)


def test_nobody_waits_behind_what_is_held_back():
    d = Drive(world=lambda case, action: HELD if action.verb is Verb.RELEASE_MESSAGE else instantly(case, action))
    d.do(ReleaseMessage(message_id="engaged_notice-1", by="p-csm"))
    d.do(ReleaseMessage(message_id="ack_call-1", by="p-csm"))
    assert not [ask for ask in d.case.asks if ask.awaited]
    assert all(ask.sentence.startswith("accepted, and held back for now") for ask in d.case.asks)


def test_a_crm_that_is_down_keeps_nobody_from_being_assigned():
    d = Drive(world=newcomer)
    d.after(minutes=40)
    d.do(Assign(role="csm", person="p-new", by="p-mgr"))
    assert d.case.step("issue_doc").person == "p-new"


def test_a_retry_tells_the_crm_what_it_told_before_and_the_change_follows():
    d = Drive(world=failing(Verb.SYNC_TASKS, 1, DOWN)(instantly))
    first = next(action for _, action in d.sent if action.verb is Verb.SYNC_TASKS)
    d.done("ack_call")
    d.after(hours=30)
    syncs = [action for _, action in d.sent if action.verb is Verb.SYNC_TASKS]
    assert [change.open for change in first.tasks if change.step == "ack_call"] == [True]
    assert [action.tasks for action in syncs if action.key == first.key] == [first.tasks, first.tasks]
    later = [change for action in syncs[2:] for change in action.tasks if change.step == "ack_call"]
    assert [change.open for change in later] == [False]


def test_a_step_keeps_its_date_when_the_step_it_counts_from_is_opened_again():
    begun = spec("after", due={"after": "step:first", "offset": "P3D"}, opens={"after": "step:first"})
    d = drive(spec("first"), begun)
    d.do(note("first"))
    due = d.case.step("after").due
    d.do(ReopenStep(step_id="first", by="p-csm", reason="weak"))
    d.world = newcomer
    d.do(Assign(role="csm", person="p-new", by="p-mgr"))
    assert (d.case.step("after").person, d.case.step("after").due) == ("p-new", due)


def test_a_step_that_has_not_opened_counts_from_the_new_end_of_the_step_before_it():
    waits = spec("after", opens={"after": "step:first", "offset": "P1D"}, due={"after": "step:first", "offset": "P3D"})
    d = drive(spec("first"), waits)
    d.do(note("first"))
    d.do(ReopenStep(step_id="first", by="p-csm", reason="weak"))
    assert d.case.step("after").due is None
    d.until(START + hours(10))
    d.do(note("first"))
    assert d.case.step("after").due == START + timedelta(days=3, hours=10)


def test_a_promise_that_is_opened_again_after_its_rhythm_ended_is_owed_again():
    d = Drive()
    d.after(days=6)
    d.done("weekly_update/1")
    d.after(days=9)
    d.done("week4_validate")
    d.do(ReopenStep(step_id="weekly_update/1", by="p-csm", reason="it lacked the dates"))
    assert d.case.step("weekly_update/1").state is StepState.OPEN


def test_what_a_decision_left_out_comes_back_with_the_decision_only():
    decides = spec("decide", evidence={"kind": "note", "decisions": ["yes", "no"]})
    d = drive(decides, spec("then", condition={"step": "decide", "decision": "yes"}))
    d.done("decide", proof(d.case, "decide") | {"decision": "no"})
    refusal = refused(d, ReopenStep(step_id="then", by="p-csm", reason="they want it now"))
    assert (refusal.kind, "'reopen_step' decide" in refusal.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_after_a_hold_a_cancellation_still_pulls_the_first_contact_forward():
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature"))
    d.do(HoldCase(by="p-csm", until=START + hours(1), reason="their office moves"))
    d.after(hours=2)
    d.signal(CancellationRequested(case_id="c1"))
    limit, since = d.case.first_response()
    assert d.case.step("contact_call").due == since + timedelta(minutes=limit.minutes)


def test_a_root_cause_that_follows_another_at_once_picks_the_playbook():
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="x"))
    d.do(RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("a",)), settle=False)
    d.do(RecordRootCause(by="p-csm", root_cause="budget_eliminated", whys=("a",)))
    assert (d.case.root_cause, d.case.plan.name) == ("budget_eliminated", "common_spine")


def test_a_step_that_is_moved_before_its_opening_opens_at_once_and_is_reminded_of():
    d = Drive()
    d.after(hours=1)
    d.do(RescheduleStep(step_id="day30_followup", by="p-csm", due=START + timedelta(days=10), reason="they travel"))
    step = d.case.step("day30_followup")
    assert (step.state, step.opens) == (StepState.OPEN, START + hours(1))
    assert step.warn < step.due


def test_evidence_by_items_is_on_the_timeline_with_what_was_given():
    d = Drive()
    items = {content.id: f"answer to {content.id}" for content in d.case.spec("product_brief").contents}
    d.do(CompleteStep(step_id="product_brief", by="p-csm", evidence={"items": items}))
    d.do(ReopenStep(step_id="product_brief", by="p-csm", reason="weak"))
    told = {event.kind: event.text for event in d.case.timeline if event.step == "product_brief"}
    assert all(text in told["step_done"] and text in told["step_reopened"] for text in items.values())


def test_an_imported_root_cause_picks_its_playbook_and_its_past_counts_there():
    past = ImportedPast.model_validate(
        {
            "opened_at": START - timedelta(days=3),
            "root_cause": "missing_feature",
            "done": [{"step_id": "ack_call", "by": "p-csm", "at": START - timedelta(days=2), "evidence": "call 4711"}],
        }
    )
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="x", past=past))
    assert d.case.plan.ref == plan("product_technical").ref
    assert d.case.step("ack_call").state is StepState.DONE


def test_no_turn_of_a_promise_is_kept_in_advance():
    d = Drive()
    d.done("weekly_update")
    with pytest.raises(Refused, match="the turn weekly_update/2 opens on"):
        d.done("weekly_update")


def test_an_optional_step_shows_as_overdue_when_it_is():
    d = drive(spec("extra", optional=True, due="PT48H"))
    wakes = []
    while (at := next_wake(d)) and at <= START + hours(48):
        wakes.append(at)
        d.until(at)
    assert START + hours(48) in wakes


def next_wake(d: Drive) -> datetime | None:
    return status.of(d.case, d.now).next_wake
