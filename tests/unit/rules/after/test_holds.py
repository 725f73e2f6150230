"""A deletion that failed is tried again, held, or attested store by store; a legal hold never lifts by itself (AMB-24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models import commands as c
from models.case import Case, RefusalType
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.step import StepState
from rules import follow_through
from rules.retention import work
from tests.unit.rules.after.former import ATTESTED, HOLD, LOOKED, NOW, START, STORES, Keeping, broken, emptied, offline


def failed() -> Keeping:
    """The deletion failed for good on its day."""
    d = Keeping(broken)
    d.after(days=91)
    return d


def theirs(case: Case, action: Action) -> Outcome:
    """An outside world whose CRM has the account as a customer."""
    found = broken(case, action)
    return found.model_copy(update={"error_type": "NotAllowed"}) if action.verb is Verb.ERASE_DATA else found


# a deletion that failed


def test_a_deletion_that_was_not_one_is_looked_at_and_certified_anew():  # OFFB-26
    d = failed()
    d.do(d.by_hand(**ATTESTED))
    d.done("verify_deletion", LOOKED)
    first = d.case.step("certificate").evidence.text
    d.do(c.ReopenStep(by="p-mgr", step_id="erase_data", reason="the mail store was a replica"))
    assert [d.state(step) for step in ("verify_deletion", "certificate")] == [StepState.WAITING] * 2
    d.do(d.by_hand(**ATTESTED))
    d.done("verify_deletion", LOOKED)
    assert d.state("certificate") is StepState.DONE
    assert d.case.step("certificate").evidence.text != first


def no_certificate(case: Case, action: Action) -> Outcome:
    """An outside world in which no certificate can be written."""
    if action.verb is Verb.ISSUE_CERTIFICATE:
        return Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="the disk is full")
    return emptied(case, action)


def test_a_deletion_that_was_done_by_hand_is_attested_store_by_store():  # OFFB-26
    d = failed()
    refused = d.refused(d.by_hand())
    assert refused.kind is RefusalType.EVIDENCE_MISSING
    assert all(store in refused.sentence for store in STORES)
    assert d.refused(d.by_hand(crm=ATTESTED["crm"])).kind is RefusalType.EVIDENCE_MISSING
    vague = d.refused(d.by_hand(**ATTESTED | {"crm": "gone"}))
    assert (vague.kind, "'crm'" in vague.sentence) == (RefusalType.EVIDENCE_MISSING, True)
    d.do(d.by_hand(**ATTESTED))
    d.done("verify_deletion", LOOKED)
    asked = work.certificate(d.case, next(a for _, a in d.sent if a.verb is Verb.ISSUE_CERTIFICATE))
    assert {store.store for store in asked.stores} == set(STORES)
    assert {(store.method, store.by) for store in asked.stores} == {("by_hand", "p-eng")}
    assert {store.store: store.note for store in asked.stores} == ATTESTED


def test_one_sentence_for_every_store_attests_none_of_them():  # OFFB-26
    d = failed()
    refused = d.refused(d.by_hand(**dict.fromkeys(STORES, "SQL-77: all of it is gone")))
    assert refused.kind is RefusalType.EVIDENCE_MISSING
    assert "says the same of" in refused.sentence


@pytest.mark.parametrize("begun", [False, True])
def test_what_the_system_is_doing_nobody_attests(begun: bool):  # OFFB-26
    d = Keeping(offline)
    if begun:
        d.do(NOW, settle=False)
        d.case = follow_through.advance(d.case, d.now)
        (flying,) = d.fly(Verb.ERASE_DATA)
    refused = d.refused(d.by_hand(**ATTESTED))
    assert refused.kind is RefusalType.ILLEGAL_MOVE
    assert "is the system's to do" in refused.sentence
    assert not begun or flying.key in {action.key for action in d.case.in_flight}


def test_a_deletion_that_is_refused_since_they_are_a_customer_is_nobodys_to_attest():  # OFFB-24
    d = Keeping(theirs)
    d.after(days=91)
    refused = d.refused(d.by_hand(**ATTESTED))
    assert refused.kind is RefusalType.NOT_ALLOWED
    assert "'customer_returned'" in refused.sentence and d.state("erase_data") == StepState.OPEN
    d.world = broken
    d.signal(c.RetryNow(by="p-mgr"))
    d.do(d.by_hand(**ATTESTED))
    assert d.state("erase_data") == StepState.DONE


def test_what_is_left_of_it_is_deleted_by_hand_store_by_store_too():  # OFFB-25
    d = Keeping()
    d.deleted()
    spec = d.case.plan.step("erase_rest")
    assert [content.id for content in spec.contents] == list(STORES)
    again = c.CompleteStep(step_id="erase_rest", by="p-eng", evidence={"text": LOOKED})
    assert d.refused(again).kind is RefusalType.ILLEGAL_MOVE


def test_a_certificate_is_the_systems_own_and_is_tried_again_when_somebody_asks():  # OFFB-26
    d = failed()
    d.do(d.by_hand(**ATTESTED))
    d.world = no_certificate
    d.done("verify_deletion", LOOKED)
    own = c.CompleteStep(step_id="certificate", by="p-mgr", evidence={"text": "doc-9: a certificate of ours"})
    assert d.refused(own).kind is RefusalType.ILLEGAL_MOVE
    d.world = emptied
    d.signal(c.RetryNow(by="p-mgr"))
    assert d.state("certificate") is StepState.DONE


@pytest.mark.parametrize("step", ["verify_deletion", "certificate", "deletion_confirmation", "purge_backups"])
def test_nothing_is_verified_or_confirmed_before_it_is_deleted(step: str):  # TMPL-46: not before it is done
    early = c.CompleteStep(step_id=step, by="p-mgr", evidence={"text": LOOKED})
    assert Keeping(proof_wanted=True).refused(early).kind is RefusalType.ILLEGAL_MOVE


def test_a_deletion_that_failed_is_tried_again_when_somebody_asks():
    d = failed()
    assert d.state("erase_data") is StepState.OPEN
    d.world = emptied
    d.do(NOW)
    assert d.state("erase_data") is StepState.DONE
    keys = [action.key for _, action in d.sent if action.verb is Verb.ERASE_DATA]
    assert len(set(keys)) == 2


def test_a_deletion_that_waits_for_its_next_try_is_tried_at_once():
    d = Keeping(offline)
    d.after(days=89, hours=20)
    assert d.case.retries
    d.world = emptied
    d.do(NOW)
    assert d.state("erase_data") is StepState.DONE


@pytest.mark.parametrize("world", [broken, offline])
def test_a_deletion_that_failed_can_be_held_and_goes_on_after_the_hold(world):  # AMB-24
    d = Keeping(world)
    d.after(days=90)
    d.do(HOLD)
    d.world = emptied
    tried = d.times(Verb.ERASE_DATA)
    d.after(days=160)
    assert (d.state("erase_data"), d.times(Verb.ERASE_DATA)) == (StepState.WAITING, tried)
    d.do(ac.ReleaseHold(by="p-mgr", reason="the court is done"))
    assert d.state("erase_data") is StepState.DONE


def test_a_hold_stops_the_tries_of_a_deletion_that_is_on_its_way():
    d = Keeping(offline)
    d.until(START + timedelta(days=89, hours=14))
    d.now = START + timedelta(days=89, hours=15)
    d.case = follow_through.advance(d.case, d.now)
    (flying,) = d.fly(Verb.ERASE_DATA)
    d.do(HOLD)
    d.lands(flying)
    d.after(days=120)
    assert (d.state("erase_data"), d.times(Verb.ERASE_DATA)) == (StepState.WAITING, 1)


def test_a_hold_calls_off_the_next_try_of_a_deletion():
    d = Keeping(offline)
    d.after(days=89, hours=20)
    assert d.case.retries
    tried = d.times(Verb.ERASE_DATA)
    d.do(HOLD)
    d.after(days=120)
    assert d.times(Verb.ERASE_DATA) == tried


def test_nobody_is_asked_to_delete_by_hand_while_a_hold_is_on():
    d = failed()
    assert d.case.step("erase_data").task.open
    d.do(HOLD)
    assert not d.case.step("erase_data").task.open
    assert d.refused(d.by_hand(**ATTESTED)).kind is RefusalType.NOT_ALLOWED


def test_a_hold_that_is_released_in_time_leaves_the_day_of_the_deletion():  # AMB-24
    d = Keeping()
    d.do(HOLD)
    d.after(days=30)
    d.do(ac.ReleaseHold(by="p-mgr", reason="settled"))
    assert d.state("erase_data") is StepState.WAITING
    assert d.day("erase_data") == 89


def test_what_is_proved_deleted_can_be_neither_held_nor_deleted_again():
    d = Keeping()
    d.deleted()
    assert d.refused(HOLD).kind is RefusalType.ILLEGAL_MOVE
    assert d.refused(NOW).kind is RefusalType.ALREADY_DECIDED


# the legal hold


def test_nothing_is_deleted_while_a_hold_is_on():  # AMB-24
    d = Keeping()
    d.do(HOLD)
    d.after(days=400)
    assert d.times(Verb.ERASE_DATA) == 0
    assert d.refused(NOW).kind is RefusalType.NOT_ALLOWED


def test_a_hold_is_decided_anew_by_the_person_who_placed_it_and_never_lifts_by_itself():
    d = Keeping()
    d.do(HOLD.model_copy(update={"until": START + timedelta(days=30)}))
    review = d.case.step("review_hold_1")
    assert (review.person, review.due) == ("p-mgr", START + timedelta(days=30))
    d.after(days=200)
    assert d.case.legal_hold is not None
    assert d.state("review_hold_1") is StepState.OPEN
    assert "overdue" in {word for _, _, word, step in d.told() if step == "review_hold_1"}
    d.do(HOLD.model_copy(update={"until": START + timedelta(days=260), "reason": "the appeal runs"}))
    assert (d.state("review_hold_1"), d.state("review_hold_2")) == (StepState.DONE, StepState.OPEN)
    d.do(ac.ReleaseHold(by="p-mgr", reason="settled"))
    assert d.state("review_hold_2") is StepState.DONE


def test_a_hold_is_decided_anew_by_an_executive_who_placed_it():
    d = Keeping()
    d.do(HOLD.model_copy(update={"by": "p-exec"}))
    assert d.case.step("review_hold_1").person == "p-exec"


def test_a_hold_without_a_date_is_decided_anew_by_the_policy():
    d = Keeping()
    d.do(HOLD)
    assert d.case.step("review_hold_1").due == START + timedelta(days=90)


def test_a_hold_is_decided_by_its_commands_and_not_by_a_note():
    d = Keeping()
    d.do(HOLD)
    note = c.CompleteStep(step_id="review_hold_1", by="p-mgr", evidence="we looked at it and it goes on")
    assert d.refused(note).kind is RefusalType.ILLEGAL_MOVE
    d.do(HOLD)
    again = c.ReopenStep(step_id="review_hold_1", by="p-mgr", reason="a typo")
    assert d.refused(again).kind is RefusalType.ILLEGAL_MOVE
    skip = c.SkipStep(step_id="review_hold_1", by="p-mgr", reason="no time")
    assert d.refused(skip).kind is RefusalType.ILLEGAL_MOVE
    past = HOLD.model_copy(update={"until": START - timedelta(days=1)})
    assert d.refused(past).kind is RefusalType.ILLEGAL_MOVE


@pytest.mark.parametrize("command", [HOLD, NOW, ac.ReleaseHold(by="p-mgr", reason="over")])
def test_holds_and_deletions_are_not_for_everybody(command):
    assert Keeping().refused(command.model_copy(update={"by": "p-csm"})).kind is RefusalType.NOT_ALLOWED
