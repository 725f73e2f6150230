"""The letter of an approved offer: owed when it may be told, drafted with its terms, moot once it was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import MessageState
from models.commands import AdoptPlan, CompleteStep, EvidenceGiven, MakeCommitment, ReleaseMessage
from models.concession import PriceTerm
from models.effects import Verb
from models.step import StepState
from rules import telling
from rules.refusal import Refused
from tests.unit.rules.offered import NET60, PHASE_IN, answered, decided, diagnosed, proposal, said
from tests.unit.rules.world import START, Drive, proof

GUARANTEE = {
    "offer": "performance_guarantee",
    "details": {"metric": "imports that finish by 06:00", "target": "99.5 %", "measure_date": "2027-03-31"},
}
CASES = [
    ({}, "concession_offer"),  # TMPL-2: a bridge of the playbook
    (GUARANTEE, "contract_clause"),  # TMPL-33, PLAY-143
    ({"offer": "trial_extension"}, "contract_clause"),  # TMPL-33, PLAY-144
    ({"offer": "easier_exit"}, "contract_clause"),  # TMPL-33, PLAY-145
    ({"offer": "upgraded_service"}, "written_sla"),  # TMPL-16, PLAY-153
]


def approved(**fields: object) -> Drive:
    """A save whose manager approved the offer; terms of the contract are what its module brings."""
    d = diagnosed()
    d.do(AdoptPlan(by="p-mgr", playbook="contract_flexibility", reason="the terms unlock it"))
    said(d, proposal(**fields))
    if d.case.approvals:
        decided(d, by="p-exec")
    return d


def letters(d: Drive) -> list[tuple[str, str, str]]:
    return [(m.step, m.template, m.state) for m in d.case.messages if m.step.startswith("offer_")]


@pytest.mark.parametrize(("fields", "template"), CASES)
def test_an_approved_offer_has_its_letter_drafted_and_a_person_releases_it(fields, template):  # SAVE-37, SAVE-44
    d = approved(**fields)
    assert letters(d) == [("offer_1_letter", template, MessageState.DRAFTED)]
    step = d.case.step("offer_1_letter")
    assert (step.person, step.due - d.now) == ("p-csm", timedelta(hours=24))
    d.do(ReleaseMessage(message_id="offer_1_letter-1", by="p-csm"))
    assert Verb.RELEASE_MESSAGE in {action.verb for _, action in d.sent}


def test_nothing_is_drafted_before_the_approval_or_after_a_refusal():  # SAVE-44
    d = diagnosed()
    said(d, proposal())
    assert letters(d) == []
    decided(d, decision="refused", reason="the price is not the problem")
    assert letters(d) == []


def test_early_access_is_an_invitation():  # TMPL-23, PLAY-44
    d = diagnosed("missing_feature", playbook="product_technical")
    said(d, proposal(offer="beta_access", details={"start_date": "2026-12-14"}))
    decided(d, by="p-pm")
    assert letters(d) == [("offer_1_letter", "beta_invitation", MessageState.DRAFTED)]
    assert telling.told(d.case, d.case.spec("offer_1_letter")).offered.detail("start_date") == "2026-12-14"


def test_what_is_no_matter_of_such_a_letter_gets_none():
    d = diagnosed()
    said(d, proposal(**NET60))
    decided(d, by="p-mgr")
    assert letters(d) == []


def test_a_step_of_the_playbook_that_writes_the_letter_is_not_doubled():  # PLAY-65
    d = diagnosed("support_quality", playbook="service_relationship")
    said(d, proposal(offer="upgraded_service"))
    decided(d)
    assert letters(d) == []
    assert d.case.step("written_sla").state is StepState.OPEN


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_an_answer_that_comes_first_makes_the_letter_moot(answer):
    d = approved()
    said(d, answered(answer=answer))
    step = d.case.step("offer_1_letter")
    assert (step.state, step.reason.split()[0]) == (StepState.SKIPPED, "offer_1")
    assert letters(d) == [("offer_1_letter", "concession_offer", MessageState.DROPPED)]
    with pytest.raises(Refused):
        d.do(ReleaseMessage(message_id="offer_1_letter-1", by="p-csm"))


def test_an_offer_that_expired_is_not_made_any_more():
    d = approved()
    d.after(days=15)
    assert d.case.step("offer_1_letter").state is StepState.SKIPPED


def test_the_letter_tells_of_its_own_offer_and_of_no_other():
    d = approved()
    said(d, proposal(offer="easier_exit"))
    decided(d, "approval_2", by="p-mgr")
    bridge, leaving = (telling.told(d.case, d.case.spec(f"offer_{n}_letter")).offered for n in (1, 2))
    assert (bridge.terms, bridge.tied_to) == ((PriceTerm(pct=10, first=1, last=6),), "reference")
    assert (leaving.terms, leaving.detail("exit_notice")) == ((), "P30D")
    assert telling.told(d.case, d.case.spec("engaged_notice")).offered is None


def test_a_price_until_delivery_names_the_promise_that_it_holds_until():  # SAVE-38
    d = diagnosed()
    d.do(MakeCommitment(text="The export", owner="p-eng", due=START + timedelta(days=60), source="call", by="p-csm"))
    said(d, proposal(tied_to="until_delivery_of_our_commitment", tie_ref="promise_1"))
    decided(d)
    offered = telling.told(d.case, d.case.spec("offer_1_letter")).offered
    assert (offered.until.title, offered.until.due) == ("The export", START + timedelta(days=60))


def test_the_letter_of_a_phase_in_tells_the_prices_of_the_phase_in():  # TMPL-19
    d = diagnosed()
    said(d, proposal(**PHASE_IN))
    decided(d, by="p-exec")
    assert [term.pct for term in telling.told(d.case, d.case.spec("phase_in")).offered.terms] == [40, 20]


def test_a_letter_that_was_drafted_before_the_offer_is_drafted_anew_with_its_terms():  # PLAY-74, TMPL-19
    d = diagnosed()
    given = {**proof(d.case, "structure_talk"), "decision": "phase_in"}
    d.do(CompleteStep(step_id="structure_talk", by="p-mgr", evidence=EvidenceGiven.model_validate(given)))
    said(d, proposal(**PHASE_IN))
    assert [m.drafts for m in d.case.messages if m.step == "phase_in"] == [1]
    d.after(hours=1)
    decided(d, by="p-exec")
    assert [(m.drafts, m.state) for m in d.case.messages if m.step == "phase_in"] == [(2, MessageState.DRAFTED)]
    d.after(days=1)
    assert [m.drafts for m in d.case.messages if m.step == "phase_in"] == [2]
