"""What stands before a deletion: a legal hold, data that is wanted back, a policy that somebody has to choose first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models.cancellation import DataChoice
from models.effects import Verb
from models.starts import ClosedAgain
from models.step import StepState
from rules.refusal import Refused
from tests.unit.rules.after.former import HOLD, NOW, Keeping, emptied, offline

BACK = ac.DataChosen(case_id="can-1", choice=DataChoice.RETURN)


def again(k: Keeping) -> ClosedAgain:
    return ClosedAgain(account_id="acc-1", cancellation_case_id="can-2", closed_at=k.now, policy="default")


def test_a_hold_outlives_a_second_closure_and_nothing_is_deleted_under_it():  # OFFB-24
    k = Keeping(policy="default")
    k.after(days=10)
    k.do(HOLD)
    k.after(days=20)
    k.signal(again(k))
    k.after(days=200)
    assert k.case.legal_hold is not None
    assert k.times(Verb.ERASE_DATA) == 0


def test_data_that_is_wanted_back_is_not_deleted_between_two_tries():  # GDPR 28(3)(g)
    k = Keeping(offline, policy="default")
    opens = k.case.step("erase_data").opens
    assert opens
    k.until(opens + timedelta(minutes=2))
    assert k.case.retries
    k.signal(BACK)
    k.world = emptied
    k.after(days=93)
    assert k.state("erase_data") is StepState.WAITING
    assert k.state("return_received") is StepState.OPEN


def test_nothing_is_deleted_or_given_back_before_somebody_chose_the_policy():  # AMB-24
    k = Keeping(policy="gone")
    with pytest.raises(Refused, match="'choose_policy' comes first"):
        k.do(NOW)
    k.signal(BACK)
    assert Verb.PREPARE_EXPORT not in {action.verb for _, action in k.sent}


def test_what_the_second_leaving_wants_is_kept_until_its_closure_is_taken_up():  # GDPR 28(3)(g)
    k = Keeping(policy="default")
    k.after(days=10)
    k.do(HOLD)
    k.signal(again(k))
    k.signal(BACK.model_copy(update={"case_id": "can-2"}))
    assert k.case.data_choice is None
    k.do(ac.ReleaseHold(by="p-mgr", reason="the court is done"))
    assert (k.case.cancellation_case_id, k.case.data_choice) == ("can-2", DataChoice.RETURN)
