"""An offer that fails lets the customer go as agreed: somebody owes it, and the lead and the manager hear (T-BRIDGE)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.commands import AdoptPlan, CompleteStep, ReopenStep
from models.step import StepState
from tests.unit.rules.offered import accepted, diagnosed
from tests.unit.rules.plans import world
from tests.unit.rules.test_conceding import TEAM
from tests.unit.rules.world import Drive

GUARANTEE: dict[str, Any] = {
    "offer": "performance_guarantee",
    "details": {"metric": "weekly users", "target": "40", "measure_date": "2026-12-15"},
}
EXIT = {"offer": "easier_exit"}
PAUSE = {"offer": "pause", "lasts": "P30D"}


def agreed(module: str, **terms: Any) -> Drive:
    """A diagnosed save in which an offer was accepted."""
    d = diagnosed()
    if module:
        d.do(AdoptPlan(by="p-mgr", playbook=module, reason="terms would do"))
    accepted(d, **terms)
    return d


def decide(d: Drive, step: str, decision: str, by: str = "p-csm") -> None:
    d.do(CompleteStep(step_id=step, by=by, evidence={"text": "spoke with their lead on Tuesday", "decision": decision}))


def heard(d: Drive, about: str) -> set[str]:
    """Whom a line that says this was put down for."""
    told = [(note.person, note.line.subject) for note in d.case.notices]
    told += [(action.recipients[0], line.subject) for _, action in d.sent for line in action.lines]
    return {person for person, text in told if about in text}


@pytest.mark.parametrize(
    ("module", "terms", "step", "decision", "says"),
    [
        ("contract_flexibility", GUARANTEE, "offer_1_measure", "missed", "the guarantee was missed"),  # PLAY-143
        ("", {}, "offer_1_return", "customer_leaves", "the customer leaves"),  # T-BRIDGE
        ("", PAUSE, "offer_1_end", "customer_leaves", "the customer leaves"),
    ],
)
def test_who_may_leave_by_what_was_agreed_is_let_go_and_the_lead_and_the_manager_hear(
    module: str, terms: dict[str, Any], step: str, decision: str, says: str
):
    d = agreed(module, **terms)
    assert d.case.step("offer_1_leaves").state is StepState.WAITING
    decide(d, step, decision)
    owed = d.case.step("offer_1_leaves")
    assert (owed.state, owed.person, owed.due - d.now) == (StepState.OPEN, "p-csm", timedelta(hours=48))
    assert d.case.spec("offer_1_leaves").evidence.decisions == ("cancellation_opened", "stays_after_all")
    assert heard(d, says) == {"p-csm", "p-mgr"}


def test_an_easier_exit_is_only_gone_once_its_notice_has_run_out():  # PLAY-145
    d = agreed("contract_flexibility", **EXIT)
    decide(d, "improve_by_1", "not_improved")
    assert d.case.step("offer_1_leaves").state is StepState.WAITING
    assert heard(d, "the customer leaves") == set()
    decide(d, "exit_notice_1", "customer_leaves")
    assert d.case.step("offer_1_leaves").state is StepState.OPEN
    assert heard(d, "the customer leaves") == {"p-csm", "p-mgr"}


def test_where_it_holds_nobody_is_let_go_and_a_decision_that_was_wrong_brings_it_back():
    d = agreed("contract_flexibility", **GUARANTEE)
    decide(d, "offer_1_measure", "reached")
    assert d.case.step("offer_1_leaves").state is StepState.SKIPPED
    assert heard(d, "was missed") == set()
    d.do(ReopenStep(step_id="offer_1_measure", by="p-csm", reason="the count held old users, too"))
    decide(d, "offer_1_measure", "missed")
    assert d.case.step("offer_1_leaves").state is StepState.OPEN


def test_a_deferred_fee_that_did_not_come_in_is_heard_of():  # PLAY-82
    d = diagnosed(around=world(team=TEAM))
    accepted(d, by="p-fin", offer="deferred_impl_fee", details={"fee_minor": "250000", "due_date": "2026-12-20"})
    decide(d, "offer_1_fee", "not_collected", by="p-fin")
    assert heard(d, "the deferred fee did not come in") == {"p-csm", "p-mgr"}
