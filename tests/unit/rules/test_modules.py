"""A module joins a running case: what it owes counts from then, and the playbook goes on (PLAY-118..149, B.3)."""

from __future__ import annotations

from datetime import timedelta

from models.commands import AdoptPlan, RecordRootCause, TriggerPlaybook
from models.effects import Word
from models.starts import SaveStart
from models.step import StepState
from tests.unit.rules.world import START, Drive


def opened(playbook: str = "product_technical") -> Drive:
    return Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook=playbook))


def add(module: str) -> AdoptPlan:
    return AdoptPlan(by="p-mgr", playbook=module, reason="three bugs that can be fixed")


def test_a_module_is_owed_besides_the_playbook_from_its_adoption():
    d = opened()
    before = {step.id for step in d.case.steps}
    d.after(days=2)
    d.do(add("urgent_issue_resolution"))
    assert d.case.plan.ref == "product_technical@1+urgent_issue_resolution@1"
    assert {step.id for step in d.case.steps if not step.recurring} - before == {
        "top3",
        "owners",
        "fix",
        "communicate",
        "confirm",
    }
    assert d.case.step("top3").due == START + timedelta(days=2, hours=24)
    assert not [step for step in d.case.steps if step.state is StepState.SKIPPED and step.id in before]


def test_what_a_module_offers_is_authorised_too():
    d = opened("common_spine")
    assert d.case.plan.offer("reduced_scope") is None
    d.do(add("alternative_solution"))
    assert d.case.plan.offer("reduced_scope") is not None


def test_a_module_goes_along_when_the_root_cause_changes_the_playbook():
    d = opened("common_spine")
    d.do(add("executive_engagement"))
    d.done("exec_contact")
    d.do(RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    assert d.case.plan.ref == "product_technical@1+executive_engagement@1"
    assert d.case.step("exec_contact").state is StepState.DONE
    assert d.case.step("exec_listen").state is not StepState.SKIPPED


def test_the_same_module_twice_is_there_once():
    d = opened()
    d.do(add("urgent_issue_resolution"))
    d.do(add("urgent_issue_resolution"))
    assert d.case.plan.ref == "product_technical@1+urgent_issue_resolution@1"
    assert [step.id for step in d.case.steps].count("top3") == 1
    assert [step.id for step in d.case.plan.steps].count("top3") == 1


def test_a_module_that_the_root_cause_does_not_allow_is_refused():
    d = opened()
    d.do(RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    d.do(add("price_concession"))
    assert d.case.plan.ref == "product_technical@1"
    refused = next(event.text for event in d.case.timeline if event.kind == "load_plan_refused")
    assert "price_concession is no answer to missing_feature; modules for it: urgent_issue_resolution" in refused


def test_a_case_that_is_opened_with_a_module_runs_the_spine_and_says_why():
    d = opened("urgent_issue_resolution")
    assert d.case.plan.name == "common_spine"
    assert any("is a module" in line.subject for _, a in d.sent for line in a.lines if line.word is Word.REFUSED)


def test_a_module_can_be_triggered_by_signal():
    d = opened()
    d.signal(TriggerPlaybook(playbook="executive_engagement", by="p-csm", reason="they want to hear it from the top"))
    assert d.case.plan.ref == "product_technical@1+executive_engagement@1"


def test_a_module_that_a_new_cause_does_not_allow_leaves_and_what_was_done_in_it_stays():
    d = opened()  # B.3, SAVE-41
    d.do(RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    for module in ("product_team_engagement", "executive_engagement"):
        d.do(add(module))
    d.done("pm_review")
    d.do(RecordRootCause(by="p-csm", root_cause="support_quality", whys=("nobody called back",)))
    assert d.case.plan.ref == "service_relationship@1+executive_engagement@1"
    assert d.case.step("pm_review").state is StepState.DONE
    left = d.case.step("build_workaround")
    assert (left.state, "product_team_engagement is no answer to support_quality" in left.reason) == ("skipped", True)
    assert d.case.step("exec_contact").state is StepState.OPEN


def test_a_module_from_before_any_cause_leaves_with_the_first_cause_that_does_not_allow_it():
    d = opened("value_roi")
    for module in ("price_concession", "product_team_engagement"):
        d.do(add(module))
    d.do(RecordRootCause(by="p-csm", root_cause="no_roi", whys=("they cannot show it",)))  # value_roi runs already
    assert d.case.plan.ref == "value_roi@1"
    assert d.case.plan.offer("standard_at_risk") is None
    assert d.case.step("pm_review").state is StepState.SKIPPED
    assert [event.text.split()[0] for event in d.case.timeline if event.kind == "module_left"] == [
        "price_concession",
        "product_team_engagement",
    ]


def test_a_module_that_left_comes_back_with_a_cause_that_allows_it():
    d = opened()
    d.do(RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    d.do(add("product_team_engagement"))
    d.do(RecordRootCause(by="p-csm", root_cause="support_quality", whys=("nobody called back",)))
    d.do(RecordRootCause(by="p-csm", root_cause="technical_problem", whys=("it breaks at 2 GB",)))
    assert d.case.step("pm_review").state is StepState.SKIPPED
    d.do(add("product_team_engagement"))
    assert d.case.step("pm_review").state is StepState.OPEN
