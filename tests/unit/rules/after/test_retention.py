"""Data is kept as the policy says, deleted for good, and its deletion proved store by store (OFFB-23..26, AMB-24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models import commands as c
from models.case import RefusalType
from models.effects import Verb
from models.retention import RetentionOutcome
from models.step import StepState
from rules import follow_through
from rules.retention import work
from tests.unit.rules.after.former import HOLD, LOOKED, NOW, PURGED, START, STORES, Keeping, Remembering


def test_data_is_deleted_on_the_day_of_the_policy_and_proved_to_whoever_wanted_it():  # OFFB-25, OFFB-26
    d = Keeping(proof_wanted=True)
    assert [d.day("erase_data"), d.day("last_fetch")] == [89, 82]
    d.deleted()
    d.release("deletion_confirmation")
    assert d.case.stage == "deleted"
    d.after(days=360)
    d.done("purge_backups", PURGED)
    assert d.case.outcome is RetentionOutcome.DELETED


def test_the_time_to_fetch_the_data_is_that_of_the_policy():  # CONVENTIONS 2: Data Act art. 25(2)(g)
    d = Keeping(policy="eu_data_act")
    assert [d.day("last_fetch"), d.day("erase_data")] == [22, 29]


def test_what_is_deleted_cannot_be_fetched_any_more():
    d = Keeping()
    d.do(NOW)
    assert d.state("last_fetch") is StepState.SKIPPED


def test_a_certificate_names_every_store_who_verified_and_until_when_backups_last():  # OFFB-26
    d = Keeping()
    d.deleted()
    asked = work.certificate(d.case, next(a for _, a in d.sent if a.verb is Verb.ISSUE_CERTIFICATE))
    assert [store.store for store in asked.stores] == list(STORES)
    assert (asked.verified_by, f"{asked.backups_until}") == ("p-mgr", "2027-11-16")
    assert asked.locale == "en"


def test_a_memory_under_a_policy_that_nobody_knows_is_rejected_and_says_so():  # AMB-24
    d = Remembering(policy="none_of_ours")
    assert d.case.outcome == "rejected"
    assert "none_of_ours" in d.refused(ac.CustomerReturned(by="p-csm")).sentence


def test_adopting_the_plan_anew_does_not_lift_a_hold():  # AMB-24
    d = Keeping()
    d.do(HOLD)
    d.do(c.AdoptPlan(by="p-mgr"))
    d.after(days=200)
    assert d.times(Verb.ERASE_DATA) == 0
    assert d.state("review_hold_1") is StepState.OPEN


# the address, and what came in since


def test_the_address_goes_once_the_confirmation_was_sent():
    d = Keeping(proof_wanted=True)
    d.deleted()
    asked = [work.erasure(d.case, a) for _, a in d.sent if a.verb is Verb.ERASE_DATA]
    assert [one.keep_address for one in asked] == [True]
    d.after(days=110)
    assert d.times(Verb.ERASE_REST) == 0
    d.release("deletion_confirmation")
    rest = next(a for _, a in d.sent if a.verb is Verb.ERASE_REST)
    assert work.erase_rest(d.case, rest).keep_address is False


def test_whoever_wants_proof_when_the_address_is_gone_gets_the_certificate():
    d = Keeping()
    d.deleted()
    refused = d.refused(ac.WantProof(by="p-csm"))
    assert refused.kind is RefusalType.ILLEGAL_MOVE
    assert "certificate" in refused.sentence


def test_proof_that_is_wanted_after_the_closure_reaches_the_retention():  # OFFB-26
    d = Keeping()
    d.after(days=10)
    d.signal(ac.ProofWanted(case_id="can-1"))
    d.deleted()
    d.release("deletion_confirmation")
    d.signal(ac.ProofWanted(case_id="can-1"))
    assert not d.happened("signal_refused")


def test_a_clean_break_lets_the_wanted_confirmation_through():  # AMB-43
    d = Keeping(proof_wanted=True)
    d.deleted()
    assert [message.template for message in d.case.messages] == ["deletion_confirmation"]


# the customer is back


def test_a_customer_who_is_back_keeps_their_data_and_the_win_back_hears_of_it():
    d = Keeping()
    d.do(ac.CustomerReturned(by="p-csm", detail="signed again"))
    assert d.case.outcome is RetentionOutcome.RETURNED
    d.after(days=120)
    assert d.times(Verb.ERASE_DATA) == 0
    assert [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE] == ["win_back"]
    assert follow_through.is_settled(d.case)


def test_a_return_that_the_win_back_heard_of_ends_the_retention_too():
    d = Keeping()
    d.signal(ac.CameBack(case_id="win-1", detail="signed again"))
    assert d.case.outcome is RetentionOutcome.RETURNED
    assert d.times(Verb.TELL_CASE) == 0


# requests of people for their own data


ACCESS = ac.PersonalRequest(by="p-csm", kind="access", law="CCPA", received_at=START, detail="by mail, ticket 88")


def test_a_persons_request_gets_the_due_dates_of_their_law():  # AMB-26, GDPR 12(3), CCPA 7021
    d = Keeping()
    d.do(ACCESS)
    answer = d.case.step("personal_1_answer")
    assert (d.case.step("personal_1_confirm").due is not None, answer.due) == (True, START + timedelta(days=45))
    d.do(ACCESS.model_copy(update={"law": "GDPR"}))
    assert f"{d.case.step('personal_2_answer').due:%Y-%m-%d}" == "2026-12-16"
    assert d.case.step("personal_2_confirm") is None


def test_a_late_answer_to_a_person_escalates():
    d = Keeping()
    d.do(ACCESS)
    d.after(days=60)
    assert {"overdue", "escalate"} <= {word for _, _, word, step in d.told() if step == "personal_1_answer"}
    assert d.refused(c.SkipStep(step_id="personal_1_answer", by="p-mgr", reason="no")).kind is RefusalType.ILLEGAL_MOVE


def test_an_answer_is_put_off_no_further_than_the_law_allows():  # GDPR 12(3): two months more
    d = Keeping()
    d.do(ACCESS.model_copy(update={"law": "GDPR"}))
    told = "mail 9 of 20 Nov: they were told that it takes longer, and why"
    move = c.RescheduleStep(by="p-csm", step_id="personal_1_answer", due=START, reason="it is complex", consent=told)
    far = move.model_copy(update={"due": START + timedelta(days=93)})
    assert "2027-02-16" in d.refused(far).sentence
    d.do(move.model_copy(update={"due": START + timedelta(days=90)}))


@pytest.mark.parametrize(
    ("change", "named"),
    [({"law": "PDPA"}, "GDPR"), ({"received_at": START + timedelta(days=2)}, "after")],
)
def test_a_request_under_no_law_of_the_policy_or_of_the_future_is_refused(change, named):
    assert named in Keeping().refused(ACCESS.model_copy(update=change)).sentence


def test_a_persons_request_is_owed_even_when_everything_else_is_done():
    d = Keeping()
    d.do(NOW)
    d.done("verify_deletion", LOOKED)
    d.after(days=350)
    d.do(ACCESS.model_copy(update={"received_at": d.now}))
    d.after(days=360)
    d.done("purge_backups", PURGED)
    assert not d.case.closed
