"""The customer is back: what that means before the deletion, after it, and when they leave once more (OFFB-24, AMB-26)."""

from __future__ import annotations

from datetime import timedelta

from models import after_commands as ac
from models import commands as c
from models.case import RefusalType
from models.effects import Outcome, OutcomeKind, Verb
from models.retention import RetentionOutcome
from models.starts import ClosedAgain
from models.step import StepState
from rules import follow_through
from rules.retention import work
from tests.unit.rules.after.former import HOLD, LOOKED, NOW, PURGED, START, Keeping, emptied

BACK = ac.CustomerReturned(by="p-csm", detail="signed again")
ACCESS = ac.PersonalRequest(by="p-csm", kind="access", law="CCPA", received_at=START, detail="by mail, ticket 88")
ANSWERED = "RQ-88: they were sent a copy on 20 November by mail"


def again(closed_in: int, **more: object) -> ClosedAgain:
    """The account is closed for a second time, so many days after the first."""
    known = {"account_id": "acc-1", "cancellation_case_id": "can-2", "closed_at": START + timedelta(days=closed_in)}
    return ClosedAgain.model_validate(known | more)


def erased(d: Keeping, verb: Verb = Verb.ERASE_DATA) -> list[int]:
    """On which days after the first closure something was deleted."""
    return [(at - START).days for at, action in d.sent if action.verb is verb]


# before the deletion


def test_an_answer_that_a_person_is_owed_outlives_the_return():  # AMB-26, GDPR 12(3)
    d = Keeping()
    d.do(ACCESS)
    d.do(BACK)
    assert (d.case.outcome, d.state("personal_1_answer"), d.state("erase_data")) == (None, "open", "skipped")
    d.after(days=60)
    assert {"overdue", "escalate"} <= {word for _, _, word, step in d.told() if step == "personal_1_answer"}
    d.done("personal_1_confirm", ANSWERED)
    d.done("personal_1_answer", ANSWERED)
    assert d.case.outcome is RetentionOutcome.RETURNED
    assert erased(d) == []


def test_a_return_before_anything_was_read_ends_the_case():
    def away(case, action):
        down = action.verb is Verb.LOAD_PLAN
        return Outcome(kind=OutcomeKind.FAILED, reason="no folder") if down else emptied(case, action)

    d = Keeping(away)
    assert d.case.plan is None
    d.signal(ac.CameBack(case_id="win-1"))
    assert d.case.outcome is RetentionOutcome.RETURNED


def test_a_return_ends_a_hold_and_everything_that_would_delete():
    d = Keeping()
    d.do(ACCESS)
    d.do(HOLD)
    d.do(BACK)
    assert (d.case.legal_hold, d.state("review_hold_1")) == (None, "skipped")
    for command in (NOW, HOLD, ac.WantProof(by="p-csm"), c.ReopenStep(by="p-mgr", step_id="erase_data", reason="x")):
        assert "is back since" in d.refused(command).sentence
    d.do(c.AdoptPlan(by="p-mgr"))
    d.after(days=400)
    assert erased(d) == []


def test_a_deletion_that_waits_for_its_next_try_is_not_tried_again_after_the_return():
    def offline(case, action):
        failed = Outcome(kind=OutcomeKind.FAILED, reason="a store cannot be reached")
        return failed if action.verb is Verb.ERASE_DATA else emptied(case, action)

    d = Keeping(offline)
    d.after(days=89.7)
    tries = d.times(Verb.ERASE_DATA)
    assert d.case.retries
    d.do(BACK)
    d.world = emptied
    d.after(days=120)
    assert (d.times(Verb.ERASE_DATA), d.case.outcome) == (tries, "returned")


# after the deletion


def deleted(**start: object) -> Keeping:
    d = Keeping(**start)
    d.deleted()
    return d


