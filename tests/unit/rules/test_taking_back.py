"""What was entered by mistake is taken back before it counts; what counts already stays (SAVE-28, SAVE-29, SAVE-37)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.case import RefusalType
from models.commands import MakeCommitment, ReopenStep, WithdrawCommitment, WithdrawOffer
from models.concession import ApprovalState, OfferState, Standing
from models.effects import Verb
from models.promise import PromiseState
from models.step import StepState
from rules import promises, telling
from rules.concessions import budget_left
from rules.concessions import rules_of as concession_rules
from rules.refusal import Refused
from tests.unit.rules import offered
from tests.unit.rules.test_promises import DUE, delivered, promise, promised, register, told
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import Drive

WHY = "that was said to another customer"


def back(by: str = "p-csm", of: str = "promise_1") -> WithdrawCommitment:
    return WithdrawCommitment(commitment_id=of, by=by, reason=WHY)


def off(by: str = "p-csm", of: str = "offer_1") -> WithdrawOffer:
    return WithdrawOffer(offer_id=of, by=by, reason=WHY)


def proposed(**fields: Any) -> Drive:
    d = offered.diagnosed()
    offered.said(d, offered.proposal(**fields))
    return d


def sentence(d: Drive, command: object, kind: RefusalType) -> str:
    """What the command is refused with; the case is unharmed."""
    answer = refused(d, command)
    assert answer.kind is kind
    return answer.sentence


# --- a promise


def test_a_promise_by_mistake_is_owed_no_more_and_kept_in_the_history_with_its_reason():
    d = promised(back())  # SAVE-29
    assert (register(d).state, register(d).reason) == (PromiseState.WITHDRAWN, WHY)
    assert [d.case.step(name).state for name in ("promise_1", "promise_1_told", "promise_1_seen")] == ["skipped"] * 3
    (line,) = [e for e in d.case.timeline if e.kind == "promise_withdrawn"]
    assert (line.by, WHY in line.text) == ("p-csm", True)


def test_a_withdrawn_promise_counts_neither_as_kept_nor_as_broken():
    d = promised(back())  # SAVE-28, SAVE-34
    d.until(DUE + timedelta(days=3))
    assert (register(d).state, register(d).breached_at) == (PromiseState.WITHDRAWN, None)
    assert promises.broken(d.case, d.now) == ()
    assert promises.carried_over(d.case) == promises.counting(d.case) == ()
    assert telling.told(d.case, None).promises == ()
    assert not any(event.kind == "promise_breached" for event in d.case.timeline)


def test_its_task_in_the_crm_is_closed():
    d = promised()
    d.after(days=1)
    d.do(back())
    d.after(days=2)
    tasks = [task for _, action in d.sent if action.verb is Verb.SYNC_TASKS for task in action.tasks]
    assert [task.open for task in tasks if task.step == "promise_1"] == [True, False]


@pytest.mark.parametrize("by", ["p-csm", "p-eng", "p-mgr", "p-exec"])
def test_its_owner_whoever_entered_it_and_those_who_answer_for_the_case_may_take_it_back(by: str):
    assert register(promised(back(by))).state is PromiseState.WITHDRAWN


def test_nobody_else_takes_it_back():
    said = sentence(promised(), back("p-sup"), RefusalType.NOT_ALLOWED)
    assert "p-eng" in said and "cs_manager" in said


def test_the_customer_is_told_only_where_they_heard_of_it_before():
    assert promised(back()).case.step("promise_1_withdrawn") is None
    again = ReopenStep(step_id="promise_1", by="p-mgr", reason="it was not delivered")
    heard = promised(delivered(), told(), again, back())
    step = heard.case.step("promise_1_withdrawn")
    assert (step.state, step.person) == (StepState.OPEN, "p-csm")
    assert heard.case.spec("promise_1_withdrawn").customer_facing


def test_what_was_delivered_or_broken_is_not_taken_back():
    assert "promise_1 is done" in sentence(promised(delivered()), back(), RefusalType.ILLEGAL_MOVE)
    broken = promised()
    broken.until(DUE + timedelta(hours=1))
    assert "promise_1 is breached" in sentence(broken, back(), RefusalType.ILLEGAL_MOVE)
    assert "is withdrawn" in sentence(promised(back()), back(), RefusalType.ILLEGAL_MOVE)


def test_a_withdrawn_promise_is_promised_anew_and_not_opened_again():
    d = promised(back())
    again = ReopenStep(step_id="promise_1", by="p-mgr", reason="it was meant after all")
    assert "'make_commitment'" in sentence(d, again, RefusalType.ILLEGAL_MOVE)
    d.do(promise())
    assert register(d, 2).state is PromiseState.OPEN


def test_a_promise_on_which_an_offer_stands_stays():
    d = offered.diagnosed()
    d.do(MakeCommitment(text="The export", owner="p-eng", due=DUE, source="call", by="p-csm"))
    offered.said(d, offered.proposal(tied_to="until_delivery_of_our_commitment", tie_ref="promise_1"))
    assert "offer_1" in sentence(d, back(), RefusalType.ILLEGAL_MOVE)
    d.do(off())
    d.do(back())
    assert register(d).state is PromiseState.WITHDRAWN


# --- an offer


def test_an_offer_by_mistake_is_taken_back_and_nobody_has_to_decide_on_it():
    d = proposed()  # SAVE-44
    d.do(off())
    assert offered.register(d).state is OfferState.WITHDRAWN
    (approval,) = d.case.approvals
    assert (approval.state, WHY in approval.reason) == (ApprovalState.LAPSED, True)
    assert d.case.step(approval.id).state is StepState.SKIPPED
    assert [e.by for e in d.case.timeline if e.kind == "offer_withdrawn"] == ["p-csm"]


def test_a_withdrawn_offer_costs_its_proposer_nothing_of_the_budget():
    d = proposed()  # SAVE-49
    d.do(off())
    left = budget_left(d.case, Standing(), "p-csm", d.now)
    assert left and left.minor == concession_rules(d.case).budget_minor


def test_an_approved_offer_is_taken_back_and_not_answered_any_more():
    d = proposed()
    offered.decided(d)
    d.do(off("p-mgr"))
    with pytest.raises(Refused) as answer:
        offered.said(d, offered.answered())
    assert "offer_1 is withdrawn" in answer.value.sentence


def test_what_the_customer_accepted_stays():
    d = offered.diagnosed()
    offered.accepted(d)
    assert "offer_1 is applied" in sentence(d, off(), RefusalType.ILLEGAL_MOVE)


def test_an_offer_is_not_taken_back_by_a_stranger_to_it():
    assert "p-csm" in sentence(proposed(), off("p-sales"), RefusalType.NOT_ALLOWED)
