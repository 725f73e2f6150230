"""An outcome that was stated wrongly is put right by a save that is linked to it, and both stay (CONV-21, CONV-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.commands import CloseSave, CorrectOutcome, LogContact, MakeCommitment, RecordRootCause, RiskSignal
from models.correction import Correction
from models.effects import BILLING_VERBS, Verb, Word
from models.policy import Policy
from models.promise import PromiseState
from models.recovery import RecoveryOutcome
from models.save import SaveOutcome
from models.starts import KnownBefore, RecoveryStart, SaveStart, TakeOver
from models.step import StepState
from rules import booking, carrying, follow_through, notes, status
from rules.recovery import commands as recovery_commands
from rules.recovery import lifecycle as recovery_lifecycle
from rules.recovery import signals as recovery_signals
from rules.refusal import Refused
from rules.save import correcting, handing_on
from tests.unit.rules.offered import BRIDGE, accepted, diagnosed, register
from tests.unit.rules.plans import plan, world
from tests.unit.rules.test_offer_carrying import Recovery, won
from tests.unit.rules.test_save_commands import HEARD
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive
from workflows.effects import EFFECTS

WHY = "the renewal that was signed is of another account"
POLICY = plan("common_spine").policy
SOON = START + timedelta(days=20)


def promised() -> Drive:
    """A save in which a discount is in force and an export is promised."""
    d = diagnosed()
    accepted(d, **BRIDGE)
    d.do(MakeCommitment(text="Bulk export", owner="p-pm", due=SOON, source="call", by="p-csm"))
    return d


def corrected(r: Recovery, case_id: str | None = None) -> SaveStart:
    """What the save is opened with that puts the outcome right."""
    r.case = recovery_commands.apply(r.case, CorrectOutcome(by="p-mgr", why=WHY, case_id=case_id), r.now)
    (action,) = [one for one in follow_through.due(r.case, r.now) if one.verb is Verb.START_CASE]
    start = EFFECTS[Verb.START_CASE].request(r.case, action).save
    r.settle()
    return SaveStart.model_validate_json(start.model_dump_json())


def relapsed() -> Recovery:
    r = won(promised())
    r.case = recovery_signals.receive(r.case, RiskSignal(kind="churn_likely", detail="silent"), r.now)
    return r


def no(r: Recovery, **given: str) -> Refused:
    with pytest.raises(Refused) as caught:
        r.do(CorrectOutcome(**{"by": "p-mgr", "why": WHY} | given))
    return caught.value


def lost(d: Drive) -> Drive:
    d.do(CloseSave(by="p-csm", outcome="lost", notes="they went", customer_quotes=(HEARD,)))
    return d


def won_without_recovery(policy: Policy) -> Drive:
    d = promised()
    d.case = d.case.model_copy(update={"plan": d.case.plan.model_copy(update={"policy": policy})})
    d.do(CloseSave(by="p-csm", outcome="saved_full", notes="they stay", evidence="signed renewal R-88 of May"))
    assert not [a for _, a in d.sent if a.verb is Verb.START_CASE]
    return d


def righted(d: Drive) -> SaveStart:
    return correcting.start(status.of(d.case, d.now), "p-mgr", "they had not gone at all", d.now)


# --- after a save that was taken for won


def test_a_recovery_that_should_not_have_begun_ends_with_its_reason_and_opens_a_linked_save():
    r = won(promised())
    start = corrected(r)
    assert start.corrects == Correction(case_id="case-1", outcome="saved_full", by="p-mgr", at=START, why=WHY)
    r.after(days=1)
    assert (r.case.outcome, r.case.closed) == (RecoveryOutcome.CORRECTED, True)
    closed = next(event for event in r.case.timeline if event.kind == "closed")
    assert (WHY in closed.text, closed.by) == (True, "p-mgr")
    assert not [step for step in r.case.steps if step.state in (StepState.OPEN, StepState.WAITING)]


def test_the_save_that_puts_it_right_owes_and_knows_what_was_and_billing_hears_nothing_twice():  # SAVE-29
    d = Drive(corrected(won(promised())), world())
    assert (d.case.step("promise_1").state, d.case.step("promise_1").due) == (StepState.OPEN, SOON)
    assert register(d).state == "applied"
    assert (d.case.root_cause, d.case.plan.name) == ("budget_cut", "budget_economic")
    assert not [action for _, action in d.sent if action.verb in BILLING_VERBS]
    (line,) = [event for event in d.case.timeline if event.kind == "corrects"]
    assert (line.text, line.by) == (f"it puts right save case case-1, closed as saved_full: {WHY}", "p-mgr")


def test_it_is_closed_with_what_the_right_outcome_must_document_and_the_crm_hears_of_both():  # CONV-21, CONV-22
    d = Drive(corrected(won(promised())), world())
    r = refused(d, CloseSave(by="p-csm", outcome="lost", notes="they leave in May"))
    assert r.kind is RefusalType.EVIDENCE_MISSING
    lost(d)
    assert d.case.outcome is SaveOutcome.LOST
    assert d.case.corrects is not None
    assert "It puts right case-1, closed as saved_full." in notes.closing(d.case)


def test_the_manager_hears_that_an_outcome_is_corrected():
    r = won(promised())
    corrected(r)
    r.after(days=1)
    told = [(a.recipients, line) for _, a in r.sent for line in a.lines if line.word is Word.PROPOSED]
    assert [whom for whom, line in told if WHY in line.subject] == [("p-mgr",)]


def test_only_who_answers_for_it_says_that_an_outcome_was_wrong():
    assert no(won(promised()), by="p-csm").kind is RefusalType.NOT_ALLOWED


def test_a_recovery_that_relapsed_is_followed_by_a_save_already():
    r = no(relapsed())
    assert (r.kind, "close that one rightly" in r.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_a_recovery_that_is_over_is_not_corrected_any_more():
    r = won(promised())
    corrected(r)
    r.after(days=1)
    assert no(r).kind is RefusalType.CASE_CLOSED


def test_of_an_account_that_was_won_twice_the_last_save_is_meant():
    r = won(promised())
    r.case = recovery_signals.receive(r.case, TakeOver(case_id="case-2", outcome="saved_partial"), r.now)
    given = corrected(r).corrects
    assert given is not None
    assert (given.case_id, given.outcome) == ("case-2", "saved_partial")


def test_a_second_win_of_which_nobody_said_how_it_ended_is_not_taken_for_the_first():  # CONV-21
    r = won(promised())
    r.case = recovery_signals.receive(r.case, TakeOver(case_id="case-2"), r.now)
    given = corrected(r).corrects
    assert given is not None
    assert (given.case_id, given.outcome) == ("case-2", None)


def test_what_a_second_win_found_out_goes_along_with_its_correction():  # CONV-23
    r = won(promised())
    later = KnownBefore(root_cause="no_roi", whys=("nobody measured it",), stated_reason="too expensive")
    r.case = recovery_signals.receive(r.case, TakeOver(case_id="case-2", outcome="saved_full", known=later), r.now)
    known = corrected(r).known
    assert known is not None
    assert (known.root_cause, known.whys, known.stated_reason) == ("no_roi", later.whys, "too expensive")


def test_a_recovery_that_was_never_told_how_its_save_ended_is_corrected_without_it():
    r = won(promised())
    start = RecoveryStart(account_id="acc-1", save_case_id="case-1", saved_at=START)
    r.case = r.case.model_copy(update={"save_outcome": recovery_lifecycle.opened(start, "rec-1", START).save_outcome})
    start = corrected(r)
    assert start.corrects == Correction(case_id="case-1", by="p-mgr", at=START, why=WHY)
    r.after(days=1)
    said = [event.text for event in r.case.timeline if event.kind in ("outcome_corrected", "closed")]
    assert [f"was not won{rest}" in text for text, rest in zip(said, (f": {WHY}", f" ({WHY})"), strict=True)] == [
        True
    ] * 2
    d = Drive(start, world())
    (line,) = [event.text for event in d.case.timeline if event.kind == "corrects"]
    assert line == f"it puts right save case case-1, closed wrongly: {WHY}"


def test_a_save_that_was_won_since_is_not_mistaken_for_the_one_that_the_recovery_knows():
    r = won(promised())
    before = r.case
    refusal = no(r, case_id="case-2")
    assert (refusal.kind, "is case-1, not case-2" in refusal.sentence) == (RefusalType.ILLEGAL_MOVE, True)
    assert (r.case.corrected, r.case.timeline) == (None, before.timeline)
    r.case = recovery_signals.receive(r.case, TakeOver(case_id="case-2", outcome="saved_partial"), r.now)
    assert no(r, case_id="case-1").kind is RefusalType.ILLEGAL_MOVE
    given = corrected(r, case_id="case-2").corrects
    assert given is not None
    assert (given.case_id, given.outcome) == ("case-2", "saved_partial")


def test_a_relapse_is_no_correction():
    r = relapsed()
    start = carrying.save_start(r.case, r.case.siblings[-1])
    assert (start.corrects, start.known, start.playbook) == (None, None, None)


# --- after another outcome


def test_the_whys_and_the_stated_reason_go_along_as_they_are():  # SAVE-2, CONV-21, CONV-23
    d = diagnosed()
    whys = ("no budget", "a new CFO", "sales fell")
    d.do(RecordRootCause(by="p-csm", root_cause="budget_cut", whys=whys, stated_reason="too expensive"))
    booked = booking.entry(d.case, status.of(d.case, d.now), "save:acc-1")
    assert (booked.whys, booked.stated_reason) == (whys, "too expensive")
    again = Drive(righted(lost(d)), world(), d.now).case
    assert (again.root_cause, again.whys, again.stated_reason) == ("budget_cut", whys, "too expensive")
    said = [event.text for event in again.timeline if event.kind == "known_before" and "sales fell" in event.text]
    assert said == ["budget_cut after 3 whys: sales fell <- a new CFO <- no budget"]


def test_a_save_that_was_taken_for_lost_is_put_right_and_what_was_dropped_is_owed_again():  # SAVE-29
    d = lost(promised())
    assert d.case.commitments[0].state is PromiseState.DROPPED
    start = righted(d)
    assert start.corrects is not None
    assert (start.corrects.outcome, start.carried_from) == ("lost", "case-1")
    again = Drive(SaveStart.model_validate_json(start.model_dump_json()), world(), d.now)
    assert (again.case.step("promise_1").state, again.case.step("promise_1").due) == (StepState.OPEN, SOON)
    assert (register(again).state, register(again).carried_from) == ("applied", "case-1")
    assert again.case.root_cause == "budget_cut"
    assert again.case.plan.name == "budget_economic"
    again.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they never meant to go"))
    proof = "signed renewal of 3 May, doc 4711"
    again.do(CloseSave(by="p-csm", outcome="saved_full", notes="they stay", evidence=proof))
    assert again.case.outcome is SaveOutcome.SAVED_FULL


def test_a_save_whose_history_is_long_is_corrected_too_and_takes_along_what_fits():
    d = diagnosed()
    whys = tuple(f"{n} {'x' * 900}" for n in range(5))
    d.do(RecordRootCause(by="p-csm", root_cause="budget_cut", whys=whys))
    d.do(CloseSave(by="p-csm", outcome="lost", notes="n" * 2000, customer_quotes=(HEARD,)))
    known = righted(d).known
    assert known is not None
    assert max(len(remark) for remark in known.remarks) == 2000
    assert (known.whys, known.remarks[-1][:6]) == (whys, "lost: ")


def test_a_save_that_is_corrected_again_names_where_it_goes_on_from_once():
    d = lost(Drive(righted(lost(promised())), world()))
    known = righted(d).known
    assert known is not None
    assert not [remark for remark in known.remarks if "it goes on from" in remark]
    assert [remark for remark in known.remarks if "it was cut" in remark]


def test_what_a_deferral_carries_is_taken_over_from_there_and_not_twice():  # CONV-23
    d = promised()
    d.do(CloseSave(by="p-mgr", outcome="deferred", notes="in May", decision_date=START + timedelta(days=40)))
    start = righted(d)
    assert (start.carried_from, start.commitments, start.offers, start.known) == (None, (), (), None)


@pytest.mark.parametrize("outcome", ["saved_full", "saved_partial", "paused"])
def test_where_a_recovery_began_the_outcome_is_corrected_there(outcome: str):
    assert handing_on.begins_recovery(POLICY, outcome)


@pytest.mark.parametrize("outcome", ["lost", "deferred", "no_contact", "let_go", "declined_conversation"])
def test_elsewhere_it_is_not(outcome: str):
    assert not handing_on.begins_recovery(POLICY, outcome)


def test_where_no_recovery_follows_a_won_save_is_corrected_as_any_other():  # POST-5
    policy = POLICY.model_copy(update={"recovery_follows": False})
    d = won_without_recovery(policy)
    assert not handing_on.begins_recovery(policy, d.case.outcome)
    again = Drive(righted(d), world(), d.now)
    assert (again.case.corrects.outcome, again.case.step("promise_1").state) == ("saved_full", StepState.OPEN)
    assert register(again).state == "applied"


def test_a_save_that_is_open_has_nothing_to_correct():
    d = promised()
    with pytest.raises(Refused, match="is open and has no outcome yet; 'close' gives it one"):
        righted(d)


def test_once_the_recovery_has_ended_what_comes_now_is_a_new_attempt():
    seen = status.of(lost(promised()).case, START)
    correcting.check_recovery_runs(seen, None)
    with pytest.raises(Refused, match="ended as verified; what comes now is a new attempt: 'save open acc-1'"):
        correcting.check_recovery_runs(seen, "verified")


def test_a_save_that_is_open_beside_the_recovery_puts_it_right():
    d = diagnosed()
    given = Correction(case_id="case-0", outcome="saved_full", by="p-mgr", at=START, why=WHY)
    for _ in range(2):
        d.signal(TakeOver(case_id="rec-1", corrects=given))
    assert d.case.corrects == given
    assert [event.kind for event in d.case.timeline].count("corrects") == 1


def test_the_cause_may_be_recorded_anew_in_it():
    d = Drive(corrected(won(promised())), world())
    d.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they told us all"))
    d.do(RecordRootCause(by="p-csm", root_cause="no_roi", whys=("nobody counted",)))
    assert d.case.root_cause == "no_roi"
