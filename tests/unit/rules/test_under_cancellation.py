"""A save beside a cancellation: it speaks and offers only as far as customer and policy let it (CANC-36, CANC-41)."""

from __future__ import annotations

import pytest

from models import commands as c
from models.case import RefusalType
from models.concession import ApprovalState, OfferState
from models.effects import Verb
from models.step import StepState
from rules.routing import barred
from tests.unit.rules import offered
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import Drive


def asked_to_cancel(d: Drive, **more: object) -> None:
    d.signal(c.CancellationRequested(case_id="can-1", **more))  # type: ignore[arg-type]


def contacts(d: Drive) -> list[str]:
    return [s.id for s in d.case.steps if not s.ended and (spec := d.case.spec(s.step_id)) and spec.customer_facing]


def test_without_an_attempt_left_nothing_is_offered_and_nobody_is_called():  # CANC-41, Minnesota 325G.56
    d = offered.diagnosed()
    assert contacts(d)
    asked_to_cancel(d, attempts_left=0)
    assert contacts(d) == []
    left = [s for s in d.case.steps if s.reason.startswith("the account is cancelling:")]
    assert left and all("no save attempt is left" in step.reason for step in left)
    r = refused(d, offered.proposal())
    assert (r.kind, "can-1" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)
    assert not [m for m in d.case.messages if m.state == "drafted" and m.step in {s.id for s in left}]


def test_where_no_sales_are_wanted_sales_leave_the_save_too():  # CANC-36, DIS-32
    d = offered.diagnosed()
    asked_to_cancel(d, no_sales_contact=True, barred_roles=("sales", "sales_engineer"), attempts_left=0)
    assert barred(d.case) == ("sales", "sales_engineer")
    r = refused(d, c.MakeCommitment(by="p-sales", text="a call", owner="p-sales", due=d.now, source="call"))
    assert r.kind is RefusalType.NOT_ALLOWED
    assert "no sales conversation" in r.sentence


def test_with_an_attempt_left_the_save_goes_on():  # CANC-29
    d = offered.diagnosed()
    owed = contacts(d)
    asked_to_cancel(d, attempts_left=1)
    assert contacts(d) == owed
    offered.said(d, offered.proposal())


def test_a_second_word_of_the_same_cancellation_is_no_second_sign_of_risk():  # RISK-86
    d = offered.diagnosed()
    asked_to_cancel(d)
    asked_to_cancel(d, attempts_left=0)
    assert [fact.kind for fact in d.case.facts].count("cancellation_submitted") == 1


def test_the_first_contact_is_told_to_the_cancellation_as_an_attempt_and_no_further_one():  # CANC-41
    d = offered.diagnosed()
    asked_to_cancel(d, attempts_left=1)
    for _ in range(2):
        d.do(c.LogContact(by="p-csm", channel="phone", answered=True, summary="they may stay"))
    told = [action for _, action in d.sent if action.verb is Verb.TELL_CASE]
    assert [action.subject for action in told] == ["cancellation"]


def test_without_a_cancellation_no_contact_is_told_to_anybody():
    d = offered.diagnosed()
    d.do(c.LogContact(by="p-csm", channel="phone", answered=True, summary="they may stay"))
    assert not [action for _, action in d.sent if action.verb is Verb.TELL_CASE]


def test_a_late_word_of_a_former_cancellation_changes_nothing():
    d = offered.diagnosed()
    asked_to_cancel(d, attempts_left=0)
    d.signal(c.CancellationRequested(case_id="can-0", stays=True))
    assert contacts(d) == []


def test_once_the_customer_stays_the_save_goes_on():  # CANC-41
    d = offered.diagnosed()
    owed = contacts(d)
    asked_to_cancel(d, no_sales_contact=True, attempts_left=0)
    asked_to_cancel(d, stays=True)
    assert contacts(d) == owed
    assert barred(d.case) == ()
    offered.said(d, offered.proposal())


def test_a_step_to_the_customer_that_a_person_adds_is_left_out_as_well():  # CANC-41: nobody overrides it
    d = offered.diagnosed()
    asked_to_cancel(d, attempts_left=0)
    due = d.case.opened_at.replace(year=2027)
    d.do(
        c.AddStep(
            by="p-csm",
            step_id="one_more",
            title="One more call",
            owner="csm",
            due=due,
            reason="x",
            customer_facing=True,
        )
    )
    assert contacts(d) == []


BARS = [{"attempts_left": 0}, {"no_sales_contact": True}]
NO_PRICE = {"offer": "upgraded_service"}


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: next(iter(bar)))
@pytest.mark.parametrize("terms", [{}, NO_PRICE], ids=["a price", "no price"])
def test_what_was_approved_before_is_not_accepted_any_more(
    bar: dict[str, object], terms: dict[str, str]
):  # CANC-41, DIS-32
    d = offered.diagnosed()
    offered.said(d, offered.proposal(**terms))
    offered.decided(d)
    asked_to_cancel(d, **bar)
    r = refused(d, offered.answered())
    assert (r.kind, "'withdraw' of the cancellation comes first" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)
    assert offered.register(d).state is OfferState.APPROVED
    assert not [action for _, action in d.sent if action.verb is Verb.APPLY_CONCESSION]


def test_a_price_that_is_barred_while_the_book_is_asked_is_not_accepted():  # CANC-41
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    offered.decided(d)
    d.do(offered.answered(), settle=False)
    asked_to_cancel(d, attempts_left=0)
    assert d.case.asks[-1].refusal is RefusalType.OFFER_BLOCKED
    assert offered.register(d).state is OfferState.APPROVED


def test_a_customer_who_stays_after_all_takes_what_was_approved_before():
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    offered.decided(d)
    asked_to_cancel(d, attempts_left=0)
    asked_to_cancel(d, stays=True)
    offered.said(d, offered.answered())
    assert offered.register(d).state is OfferState.APPLIED


def test_a_no_to_what_was_approved_before_is_still_noted():
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    offered.decided(d)
    asked_to_cancel(d, attempts_left=0)
    offered.said(d, offered.answered(answer="declined"))
    assert offered.register(d).state is OfferState.DECLINED


def test_the_approval_of_what_may_not_be_offered_any_more_ends():  # CANC-41, SAVE-44
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    asked_to_cancel(d, attempts_left=0)
    approval, step = d.case.approval("approval_1"), d.case.step("approval_1")
    assert approval is not None
    assert step is not None
    assert (offered.register(d).state, approval.state, step.state) == (
        OfferState.LAPSED,
        ApprovalState.LAPSED,
        StepState.SKIPPED,
    )
    assert "no save attempt is left" in approval.reason
    r = refused(d, c.DecideApproval(by="p-mgr", approval_id="approval_1", decision="approved"))
    assert r.kind is RefusalType.ALREADY_DECIDED
