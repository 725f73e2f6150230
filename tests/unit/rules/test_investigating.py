"""Nothing is offered before the problem is understood: the investigation of the playbook comes first (PLAY-3, SAVE-8)."""

from __future__ import annotations

import pytest

from models.commands import LogContact, RecordRootCause, ReopenStep, SkipStep
from models.offer_commands import ProposeOffer
from models.starts import SaveStart
from rules.refusal import Refused
from tests.unit.rules.offered import answered, decided, diagnosed, proposal, register, said
from tests.unit.rules.world import Drive, plan


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
