"""What is promised to a customer is delivered, told and seen, or its breach is heard (SAVE-13..20, SAVE-27..30, DIS-31)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import commands as c
from models.case import RefusalType
from models.commands import (
    AddStep,
    AdoptPlan,
    Assign,
    CloseSave,
    CommunicateCommitment,
    CompleteStep,
    ConfirmCommitment,
    FulfilCommitment,
    HoldCase,
    MakeCommitment,
    ReopenStep,
    RescheduleStep,
    SkipStep,
)
from models.effects import Verb, Word
from models.people import Absence
from models.promise import Commitment, PromiseKind, PromiseSource, PromiseState
from models.starts import SaveStart
from models.step import StepState
from rules import booking, promises
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive

DUE = START + timedelta(days=10)
DELIVERED = "release 4.2 of 24 Nov: the export of large files runs"
TOLD = "email 88213: told the ops lead that the export runs"
SEEN = "the ops lead ran the export and it worked for her"
CONFIRMED = "product confirmed it: A. Rahman in ticket 4711, beta by 12 June"


def promise(**fields: Any) -> MakeCommitment:
    """The export is promised on a call by the CSM, to be delivered by engineering."""
    written = {"text": "Export of large files", "owner": "p-eng", "due": DUE, "source": "call", "by": "p-csm"}
    return MakeCommitment.model_validate({**written, **fields})


def delivered(by: str = "p-eng", of: str = "promise_1") -> FulfilCommitment:
    return FulfilCommitment(commitment_id=of, by=by, evidence=DELIVERED)


def told(by: str = "p-csm") -> CommunicateCommitment:
    return CommunicateCommitment(commitment_id="promise_1", by=by, evidence=TOLD)


def seen(by: str = "p-csm", **more: str) -> ConfirmCommitment:
    return ConfirmCommitment(commitment_id="promise_1", by=by, evidence=SEEN, **more)


def promised(*commands: c.Command, **fields: Any) -> Drive:
    """A case on which the export was promised, and what was done since."""
    d = drive(spec("long", due="P90D"))
    for command in (promise(**fields), *commands):
        d.do(command)
    return d


def register(d: Drive, number: int = 1) -> Commitment:
    found = d.case.commitment(f"promise_{number}")
    assert found is not None
    return found


def heard(d: Drive, word: Word, step: str = "promise_1") -> list[tuple[datetime, str]]:
    """When who was told that word of a step."""
    return [(at, who) for at, who, said, of in d.told() if (said, of) == (word, step)]


# --- a promise has an owner and a date


def test_a_promise_has_a_text_one_owner_a_date_and_where_it_was_given():
    known = register(promised())  # SAVE-17, SAVE-29
    assert (known.title, known.owner, known.due) == ("Export of large files", "p-eng", DUE)
    assert (known.source, known.kind, known.made_by, known.made_at) == (
        PromiseSource.CALL,
        PromiseKind.GENERAL,
        "p-csm",
        START,
    )
    assert known.state is PromiseState.OPEN


def test_a_promise_is_owed_by_its_person_from_the_moment_it_is_made():
    d = promised()
    step = d.case.step("promise_1")
    assert (step.state, step.person, step.due) == (StepState.OPEN, "p-eng", DUE)
    assert d.case.spec("promise_1").owner == "engineering"
    assert d.case.spec("promise_1").promise


def test_a_promise_of_a_deputy_is_owed_by_the_deputy_and_not_by_whom_they_stand_in_for():
    assert promised(owner="p-csm2").case.step("promise_1").person == "p-csm2"


def test_each_promise_is_a_task_of_its_owner_in_the_crm():
    d = promised()
    d.after(days=1)
    tasks = [task for _, action in d.sent if action.verb is Verb.SYNC_TASKS for task in action.tasks]
    assert [(t.title, t.person, t.due, t.open) for t in tasks if t.step == "promise_1"] == [
        ("Export of large files", "p-eng", DUE, True)
    ]


def test_two_promises_have_two_ids_and_go_their_own_ways():
    d = promised(promise(text="A call each Tuesday", owner="p-csm"), delivered(of="promise_2", by="p-csm"))
    assert [(k.id, k.state) for k in d.case.commitments] == [("promise_1", "open"), ("promise_2", "done")]


def test_a_step_that_bears_the_name_already_keeps_it():
    d = drive(spec("long", due="P90D"))
    d.do(AddStep(step_id="promise_1", title="Ours", owner="csm", due=DUE, reason="they asked", by="p-csm"))
    d.do(promise())
    assert [known.id for known in d.case.commitments] == ["promise_2"]


# --- open -> done -> communicated -> customer_confirmed


def test_a_promise_is_done_then_told_then_seen():
    d = promised()  # SAVE-29
    states = [register(d).state]
    for days, command in enumerate((delivered(), told(), seen()), start=2):
        d.after(days=days)
        d.do(command)
        states.append(register(d).state)
    assert states == ["open", "done", "communicated", "customer_confirmed"]
    known = register(d)
    assert [at - START for at in (known.done_at, known.communicated_at, known.confirmed_at)] == [
        timedelta(days=n) for n in (2, 3, 4)
    ]
    assert known.breached_at is None
    assert not [step for step in d.case.steps if step.commitment and not step.ended]


def test_completing_the_step_and_fulfilling_the_promise_are_the_same_thing():
    by_update, by_step = promised(delivered()), promised()
    by_step.do(CompleteStep(step_id="promise_1", by="p-eng", evidence={"text": DELIVERED}))
    assert by_update.case.commitments == by_step.case.commitments
    assert by_update.case.step("promise_1") == by_step.case.step("promise_1")


def test_a_delivery_must_be_told_within_a_day_and_seen_within_five():
    d = promised(delivered())
    assert d.case.step("promise_1_told").due == START + timedelta(hours=24)  # policies/promises.yaml
    assert d.case.step("promise_1_told").person == "p-eng"
    d.do(told())
    assert d.case.step("promise_1_seen").due == START + timedelta(days=5)


def test_nothing_is_to_be_told_before_it_is_delivered():
    d = promised()
    d.after(days=9)
    assert [step for step in d.open_steps() if step.startswith("promise")] == ["promise_1"]


def test_what_was_delivered_and_not_told_is_reminded_of_and_escalates():
    d = promised(delivered())
    d.after(days=2)
    assert d.case.step("promise_1_told").state is StepState.OPEN
    assert [who for _, who in heard(d, Word.OVERDUE, "promise_1_told")] == ["p-eng"]
    assert heard(d, Word.ESCALATE, "promise_1_told")[0][1] == "p-mgr"


def test_a_call_in_which_they_are_told_and_see_it_is_one_command():
    d = promised(delivered(), seen(communicated=TOLD))
    assert register(d).state is PromiseState.CUSTOMER_CONFIRMED
    assert d.case.step("promise_1_told").evidence.text == TOLD


@pytest.mark.parametrize(
    ("done", "command", "first"),
    [
        ((), told(), "'fulfil_commitment' first"),
        ((), seen(), "'communicate_commitment' first"),
        ((), seen(communicated=TOLD), "'fulfil_commitment' first"),
        ((delivered(),), seen(), "'communicate_commitment' first"),
        ((delivered(),), delivered(), "promise_1 is done already"),
        ((), CompleteStep(step_id="promise_1_told", by="p-csm", evidence={"text": TOLD}), "'fulfil_commitment' first"),
    ],
)
def test_no_state_is_left_out(done: tuple[c.Command, ...], command: c.Command, first: str):
    r = refused(promised(*done), command)
    assert r.kind is RefusalType.ILLEGAL_MOVE
    assert first in r.sentence


def test_a_delivery_is_proved():
    weak = FulfilCommitment(commitment_id="promise_1", by="p-eng", evidence="done")
    r = refused(promised(), weak)
    assert (r.kind, "promise_1 needs 'evidence' of the kind record" in r.sentence) == (
        RefusalType.EVIDENCE_MISSING,
        True,
    )


def test_a_delivery_that_was_none_takes_the_promise_back_to_open():
    d = promised(delivered(), told())
    d.do(ReopenStep(step_id="promise_1", by="p-csm", reason="it was another export"))
    known = register(d)
    assert (known.state, known.done_at, known.due) == (PromiseState.OPEN, None, DUE)
    assert d.case.step("promise_1").person == "p-eng"


def test_a_delivery_that_was_none_is_a_breach_at_once_where_the_day_has_passed():
    d = promised(delivered())
    d.after(days=12)
    d.do(ReopenStep(step_id="promise_1", by="p-csm", reason="it was another export"))
    assert (register(d).state, register(d).due) == (PromiseState.BREACHED, DUE)
    assert {who for _, who in heard(d, Word.ESCALATE)} == {"p-mgr", "p-exec"}


# --- the breach


def test_the_owner_is_reminded_before_the_promise_is_due():
    d = promised()
    d.until(DUE - timedelta(hours=1))
    assert [who for _, who in heard(d, Word.WARN)] == ["p-eng"]
    assert not heard(d, Word.ESCALATE)


def test_a_broken_promise_is_told_to_manager_and_executive_at_once_and_once():
    d = promised()
    d.after(days=40)  # SAVE-28
    assert heard(d, Word.ESCALATE) == [(DUE, "p-mgr"), (DUE, "p-exec")]
    assert heard(d, Word.OVERDUE) == [(DUE, "p-eng")]
    assert [e.at for e in d.case.timeline if e.kind == "promise_breached"] == [DUE]


def test_a_broken_promise_is_still_owed():
    d = promised()
    d.until(DUE)
    assert (register(d).state, register(d).breached_at) == (PromiseState.BREACHED, DUE)
    assert d.case.step("promise_1").state is StepState.OPEN


def test_a_promise_kept_late_is_done_and_stays_known_as_broken():
    d = promised()
    d.after(days=12)
    d.do(delivered())
    assert (register(d).state, register(d).breached_at) == (PromiseState.DONE, DUE)


def test_a_promise_kept_before_its_moment_is_not_broken():
    d = promised()
    d.until(DUE - timedelta(minutes=1))
    d.do(delivered())
    d.after(days=20)
    assert register(d).breached_at is None


def test_a_promise_moves_with_the_customers_consent_only():
    d = promised()
    later = DUE + timedelta(days=4)
    move = {"step_id": "promise_1", "due": later, "reason": "the test lab is booked", "by": "p-csm"}
    assert refused(d, RescheduleStep(**move)).kind is RefusalType.CONSENT_MISSING
    d.do(RescheduleStep(**move, consent="agreed by email on 3 May"))
    d.until(DUE + timedelta(days=1))
    assert (register(d).state, register(d).due, register(d).breached_at) == (PromiseState.OPEN, later, None)


def test_a_broken_promise_that_is_promised_anew_is_open_again_and_can_be_broken_again():
    d = promised()
    d.after(days=11)
    again = START + timedelta(days=15)
    d.do(
        RescheduleStep(step_id="promise_1", due=again, reason="new date", by="p-csm", consent="agreed by email, 3 May")
    )
    assert (register(d).state, register(d).breached_at) == (PromiseState.OPEN, DUE)
    d.after(days=16)
    assert (register(d).state, register(d).breached_at) == (PromiseState.BREACHED, DUE)
    assert [at for at, who in heard(d, Word.ESCALATE) if who == "p-mgr"] == [DUE, again]


def test_a_promise_is_not_skipped():
    for step in ("promise_1", "promise_1_told"):
        r = refused(promised(), SkipStep(step_id=step, by="p-mgr", reason="no time"))
        assert (r.kind, "promised to the customer" in r.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_a_hold_stops_no_promise():
    d = promised()
    d.do(HoldCase(until=START + timedelta(days=30), reason="their year-end freeze", by="p-csm"))
    d.until(DUE)
    assert register(d).state is PromiseState.BREACHED
    assert [who for _, who in heard(d, Word.ESCALATE)] == ["p-mgr", "p-exec"]


def test_a_promise_survives_a_change_of_playbook():
    d = promised()
    d.do(AdoptPlan(playbook="product_technical", by="p-mgr", reason="the cause is known"))
    assert "promise_1" in d.open_steps()
    d.do(delivered())
    assert register(d).state is PromiseState.DONE
    assert "promise_1_told" in d.open_steps()


# --- whose promise it is


def test_a_promise_changes_hands_where_its_owner_is_away_when_it_is_due():
    d = promised()
    person = d.case.team.person("p-eng")
    gone = Absence(start=START + timedelta(days=5), end=START + timedelta(days=30))
    d.directory_says(person.model_copy(update={"absences": (gone,)}))
    d.after(days=6)
    assert (d.case.step("promise_1").person, register(d).owner) == ("p-mgr", "p-mgr")


def test_a_promise_goes_with_the_seat_of_its_owner():
    d = promised(owner="p-csm")
    d.directory["p-csm2"] = d.case.team.person("p-csm2")
    d.do(Assign(role="csm", person="p-csm2", by="p-mgr"))
    assert register(d).owner == "p-csm2"


def test_a_promise_stays_with_who_made_it_their_own_where_another_seat_changes_hands():
    d = promised(owner="p-csm2")
    d.directory["p-mgr"] = d.case.team.person("p-mgr")
    d.do(Assign(role="csm", person="p-mgr", by="p-mgr"))
    assert register(d).owner == "p-csm2"


def test_a_stranger_delivers_nothing():
    assert refused(promised(), delivered(by="p-sales")).kind is RefusalType.NOT_ALLOWED
    assert refused(promised(), delivered(by="p-nobody")).kind is RefusalType.UNKNOWN_PERSON


# --- what is no promise


@pytest.mark.parametrize(
    ("fields", "kind", "word"),
    [
        ({"due": START}, RefusalType.ILLEGAL_MOVE, "must be due after"),
        ({"owner": "p-nobody"}, RefusalType.UNKNOWN_PERSON, "not on the team"),
        ({"by": "p-sup"}, RefusalType.NOT_ALLOWED, "'make_commitment' is for csm"),
        ({"kind": "roadmap"}, RefusalType.EVIDENCE_MISSING, "product or engineering"),
        (
            {"kind": "roadmap", "evidence": "sales is sure it comes in June"},
            RefusalType.EVIDENCE_MISSING,
            "for example",
        ),
    ],
)
def test_what_cannot_be_promised_is_refused_with_what_would_do(fields: dict[str, Any], kind: RefusalType, word: str):
    r = refused(drive(spec()), promise(**fields))
    assert (r.kind, word in r.sentence) == (kind, True), r.sentence


def test_nobody_who_left_owns_a_promise():
    d = drive(spec())
    d.directory_says(d.case.team.person("p-eng").model_copy(update={"active": False}))
    r = refused(d, promise())
    assert (r.kind, "deactivated" in r.sentence) == (RefusalType.NOT_ALLOWED, True)


def test_who_builds_it_confirms_a_promise_about_the_roadmap():
    d = promised(kind="roadmap", evidence=CONFIRMED)  # DIS-31
    assert (register(d).kind, register(d).evidence) == (PromiseKind.ROADMAP, CONFIRMED)


def test_an_unknown_promise_is_answered_with_those_that_there_are():
    r = refused(promised(), delivered(of="promise_9"))
    assert (r.kind, r.sentence) == (
        RefusalType.UNKNOWN_COMMITMENT,
        "there is no promise 'promise_9'; promised: promise_1",
    )


# --- the end of the save


def closed(d: Drive, outcome: str) -> Drive:
    said = {"evidence": "we do not want to talk now", "customer_quotes": ("it came a year too late",)}
    d.do(CloseSave(outcome=outcome, notes="they signed elsewhere", by="p-mgr", **said))
    d.after(days=60)
    return d


def test_a_promise_outlives_the_save():
    d = closed(promised(promise(text="A call each Tuesday")), "declined_conversation")
    assert [k.state for k in d.case.commitments] == ["open", "open"]
    assert [k.id for k in promises.carried_over(d.case)] == ["promise_1", "promise_2"]
    assert [e.text for e in d.case.timeline if e.kind == "promises_outlive"] == [
        "outlive the save and are still owed: promise_1, promise_2"
    ]


def test_what_is_seen_is_not_carried_over_and_what_is_broken_or_untold_is():
    d = promised(delivered(), told(), seen(), promise(text="Training"), promise(text="A manual"))
    d.do(delivered(of="promise_2"))
    d.until(DUE)
    d = closed(d, "declined_conversation")
    assert [(k.id, k.state) for k in promises.carried_over(d.case)] == [
        ("promise_2", "done"),
        ("promise_3", "breached"),
    ]


def test_who_leaves_is_owed_nothing_more_and_the_reason_is_kept():
    known = register(closed(promised(), "lost"))
    assert (known.state, known.reason) == (PromiseState.DROPPED, "closed as lost: they signed elsewhere")


def test_a_closed_case_takes_no_promise():
    d = closed(promised(), "lost")
    for command in (promise(), delivered(), told(), seen()):
        assert refused(d, command).kind is RefusalType.CASE_CLOSED


def test_what_is_late_is_broken_until_it_is_delivered():
    d = promised()  # SAVE-34
    assert promises.broken(d.case, d.now) == ()
    d.until(DUE)
    assert promises.broken(d.case, d.now) == ("promise_1",)
    d.do(delivered())
    assert promises.broken(d.case, d.now) == ()
    lost = closed(promised(), "lost")
    assert promises.broken(lost.case, lost.now) == ("promise_1",)


# --- the weekly update


def weekly() -> Drive:
    return drive(spec("weekly_update", recur="P7D", until={"step": "long"}, promise=True), spec("long", due="P90D"))


def test_a_missed_weekly_update_is_a_breach_that_the_manager_hears_of_once():
    d = weekly()
    d.after(days=15)  # SAVE-18: the first one was due on day 7, broken then, and missed when the second one was due
    breaches = [(e.at, e.step) for e in d.case.timeline if e.kind == "promise_breached"]
    assert breaches == [(START + timedelta(days=7 * n), f"weekly_update/{n}") for n in (1, 2)]
    said = [
        (at, action.recipients[0])
        for at, action in d.sent
        for line in action.lines
        if line.word is Word.ESCALATE and "promised, missed" in line.subject
    ]
    assert said == [(START + timedelta(days=14), "p-mgr")]
    assert "weekly_update/1" in promises.broken(d.case, d.now)


def test_a_missed_standup_breaks_no_promise():
    d = drive(spec("standup", recur="P1D", until={"step": "long"}), spec("long", due="P90D"))
    d.after(days=5)
    assert not [e for e in d.case.timeline if e.kind == "promise_breached"]


# --- what others read


def test_the_book_is_told_of_every_promise_as_it_changes():
    d = promised()
    before = d.case.booked_revision
    assert booking.batch(d.case, "k", "w", d.now).commitments == ()
    assert before == d.case.revision
    fresh = d.case.model_copy(update={"booked_revision": 0})
    assert booking.batch(fresh, "k", "w", d.now).commitments == d.case.commitments


def test_a_case_without_a_promise_has_no_step_more_than_before():
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook="product_technical")
    assert not [step for step in Drive(start).case.steps if step.commitment]


def test_a_promise_answers_with_its_day_and_how_long_it_is_until_then():  # SAVE-29
    d = drive(spec())
    d.do(promise())
    assert f"p-eng by {DUE:%Y-%m-%d %H:%M} UTC (in 10 days), promised by call" in "".join(
        event.text for event in d.case.timeline if event.kind == "promised"
    )


def test_nobody_promises_for_years_ahead_nor_moves_a_promise_there():  # SAVE-17
    d = Drive()
    far = START.replace(year=START.year + 5)
    no = refused(d, promise(due=far))
    last = START.replace(year=START.year + 2)
    assert (no.kind, f"by {last:%Y-%m-%d} at the latest; {far:%Y-%m-%d} is too far" in no.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        True,
    )
    d.do(promise(due=last))
    moved = RescheduleStep(
        step_id="promise_1", due=far, reason="it is far", consent="agreed by email on 3 May", by="p-csm"
    )
    assert refused(d, moved).kind is RefusalType.ILLEGAL_MOVE