def test_what_came_in_since_the_return_is_never_deleted_by_the_old_retention():  # OFFB-25
    d = deleted(proof_wanted=True)
    assert d.state("erase_rest") is StepState.WAITING
    d.do(BACK)
    assert d.state("erase_rest") is StepState.SKIPPED
    d.release("deletion_confirmation")
    d.after(days=360)
    d.done("purge_backups", PURGED)
    assert (erased(d, Verb.ERASE_REST), d.case.outcome) == ([], RetentionOutcome.DELETED)
    assert "back since 2027-02-15" in d.happened("closed")[0]
    assert follow_through.is_settled(d.case)


def test_the_deletion_that_took_place_is_still_verified_certified_and_told():  # OFFB-26
    d = Keeping(proof_wanted=True)
    d.after(days=90)
    d.do(BACK)
    d.done("verify_deletion", LOOKED)
    assert d.state("certificate") is StepState.DONE
    d.release("deletion_confirmation")
    assert d.state("purge_backups") is StepState.WAITING


def test_a_rest_that_could_not_be_deleted_stays_after_the_return():
    def stubborn(case, action):
        failed = Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="no right to delete")
        return failed if action.verb is Verb.ERASE_REST else emptied(case, action)

    d = Keeping(stubborn)
    d.deleted()
    assert d.case.step("erase_rest").automatic_failed
    d.do(BACK)
    d.world = emptied
    d.signal(c.RetryNow(by="p-mgr"))
    reopened = c.ReopenStep(by="p-mgr", step_id="erase_rest", reason="try it")
    assert d.refused(reopened).kind is RefusalType.ILLEGAL_MOVE
    assert d.times(Verb.ERASE_REST) == 1


def test_the_return_is_heard_once():
    d = deleted()
    d.do(BACK)
    assert "is back since" in d.refused(BACK).sentence
    d.signal(ac.CameBack(case_id="win-1"))
    assert len(d.happened("returned")) == 1


# leaving once more, while the former retention is open


def test_an_account_that_returned_and_left_again_is_deleted_by_its_second_closure():  # AMB-24
    d = deleted()
    d.do(BACK)
    d.after(days=200)
    d.signal(again(200, policy="eu_data_act", proof_wanted=True))
    assert d.case.stage == "retained"
    d.after(days=228)
    assert d.state("last_fetch") is StepState.OPEN
    d.after(days=235)
    d.done("verify_deletion", LOOKED)
    d.release("deletion_confirmation")
    assert erased(d) == [89, 229]
    requests = [work.erasure(d.case, a) for _, a in d.sent if a.verb is Verb.ERASE_DATA]
    assert (len({one.key for one in requests}), requests[-1].closure) == (2, 2)
    assert d.times(Verb.ISSUE_CERTIFICATE) == 2


def test_the_backups_of_before_the_return_go_on_the_day_that_was_told():  # OFFB-25
    d = deleted()
    day = d.case.step("purge_backups").due
    d.do(BACK)
    d.after(days=200)
    d.signal(again(200))
    assert d.case.step("purge_backups_1").due == day
    d.after(days=360)
    d.done("purge_backups_1", PURGED)
    assert d.case.outcome is None
    assert d.case.step("purge_backups").due > day + timedelta(days=150)


def test_a_second_closure_waits_until_the_first_deletion_is_proved():
    d = Keeping()
    d.after(days=90)
    d.signal(again(90))
    assert (d.case.closures, d.state("verify_deletion")) == (1, "open")
    d.done("verify_deletion", LOOKED)
    assert (d.case.closures, d.case.cancellation_case_id, d.state("erase_data")) == (2, "can-2", "waiting")
    d.after(days=150)
    assert erased(d) == [89]
    d.after(days=185)
    assert erased(d) == [89, 179]


def test_a_closure_of_which_nobody_said_that_the_customer_was_back_counts_from_the_later_day():
    d = Keeping()
    d.after(days=60)
    d.signal(again(60))
    d.after(days=140)
    assert erased(d) == []
    d.after(days=151)
    assert erased(d) == [149]


def test_a_closure_that_is_known_changes_nothing():
    d = Keeping()
    d.signal(again(0, cancellation_case_id="can-1"))
    assert (d.case.closures, d.happened("closed_again")) == (1, [])
    d.after(days=5)
    d.signal(again(5))
    d.signal(again(5))
    assert d.case.closures == 2
