"""What a customer was promised or given outlives the case in which it was: whoever comes next owes it (SAVE-29, POST-12)."""

from __future__ import annotations

from datetime import timedelta

from models.case import CaseKind, Sibling
from models.commands import CloseSave, FulfilCommitment, LogContact, MakeCommitment, RecordRootCause, RiskSignal
from models.effects import BILLING_VERBS, Word
from models.promise import PromiseKind, PromiseState
from models.starts import DeferralStart, SaveStart
from models.step import StepState
from rules import carrying, deferring
from rules.recovery import signals
from tests.unit.rules.offered import BRIDGE, NET60, accepted, diagnosed, investigated, proposal, register, said
from tests.unit.rules.plans import world
from tests.unit.rules.test_offer_carrying import Recovery, won
from tests.unit.rules.world import START, Drive

SOON = START + timedelta(days=20)


def promised() -> Drive:
    """A save in which a discount is in force and an export is promised."""
    d = diagnosed()
    accepted(d, **BRIDGE)
    d.do(MakeCommitment(text="Bulk export", owner="p-pm", due=SOON, source="call", by="p-csm"))
    return d


def reopened(start: SaveStart, d: Drive) -> Drive:
    return Drive(SaveStart.model_validate_json(start.model_dump_json()), world(), d.now)


def relapsed(r: Recovery) -> Drive:
    r.case = signals.receive(r.case, RiskSignal(kind="churn_likely", detail="silent"), r.now)
    return reopened(carrying.save_start(r.case, r.case.siblings[-1]), r)


def test_after_a_relapse_the_save_owes_what_was_promised_and_billing_hears_nothing_twice():
    d = relapsed(won(promised()))
    assert (d.case.step("promise_1").state, d.case.step("promise_1").due) == (StepState.OPEN, SOON)
    assert (register(d).state, register(d).carried_from) == ("applied", "rec-1")
    assert d.case.step("offer_1_return").state is StepState.WAITING
    assert not [action for _, action in d.sent if action.verb in BILLING_VERBS]


def test_the_day_of_a_deferred_decision_brings_along_what_was_promised():
    d = promised()
    d.do(CloseSave(by="p-mgr", outcome="deferred", notes="in May", decision_date=START + timedelta(days=40)))
    start = deferring.start_of(d.case, Sibling(kind=CaseKind.DEFERRAL, at=d.now, by="p-mgr"))
    again = reopened(deferring.save_start(DeferralStart.model_validate_json(start.model_dump_json()), d.now), d)
    assert (again.case.step("promise_1").state, register(again).carried_from) == (StepState.OPEN, "case-1")


def test_what_is_owed_where_no_case_follows_is_put_before_the_manager():
    d = promised()
    for _ in range(d.case.plan.policy.no_contact_after):
        d.do(LogContact(by="p-csm", channel="phone", answered=False, summary="nobody there"))
    d.do(CloseSave(by="p-mgr", outcome="no_contact", notes="nobody answers"))
    lines = [
        line.subject for _, a in d.sent for line in a.lines if line.word is Word.PROPOSED and "p-mgr" in a.recipients
    ]
    assert any("no case follows: promise_1, offer_1" in line for line in lines)


def test_an_offer_of_the_next_save_takes_no_id_of_one_that_was_carried():
    d = diagnosed()
    said(d, proposal(**NET60))
    accepted(d, **BRIDGE)
    d = relapsed(won(d))
    d.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they told us all"))
    d.do(RecordRootCause(by="p-csm", root_cause="budget_cut", whys=("it was cut",)))
    investigated(d)
    said(d, proposal(**NET60 | {"offer": "extended_terms"}))
    assert [one.id for one in d.case.offers] == ["offer_2", "offer_1"]


def test_a_promise_kept_in_time_is_not_broken_by_a_new_case():
    d = promised()  # SAVE-29
    d.do(
        FulfilCommitment(
            commitment_id="promise_1", evidence="issue 2291: export of 4 GB ran, shown on 24 Nov", by="p-pm"
        )
    )
    d.until(SOON + timedelta(days=5))
    before = d.case.commitments[0]
    after = won(d).case.commitments[0]
    assert (after.state, after.breached_at, after.done_at) == (PromiseState.DONE, None, before.done_at)
    assert (after.source, after.kind, after.made_by) == (before.source, PromiseKind.GENERAL, "p-csm")
