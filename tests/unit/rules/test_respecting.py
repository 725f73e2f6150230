"""The customer's no is respected: no offer after it, no second of a declined kind, one renewal question."""

from __future__ import annotations

from datetime import timedelta

from models import commands as c
from models.case import RefusalType
from models.concession import ApprovalState, OfferState
from models.effects import Verb, Word
from models.step import StepState
from tests.unit.rules import test_save_commands
from tests.unit.rules.offered import answered, decided, diagnosed, proposal, said
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive

NO = c.TagStatement(code="firm_no", quote="please stop, we are leaving", by="p-csm")


def asking() -> c.LogSaveContact:
    return c.LogSaveContact(channel="phone", answered=True, summary="went well", by="p-csm", asked_renewal=True)


def planned() -> Drive:
    d = test_save_commands.diagnosed()
    d.done("draft_plan")
    return d


def test_nothing_is_offered_after_a_firm_no():  # CONV-20, CANC-44
    d = diagnosed()
    d.do(NO)
    r = refused(d, proposal())
    assert (r.kind, "please stop, we are leaving" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)


def test_a_kind_of_offer_that_was_declined_is_not_offered_again():  # DIS-24
    d = diagnosed()
    said(d, proposal())
    decided(d)
    said(d, answered(answer="declined"))
    r = refused(d, proposal())
    assert (r.kind, "offer_1: email 4711" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)


def test_the_renewal_question_is_asked_once():  # DIS-24
    d = planned()
    d.do(asking())
    assert [event.kind for event in d.case.timeline].count("renewal_asked") == 1
    r = refused(d, asking())
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "the renewal question ('asked_renewal') is asked once: it was asked on 2026-11-16",
    )


def test_the_renewal_question_waits_for_the_plan_and_never_follows_a_no():  # DIS-24
    assert "after the plan was agreed" in refused(test_save_commands.diagnosed(), asking()).sentence
    d = planned()
    d.do(NO)
    assert refused(d, asking()).sentence.endswith("the customer said no")


def owed(d: Drive) -> list[tuple[str, bool]]:
    """The steps to the customer that are owed, and whether each is a promise."""
    running = ((step, d.case.spec(step.step_id)) for step in d.case.steps if not step.ended)
    return [(step.id, spec.promise) for step, spec in running if spec.customer_facing]


def test_a_firm_no_ends_what_would_still_be_said_to_the_customer_and_no_promise():  # CONV-20
    d = Drive()
    before = owed(d)
    assert {promise for _, promise in before} == {True, False}
    internal = [step.id for step in d.case.steps if not step.ended and not d.case.spec(step.step_id).customer_facing]
    d.do(NO)
    assert owed(d) == [(name, True) for name, promise in before if promise]
    call = d.case.step("ack_call")
    assert (call.state, call.reason) == (StepState.SKIPPED, "the customer said no on 2026-11-16 (firm_no)")
    assert [name for name in internal if d.case.step(name).ended] == []
    d.after(days=40)
    assert not [name for name, promise in owed(d) if not promise]


def test_a_promise_made_on_a_date_outlives_the_no_and_so_does_what_an_accepted_offer_brought():  # SAVE-29, CONV-20
    d = diagnosed()
    d.do(
        c.MakeCommitment(by="p-csm", text="send the data", owner="p-csm", due=START + timedelta(days=3), source="call")
    )
    said(d, proposal())
    decided(d)
    said(d, answered())
    d.do(NO)
    owed_still = {step.id for step in d.case.steps if not step.ended}
    assert {"promise_1", "promise_1_told", "promise_1_seen", "offer_1_return"} <= owed_still


def test_an_approval_that_waits_when_the_customer_says_no_is_withdrawn():  # CONV-20
    d = diagnosed()
    said(d, proposal())
    d.do(NO)
    assert (d.case.offer("offer_1").state, d.case.approval("approval_1").state) == (
        OfferState.LAPSED,
        ApprovalState.LAPSED,
    )
    assert d.case.step("approval_1").state is StepState.SKIPPED
    r = refused(d, c.DecideApproval(by="p-mgr", approval_id="approval_1", decision="approved"))
    assert r.kind is RefusalType.ALREADY_DECIDED
    told = [line.subject for _, a in d.sent for line in a.lines if line.word is Word.PROPOSED]
    assert any("withdrawn before it was approved: the customer said no" in text for text in told)


def test_an_offer_whose_standing_is_looked_up_while_the_customer_says_no_is_not_placed():  # CONV-20
    d = diagnosed()
    d.do(proposal(), settle=False)
    (action,) = d.fly(Verb.LOAD_STANDING)
    d.do(NO)
    d.lands(action)
    assert d.case.offers == ()
    assert any(event.kind == "offer_not_possible" for event in d.case.timeline)


def test_a_no_that_a_system_reports_counts_as_well():  # CONV-20
    d = Drive()
    d.after(days=2)
    d.signal(c.RiskSignal(kind="firm_no", detail="they wrote so", at=START))
    assert not [name for name, promise in owed(d) if not promise]


def test_a_playbook_that_comes_after_the_no_speaks_to_nobody_but_a_step_by_hand_does():  # CONV-20
    d = diagnosed()
    d.do(NO)
    d.after(hours=1)
    due = d.now + timedelta(days=3)
    farewell = {
        "step_id": "farewell",
        "title": "Say goodbye",
        "owner": "csm",
        "due": due,
        "reason": "they asked for it",
    }
    d.do(c.AddStep(by="p-mgr", customer_facing=True, **farewell))
    d.do(c.RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    assert d.case.plan.name == "product_technical"
    assert [name for name, promise in owed(d) if not promise] == ["farewell"]
