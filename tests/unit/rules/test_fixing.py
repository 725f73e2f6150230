"""A fix that product or engineering estimate above 72 hours is no urgent issue any more (DIS-14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.case import RefusalType
from models.commands import AdoptPlan, CompleteStep, ReopenStep
from models.starts import SaveStart
from models.step import StepState
from rules.adopting import LEFT
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive

ISSUES = "tickets 4711, 4733 and 4802, all about the export"
MODULE = ("owners", "fix", "communicate", "confirm")


def urgent(playbook: str = "service_relationship") -> Drive:
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="support_quality", playbook=playbook))
    d.do(AdoptPlan(by="p-mgr", playbook="urgent_issue_resolution", reason="three bugs that can be fixed"))
    return d


def estimate(hours: str) -> CompleteStep:
    given: dict[str, Any] = {"text": ISSUES, "items": {"estimate_hours": hours}}
    return CompleteStep(step_id="top3", by="p-csm", evidence=given)


def states(d: Drive) -> set[StepState]:
    return {step.state for name in MODULE if (step := d.case.step(name))}


def test_a_longer_estimate_moves_the_case_to_the_playbook_of_product_problems():  # DIS-14
    d = urgent()
    d.done("owners")
    d.after(hours=5)
    d.do(estimate("80"))
    assert d.case.plan.ref == "product_technical@1"
    assert [d.case.step(name).state for name in ("top3", "owners")] == [StepState.DONE, StepState.DONE]
    fix = d.case.step("fix")
    assert (fix.state, fix.reason) == (
        StepState.SKIPPED,
        f"{LEFT}: the fix is estimated at 80 h, and urgent_issue_resolution is for what is fixed within PT72H",
    )
    assert d.case.step("feasibility").due == START + timedelta(hours=5, days=7)
    (said,) = [event.text for event in d.case.timeline if event.kind == "fix_takes_longer"]
    assert said.endswith("the case goes on with product_technical")


def test_an_estimate_of_exactly_seventy_two_hours_stays():  # DIS-14
    d = urgent()
    d.do(estimate("72"))
    assert d.case.plan.ref == "service_relationship@1+urgent_issue_resolution@1"
    assert StepState.SKIPPED not in states(d)
    other = urgent()
    other.do(estimate("72.25"))
    assert other.case.plan.ref == "product_technical@1"


def test_where_that_playbook_runs_already_only_the_steps_of_the_module_end():  # DIS-14
    d = urgent("product_technical")
    before = [step.id for step in d.case.steps if step.step_id not in (*MODULE, "top3") and not step.ended]
    d.do(estimate("200"))
    assert d.case.plan.ref == "product_technical@1"
    assert states(d) == {StepState.SKIPPED}
    assert [step.id for step in d.case.steps if not step.ended] == before
    assert d.case.timeline[-1].text.endswith("product_technical runs already")


@pytest.mark.parametrize("hours", ["soon", "-3", "0", "8761", "1e3", "72 hours"])
def test_an_estimate_that_is_no_number_of_hours_is_refused_in_one_sentence(hours: str):  # DIS-14
    r = refused(urgent(), estimate(hours))
    assert (r.kind, r.sentence.endswith(f"at most 8760, such as 48; it was '{hours}'")) == (
        RefusalType.ABSURD_FIGURE,
        True,
    )


def test_the_issues_are_not_identified_without_an_estimate():  # DIS-14
    r = refused(urgent(), CompleteStep(step_id="top3", by="p-csm", evidence=ISSUES))
    assert (r.kind, "estimate_hours" in r.sentence) == (RefusalType.EVIDENCE_MISSING, True)


def test_a_module_that_was_left_comes_back_when_it_is_adopted_again():
    d = urgent("product_technical")
    d.do(estimate("800"))
    d.do(ReopenStep(step_id="top3", by="p-csm", reason="it was 8 hours, not 800"))
    d.do(estimate("8"))
    d.do(AdoptPlan(by="p-mgr", playbook="urgent_issue_resolution", reason="it can be fixed after all"))
    assert d.case.plan.ref == "product_technical@1+urgent_issue_resolution@1"
    assert states(d) == {StepState.OPEN, StepState.WAITING}
