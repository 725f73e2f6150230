"""Who else hears of a cancellation and its end: other cases, those who answer for it, and the memory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import cancellation_commands as cc
from models.after_commands import CameBack, ProofWanted
from models.cancellation_commands import SaveAttempted, SaveFinished, SaveOpened
from models.commands import CancellationRequested, RiskSignal
from models.effects import Verb
from models.work import TellCase
from rules.cancellation import following
from tests.unit.rules.cancellation.test_offboarding import leaving
from tests.unit.rules.leaving import START, Leaving, company


def test_a_wish_for_the_data_before_the_end_is_a_sign_of_risk_and_delays_nothing():  # DIS-25, RISK-32
    d = Leaving()
    d.do(cc.RequestExport())
    told = [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE]
    assert told == ["save", "recovery", "save", "recovery"]
    d.until(d.now + timedelta(hours=2))
    lines = [line.subject for _, action in d.sent if action.recipients == ("p-csm",) for line in action.lines]
    assert any("a sign of risk" in line for line in lines)
    assert d.state("data_export") == "done"


def test_what_is_told_to_another_case_arrives_as_what_it_was():  # DIS-25, OFFB-26
    at = {"key": "k", "case_id": "can-1", "account_id": "acc-1", "workflow_id": "save:acc-1"}
    for signal in (
        ProofWanted(case_id="can-1"),
        CancellationRequested(case_id="can-1"),
        RiskSignal(kind="send_our_data", detail="can-1"),
        SaveFinished(case_id="save-1", outcome="lost"),
        SaveOpened(case_id="save-1", opened_at=START),
        SaveAttempted(case_id="save-1", at=START, by="p-csm"),
        CameBack(case_id="save-1", detail="signed again"),
    ):
        sent = TellCase(**at, signal=signal)
        assert type(TellCase.model_validate_json(sent.model_dump_json()).signal) is type(signal)


def test_an_objection_reaches_the_csm_and_the_manager():  # CANC-14, CANC-48
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.validate("firm_decision")
    objection = cc.DecideLeaving(by="p-exec", approval_id="manager_approval", decision="refused", reason="we owe them")
    d.do(objection)
    d.until(d.now + timedelta(hours=2))
    told = {a.recipients[0] for _, a in d.sent for line in a.lines if "we owe them" in line.subject}
    assert told == {"p-csm", "p-mgr"}
    d.confirm()
    assert d.case.end_date is not None


def test_unusual_circumstances_go_before_the_manager_also_when_they_are_named_late():  # CANC-14
    d = leaving()
    assert d.state("manager_approval") == "skipped"
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert d.state("manager_approval") == "skipped"
    d.validate("firm_decision", unusual="they threaten a lawsuit")
    assert d.state("manager_approval") == "open"


@pytest.mark.parametrize(
    ("decision", "memory"), [("remember", "remember"), ("reference", "reference"), ("leave", None)]
)
def test_the_decision_on_the_memory_has_its_effect(decision, memory):  # OFFB-50, OFFB-55
    d = leaving()
    d.work_through(17, skip=("win_back_tag",))
    d.done("win_back_tag", {"text": "they would come back for the bulk import", "decision": decision})
    d.work_through(30)
    assert d.case.outcome == "left"
    assert following.memory_of(d.case) == memory
    starts = [a.subject for _, a in d.sent if a.verb is Verb.START_CASE]
    assert ("win_back" in starts) is (memory is not None)
    if memory:
        assert following.win_back(d.case, d.now).memory == memory
