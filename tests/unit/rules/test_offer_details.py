"""What an offer must say, and what comes of it: terms from and to, an amount with its day, an end, a start (DIS-27)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.case import RefusalType
from models.commands import AdoptPlan, CompleteStep
from models.step import StepState
from tests.unit.rules.offered import NET60, accepted, decided, diagnosed, proposal, register, said
from tests.unit.rules.plans import world
from tests.unit.rules.test_concessions import refused
from tests.unit.rules.world import file, seated

FEE: dict[str, Any] = {"offer": "deferred_impl_fee", "details": {"fee_minor": "250000", "due_date": "2027-03-01"}}
BY_HAND: dict[str, Any] = {"offer": "interim_manual_service", "details": {"until_date": "2027-02-01"}}
BETA: dict[str, Any] = {"offer": "beta_access", "details": {"start_date": "2026-12-10"}}
NOTED = "the bank statement of 1 March shows the fee"
BUILT: dict[str, Any] = {"offer": "custom_features", "title": "Export", "details": {"delivery_date": "2027-02-01"}}


@pytest.mark.parametrize(
    ("cause", "offer", "asked"),
    [
        ("budget_cut", "net60", "from, to"),  # DIS-27, PLAY-81
        ("budget_cut", "extended_terms", "from, to"),  # PLAY-77
        ("budget_cut", "quarterly_billing", "from, to"),  # PLAY-80
        ("budget_cut", "deferred_impl_fee", "fee_minor, due_date"),  # PLAY-82
        ("missing_feature", "interim_manual_service", "until_date"),  # PLAY-42
        ("missing_feature", "beta_access", "start_date"),  # PLAY-44
        ("missing_feature", "custom_features", "delivery_date"),  # PLAY-155, DIS-31
    ],
)
def test_an_offer_that_lacks_what_it_must_say_is_refused_by_name(cause: str, offer: str, asked: str):
    r = refused(diagnosed(cause), proposal(offer=offer))
    assert (r.kind, r.sentence) == (RefusalType.EVIDENCE_MISSING, f"{offer} must say, under 'details': {asked}")


def test_the_module_for_terms_asks_for_the_same():  # PLAY-152
    d = diagnosed()
    d.do(AdoptPlan(by="p-mgr", playbook="contract_flexibility", reason="terms would do"))
    assert "from, to" in refused(d, proposal(offer="extend_payment_terms")).sentence


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (NET60 | {"details": {"from": "30 days", "to": "30 Days"}}, "changes nothing"),
        (FEE | {"details": {"fee_minor": "2,500", "due_date": "2027-03-01"}}, "minor units"),
        (FEE | {"details": {"fee_minor": "0", "due_date": "2027-03-01"}}, "minor units"),
        (FEE | {"details": {"fee_minor": "250000", "due_date": "2020-03-01"}}, "is a day ahead"),
    ],
)
def test_terms_that_do_not_change_and_a_fee_of_nothing_are_absurd(terms: dict[str, Any], says: str):
    r = refused(diagnosed(), proposal(**terms))
    assert (r.kind, says in r.sentence) == (RefusalType.ABSURD_FIGURE, True)


def test_what_says_its_own_end_takes_no_length_besides():
    assert "leave 'lasts' out" in refused(diagnosed("missing_feature"), proposal(**BY_HAND, lasts="P1M")).sentence


def test_on_the_day_of_a_deferred_fee_finance_decides_whether_it_came_in():
    d = diagnosed(around=world(team=seated(file(), "finance", "p-fin")))  # PLAY-82
    accepted(d, by="p-fin", **FEE)
    step, spec = d.case.step("offer_1_fee"), d.case.spec("offer_1_fee")
    assert (step.person, spec.title) == (
        "p-fin",
        "Collect the deferred fee of USD 2,500.00: " + spec.title.split(": ")[1],
    )
    assert f"{step.due + timedelta(hours=8):%Y-%m-%d}" == "2027-03-02"  # when 1 March is over in Kuala Lumpur
    assert spec.evidence.decisions == ("collected", "not_collected")
    d.until(step.opens)
    assert d.case.step("offer_1_fee").state is StepState.OPEN
    d.do(CompleteStep(step_id="offer_1_fee", by="p-fin", evidence={"text": NOTED, "decision": "collected"}))
    assert d.case.step("offer_1_fee").state is StepState.DONE


def test_work_that_is_done_for_the_customer_by_hand_ends_on_its_day():
    d = diagnosed("missing_feature")  # PLAY-42
    offer = accepted(d, **BY_HAND)
    assert f"{offer.ends_at + timedelta(hours=8):%Y-%m-%d}" == "2027-02-02"
    assert d.case.spec("offer_1_end").evidence.decisions == ("becomes_regular", "agreed_anew", "ends")


def test_beta_access_is_set_up_by_the_day_on_which_it_starts():
    d = diagnosed("missing_feature")  # PLAY-44
    accepted(d, by="p-pm", **BETA)
    assert f"{d.case.step('offer_1_apply').due + timedelta(hours=8):%Y-%m-%d %H:%M}" == "2026-12-11 00:00"


def test_a_feature_that_is_built_for_a_customer_is_approved_by_product_and_becomes_a_promise_with_its_date():
    d = diagnosed("missing_feature")  # PLAY-155, DIS-31
    said(d, proposal(**BUILT))
    with pytest.raises(Exception, match="decided by product_manager, engineering"):
        decided(d, by="p-exec")
    d = diagnosed("missing_feature")
    offer = accepted(d, by="p-pm", **BUILT)
    promise = d.case.commitment("promise_1")
    assert (promise.kind, promise.owner, f"{promise.due + timedelta(hours=8):%Y-%m-%d}") == (
        "roadmap",
        "p-pm",
        "2027-02-02",
    )
    assert (offer.state, offer.receipt) == ("applied", "promise_1")
    assert d.case.step("offer_1_apply") is None
    assert register(d).detail("delivery_date") == "2027-02-01"
