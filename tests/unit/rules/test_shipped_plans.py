"""What the shipped playbooks and modules do where one step depends on another (PLAY-63, 66, 121..135)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from models.commands import AdoptPlan
from models.starts import SaveStart
from models.step import StepState
from rules.refusal import Refused
from tests.unit.rules.calendars import wall
from tests.unit.rules.golden import offered
from tests.unit.rules.world import OFFICE, START, Drive, plan, proof

PLANS = ("save", "modules", "recovery")


def case_of(playbook: str) -> Drive:
    return Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="churn_likely", playbook=playbook))


def with_module(module: str) -> Drive:
    """The spine with a module added at once, which owes only what the module brings."""
    d = case_of("common_spine")
    d.do(AdoptPlan(by="p-mgr", playbook=module, reason="it may help"))
    return d


def brought(d: Drive, module: str) -> list[str]:
    """The open steps that are the module's own."""
    own = {step.id for step in plan(module).steps}
    return [step for step in d.open_steps() if step in own]


def decided(d: Drive, step_id: str, decision: str) -> None:
    d.done(step_id, {**proof(d.case, step_id), "decision": decision})


def test_a_csm_who_does_not_fit_is_replaced_the_same_day():  # PLAY-63
    d = case_of("service_relationship")
    d.after(days=1, hours=2)
    decided(d, "inv_fit", "replace")
    change = d.case.step("csm_change")
    assert (change.state, change.due) == (StepState.OPEN, wall(OFFICE, 2026, 11, 17, 23, 59))


def test_a_csm_who_fits_stays():
    d = case_of("service_relationship")
    decided(d, "inv_fit", "keep")
    assert d.case.step("csm_change").state is StepState.SKIPPED


def test_a_service_level_is_tracked_each_week_once_it_is_written():  # PLAY-66
    d = case_of("service_relationship")
    d.after(days=20)
    assert d.case.step("sla_tracking/1").due is None
    d.done("written_sla")
    assert d.case.step("sla_tracking/1").due == START + timedelta(days=27)
    d.after(days=27)
    assert d.case.step("sla_tracking/2").due == START + timedelta(days=34)


def test_the_value_report_comes_each_quarter():  # PLAY-55
    assert case_of("value_roi").case.step("quarterly_value_report/1").due == wall(OFFICE, 2027, 2, 16, 9)


def test_a_fix_is_told_once_it_is_there_and_is_owed_within_three_days():  # PLAY-121, PLAY-122
    d = with_module("urgent_issue_resolution")
    d.after(hours=47)
    assert d.case.step("communicate").state is StepState.WAITING
    d.after(hours=60)
    assert ("p-eng", "warn", "fix") in [row[1:] for row in d.told()]
    d.done("fix")
    told = d.case.step("communicate")
    assert (told.state, told.due) == (StepState.OPEN, START + timedelta(hours=72))


def test_what_an_executive_committed_to_is_carried_out_within_a_week():  # PLAY-125..129
    d = with_module("executive_engagement")
    assert brought(d, "executive_engagement") == ["exec_contact"]
    d.done("exec_contact")
    assert brought(d, "executive_engagement") == ["exec_ack", "exec_listen", "exec_commit"]
    d.after(days=1)
    d.done("exec_commit")
    assert d.case.step("csm_follow").due == wall(OFFICE, 2026, 11, 24, 23, 59)


@pytest.mark.parametrize(
    ("asked", "decision", "follows", "state"),
    [
        ("pm_review", "feature_coming", "roadmap_preview", StepState.OPEN),
        ("pm_review", "nothing_coming", "roadmap_preview", StepState.SKIPPED),
        ("build_workaround", "custom_solution_warranted", "custom_solution", StepState.OPEN),
        ("build_workaround", "workaround_is_enough", "custom_solution", StepState.SKIPPED),
    ],
)
def test_the_product_team_goes_on_where_it_makes_sense(asked, decision, follows, state):  # PLAY-133, PLAY-135
    d = with_module("product_team_engagement")
    decided(d, asked, decision)
    assert d.case.step(follows).state is state


@pytest.mark.parametrize("step_id", ["deep_dive", "feature_trial", "exec_review"])
def test_a_competitor_is_answered_within_three_days_of_the_triggering(step_id):  # PLAY-93..95, DIS-8
    assert case_of("competitive_threat").case.step(step_id).due == START + timedelta(hours=72)


def test_the_weeks_with_a_successor_follow_each_other():  # PLAY-113..117
    d = case_of("champion_departure")
    weeks = ("wk1", "wk2", "wk3", "wk4", "month2")
    opens = [(d.case.step(name).opens - START).days for name in weeks]
    assert opens == [0, 7, 14, 21, 30]


@pytest.mark.parametrize("module", ["price_concession", "contract_flexibility", "alternative_solution"])
def test_a_module_of_offers_owes_no_step(module):
    d = with_module(module)
    assert {step.step_id for step in d.case.steps} == {step.id for step in plan("common_spine").steps}
    assert set(plan(module).offers) <= set(d.case.plan.offers)


@pytest.mark.parametrize("name", sorted(file.stem for kind in PLANS for file in Path("playbooks", kind).glob("*.yaml")))
def test_what_a_csm_reads_names_no_requirement(name):
    titles = [step.title for step in plan(name).steps]
    assert [title for title in titles if re.search(r"\b[A-Z]+-\d+\b", title)] == []


def test_a_trial_of_advanced_features_ends_with_a_decision_on_its_day():
    d = case_of("competitive_threat")  # PLAY-94, T-TRIAL
    assert d.case.step("feature_trial_end").due is None
    with pytest.raises(Refused, match="feature_trial"):  # PLAY-100: a manager approves it first
        d.done("feature_trial")
    offered(d, "feature_trial")
    d.done("feature_trial")
    end = d.case.step("feature_trial_end")
    assert (end.due - d.now, end.opens - d.now) == (timedelta(days=30), timedelta(days=16))
    d.after(days=17)
    assert d.case.step("feature_trial_end").state is StepState.OPEN
    with pytest.raises(Refused, match="decision"):
        d.done("feature_trial_end", {"text": "entitlement 4711 runs until 16 December"})
