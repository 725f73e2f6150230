"""A pause may be offered whatever the cause, so that any save can end as paused; its end is decided (PLAY-148, CONV-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.commands import CloseSave, MakeCommitment, RescheduleStep
from models.save import SaveOutcome
from models.step import StepState
from tests.unit.rules.offered import accepted, diagnosed, proposal, register
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive, plan

POLICY = plan("common_spine").policy
CAUSES = [rule.code for rule in POLICY.root_causes]
BARS_PRICES = [rule.code for rule in POLICY.root_causes if "price_concession" in rule.blocked_modules]
LATER = START + timedelta(days=60)


def paused(d: Drive) -> CloseSave:
    proof = "pause until 1 March, agreed by mail"
    return CloseSave(by="p-csm", outcome="paused", notes="they come back", evidence=proof, follow_up=LATER)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_save_can_end_as_paused_whatever_the_cause(cause: str):  # CONV-23, PLAY-148
    d = diagnosed(cause)
    accepted(d, offer="pause")
    end = d.case.step("offer_1_end")
    assert end is not None
    assert (end.state, end.person, end.due) == (StepState.WAITING, "p-csm", register(d).ends_at)
    d.do(paused(d))
    assert d.case.outcome is SaveOutcome.PAUSED


@pytest.mark.parametrize("cause", BARS_PRICES)
def test_a_cause_that_no_price_answers_still_blocks_a_price(cause: str):  # SAVE-47, PLAY-150
    d = diagnosed(cause)
    assert refused(d, proposal()).kind in (RefusalType.UNKNOWN_OFFER, RefusalType.OFFER_BLOCKED)


def test_the_end_of_a_pause_is_owed_by_a_named_person_and_takes_a_decision():  # T-PAUSE
    d = diagnosed("no_roi")
    accepted(d, offer="pause")
    d.after(days=77)
    end = d.case.step("offer_1_end")
    assert end is not None
    assert (end.state, end.person) == (StepState.OPEN, "p-csm")
    spec = d.case.spec("offer_1_end")
    assert spec is not None
    assert "customer_leaves" in spec.evidence.decisions
    d.after(days=92)
    assert ("p-csm", "overdue", "offer_1_end") in [(who, word, step) for _, who, word, step in d.told()]


def test_a_pause_until_delivery_is_decided_on_at_once_where_the_promise_moves_behind_its_end():  # SAVE-38, SAVE-45
    d = diagnosed()
    d.do(MakeCommitment(text="The export", owner="p-eng", due=LATER, source="call", by="p-csm"))
    tied = {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"}
    until = accepted(d, offer="pause", **tied).ends_at
    assert until is not None
    moved(d, until - timedelta(days=1))
    assert d.case.step("offer_1_end").state is StepState.WAITING
    moved(d, until + timedelta(days=30))
    end = d.case.step("offer_1_end")
    assert (end.state, end.due, register(d).ends_at) == (StepState.OPEN, until, until)  # billing charges again then
    assert [e.step for e in d.case.timeline if e.kind == "price_ends_before_delivery"] == ["offer_1_end"]


def moved(d: Drive, due: object) -> None:
    consent = "email 88: they agree"
    d.do(RescheduleStep(step_id="promise_1", due=due, reason="the test took longer", consent=consent, by="p-csm"))
