"""Nothing is offered before the problem is understood: the investigation of the playbook comes first (PLAY-3, SAVE-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.commands import LogContact, MakeCommitment, RecordRootCause, ReopenStep, SkipStep
from models.offer import OfferKind
from models.offer_commands import ProposeOffer
from models.starts import SaveStart
from rules import causes, concessions, investigating
from rules.refusal import Refused
from tests.unit.rules.offered import NET60, answered, decided, diagnosed, proposal, register, said
from tests.unit.rules.world import Drive, plan, proof


def told_us(cause: str) -> Drive:
    """A save whose cause was recorded in the first call, before anybody looked anything up."""
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason=cause))
    d.do(LogContact(by="p-csm", channel="phone", answered=True, summary="they told us all"))
    d.do(RecordRootCause(by="p-csm", root_cause=cause, whys=("it was cut",)))
    return d


def test_an_offer_waits_for_every_step_of_the_investigation_and_its_refusal_names_them():
    d = told_us("missing_feature")
    with pytest.raises(Refused) as caught:
        said(d, ProposeOffer(by="p-csm", offer="upgraded_service"))  # PLAY-24..28
    assert caught.value.kind == "InvestigationOpen"
    assert "inv_tickets, inv_analytics, inv_csm_context, inv_product, inv_competitive" in caught.value.sentence
    assert not d.case.offers


def test_a_question_that_is_left_out_with_its_reason_counts_as_answered():
    d = told_us("budget_cut")
    d.done("inv_whys")
    with pytest.raises(Refused, match="inv_budget_cycle"):
        said(d, proposal())
    d.do(SkipStep(step_id="inv_budget_cycle", by="p-csm", reason="they will not say; asked twice"))
    assert said(d, proposal()).startswith("offer_1")


def test_the_customers_answer_waits_where_a_step_of_the_investigation_was_opened_again():
    d = diagnosed()
    said(d, proposal())
    decided(d)
    d.do(ReopenStep(step_id="inv_whys", by="p-csm", reason="their new finance lead says otherwise"))
    with pytest.raises(Refused, match="inv_whys"):
        said(d, answered())
    d.done("inv_whys")
    said(d, answered())
    assert register(d).state == "applied"


@pytest.mark.parametrize("playbook", ["product_technical", "budget_economic", "value_roi", "competitive_threat"])
def test_a_plan_knows_which_of_its_steps_are_the_investigation(playbook: str):  # PLAY-3
    asked = {step.id for step in plan(playbook).steps if step.investigates}
    assert asked == {step.id for step in plan(playbook).steps if step.id.startswith("inv_")}
    assert asked


def test_a_doubt_about_value_is_answered_with_no_price_and_the_csm_is_told_which_cause_to_record():
    d = told_us("budget_cut")
    d.done("inv_budget_cycle")
    doubt = {**proof(d.case, "inv_whys"), "decision": "perceived_lack_of_value"}
    d.done("inv_whys", doubt)  # PLAY-69, SAVE-8, SAVE-9
    with pytest.raises(Refused, match="'record_root_cause' value_perception, or 'reopen_step' inv_whys") as caught:
        said(d, proposal())
    assert caught.value.kind == "OfferBlocked"
    d.after(days=1)
    told = [line.subject for _, a in d.sent for line in a.lines if "p-csm" in a.recipients and line.step == "inv_whys"]
    assert any("'record_root_cause' value_perception" in line for line in told)
    said(d, proposal(**NET60))  # terms are no price
    d.do(RecordRootCause(by="p-csm", root_cause="value_perception", whys=("they cannot show its worth",)))
    assert d.case.plan.name == "value_roi"


def test_whys_that_end_at_the_budget_leave_the_price_open():
    d = diagnosed()
    assert investigating.other_cause(d.case) is None
    assert said(d, proposal()).startswith("offer_1")


def test_a_cause_of_the_product_may_be_bridged_by_a_price_until_the_fix_and_one_of_the_service_never():
    for cause in ("product_bug", "reliability"):  # PLAY-43, SAVE-38
        d = diagnosed(cause)
        d.do(MakeCommitment(by="p-csm", text="The fix", owner="p-eng", due=d.now + timedelta(days=20), source="call"))
        until = {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"}
        said(d, proposal(offer="roadmap_plus_discount", pct=20, lasts="P2M", **until))
        assert register(d).headline_pct == 20
    for cause in ("support_quality", "trust", "no_roi"):  # SAVE-47
        d = diagnosed(cause)
        assert causes.no_price_answers(d.case.plan.policy, causes.rule_of(d.case.plan.policy, cause))
        with pytest.raises(Refused) as caught:
            concessions.check_cause(d.case, OfferKind.DISCOUNT)
        assert caught.value.kind == "OfferBlocked"
