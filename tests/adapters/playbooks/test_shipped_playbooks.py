"""The playbooks and policies that ship say what the requirements say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from adapters.playbooks.check import check
from models.plan import Plan
from models.raci import RaciRule
from rules.causes import no_price_answers


def test_the_shipped_playbooks_and_policies_have_no_fault(shipped: Path) -> None:
    assert [str(fault) for fault in check(shipped)] == []


def test_the_calls_that_answer_the_matrix_move_the_case_to_contacted(plans: dict[str, Plan]) -> None:
    answering = {step.id: step.reaches for step in plans["product_technical"].steps if step.respond}
    assert answering == {"contact_call": "contacted", "ack_call": "contacted"}


def test_stages_are_reached_by_the_steps_that_prove_them(plans: dict[str, Plan]) -> None:
    reached = {step.id: step.reaches for step in plans["common_spine"].steps if step.reaches}
    assert reached == {
        "contact_call": "contacted",
        "draft_plan": "planned",
        "week1_intervention": "executing",
        "week4_validate": "validating",
    }


def test_the_daily_standup_is_quiet_and_ends_with_the_case(plans: dict[str, Plan]) -> None:
    standup = plans["common_spine"].step("standup")  # PLAY-21
    assert standup is not None and standup.until is not None
    assert (standup.ladder, standup.task, standup.skippable, standup.until.stage) == ("quiet", False, True, "closed")


def test_the_weekly_update_is_a_promise_until_the_solution_is_validated(plans: dict[str, Plan]) -> None:
    weekly = plans["product_technical"].step("weekly_update")  # PLAY-37, AMB-20
    assert weekly is not None and weekly.until is not None
    assert (weekly.promise, weekly.until.step, weekly.template) == (True, "week4_validate", "weekly_update")


MATRIX = {
    ("critical", "immediate"): "PT2H",
    ("critical", "high"): "PT24H",
    ("critical", "medium"): "P7D",
    ("high", "immediate"): "PT4H",
    ("high", "high"): "PT48H",
    ("high", "medium"): "P14D",
    ("medium", "immediate"): "PT24H",
    ("medium", "high"): "P7D",
    ("medium", "medium"): "P28D",
}


def test_the_matrix_is_that_of_the_sources(plans: dict[str, Plan]) -> None:
    cells = plans["common_spine"].policy.triage.matrix  # RISK-106, AMB-9
    written = {(cell.severity, cell.urgency): str(cell.respond) for cell in cells if cell.severity != "low"}
    assert written == MATRIX
    assert [(cell.severity, cell.urgency) for cell in cells if cell.ladder == "urgent"] == [("critical", "immediate")]


def test_a_missed_step_climbs_from_the_manager_to_the_executive(plans: dict[str, Plan]) -> None:
    ladders = {ladder.name: ladder.rungs for ladder in plans["common_spine"].policy.ladders}  # AMB-37
    said = {name: [(rung.role, str(rung.after)) for rung in rungs] for name, rungs in ladders.items()}
    assert said == {
        "standard": [("cs_manager", "PT0H"), ("executive", "PT24H")],
        "urgent": [("cs_manager", "PT0H"), ("executive", "PT2H")],
        "loud": [("cs_manager", "PT0H"), ("executive", "PT0H")],  # SAVE-28
        "quiet": [],
        "approval": [("executive", "P1D")],  # CANC-48
        "export": [("cs_manager", "PT0H"), ("executive", "PT24H")],  # DIS-19
        "review_of_csm": [("cs_manager", "PT0H")],  # RISK-121
        "review_of_manager": [("executive", "PT0H")],
    }


def test_the_dictionary_holds_every_statement_of_the_sources(shipped: Path) -> None:
    text = (shipped / "policies" / "statements.yaml").read_text(encoding="utf-8")
    numbered = [int(number) for number in re.findall(r"# RISK-(\d+)$", text, re.MULTILINE)]
    assert numbered == [*range(26, 40), *range(42, 53)]  # 40 and 41 are the answers to them
    assert len([one for one in yaml.safe_load(text)["statements"] if not one.get("says_no")]) == len(numbered)


def test_no_cause_allows_a_price_where_its_category_blocks_one(plans: dict[str, Plan]) -> None:
    policy = plans["common_spine"].policy  # B.3, SAVE-47
    guarded = [cause for cause in policy.root_causes if no_price_answers(policy, cause)]
    assert {cause.playbook for cause in guarded} == {"service_relationship", "value_roi"}  # SAVE-47: for that playbook
    dear = {
        name
        for name, plan in plans.items()
        if any(offer.kind in policy.concessions.price_kinds for offer in plan.offers)
    }
    assert {"price_concession", "budget_economic"} <= dear
    assert guarded and not any(dear & set(cause.modules) for cause in guarded)


def test_the_ladder_rounds_the_gaps_of_the_sources_up(plans: dict[str, Plan]) -> None:
    rules = plans["common_spine"].policy.concessions  # SAVE-42..44, DIS-12
    said = [(rung.up_to_pct, rung.role, rung.needs_reason) for rung in rules.ladder]
    assert said == [(15, "csm", False), (25, "cs_manager", False), (100, "executive", True)]


def test_a_concession_is_tied_to_what_the_requirements_allow(plans: dict[str, Plan]) -> None:
    rules = plans["common_spine"].policy.concessions  # SAVE-45, DIS-13
    assert set(rules.ties) == {
        "long_term_commitment",
        "case_study_participation",
        "testimonial",
        "reference",
        "referral",
        "until_delivery_of_our_commitment",
        "customer_adoption_milestone",
        "demonstrated_recovery",
    }


def test_concessions_are_bounded_in_time_and_money(plans: dict[str, Plan]) -> None:
    rules = plans["common_spine"].policy.concessions
    assert (str(rules.cooldown), str(rules.valid_for), str(rules.approval_within)) == ("P12M", "P14D", "PT24H")
    assert rules.budget_minor > 0 and rules.budget_currency == "USD"
    assert set(rules.blocked_categories) == {"value_perception", "service_experience"}
    assert {"discount", "phase_in", "bridge", "annual_prepay"} <= set(rules.price_kinds)


LETTERS = ("csm", "cs_manager", "product_manager", "engineering", "support", "sales", "executive", "finance", "legal")
RACI = """
first_contact                 RA I/C  - -  -  I   -/I -  -
root_cause_and_plan           R  A    C C  C  C   -   -  -
roadmap_answer                C  I    RA C -  -   -   -  -
feasibility_and_dates         I  I    A R  C  -   -   -  -
workaround                    C  I    C C  RA -   -   -  -
concession_standard           RA I    - -  -  C   -   I  -
concession_significant        R  A    - -  -  R   -   I  -
concession_emergency          R  C    - -  -  R   A   I  C
executive_outreach            C  C    - -  -  -   RA  -  -
updates_and_check_ins         RA I    C C  C  -   -   -  -
daily_standup                 R  A    C C  C  C   -   -  -
cancellation_and_offboarding  RA I    - -  C  I   -   C  -
cancellation_approval         R  A    - -  -  -   C   -  -
contract_review               C  C    - -  -  -   -   -  RA
final_billing                 I  I    - -  -  -   -   RA -
"""


def _letters(rule: RaciRule, role: str) -> str:
    always = ("R" if role in rule.responsible else "") + ("A" if role == rule.accountable else "")
    always += ("C" if role in rule.consulted else "") + ("I" if role in rule.informed else "")
    more = "".join(
        ("C" if role in one.consulted else "") + ("I" if role in one.informed else "") for one in rule.besides
    )
    return (always or "-") + (f"/{more}" if more else "")


@pytest.mark.parametrize("row", RACI.strip().splitlines(), ids=lambda row: row.split()[0])
def test_the_raci_is_that_of_the_requirements(plans: dict[str, Plan], row: str) -> None:
    activity, *letters = row.split()  # SAVE-26; behind the stroke: on critical accounts besides
    rule = next(rule for rule in plans["common_spine"].policy.raci if rule.activity == activity)
    assert [_letters(rule, role) for role in LETTERS] == letters
    assert {severity for one in rule.besides for severity in one.severities} <= {"critical"}


def test_who_answers_for_a_concession_is_who_approves_its_rate(plans: dict[str, Plan]) -> None:
    policy = plans["common_spine"].policy
    accountable = {rule.activity: rule.accountable for rule in policy.raci}
    tiers = [accountable[f"concession_{tier}"] for tier in ("standard", "significant", "emergency")]
    assert tiers == [rung.role for rung in policy.concessions.ladder]


def test_only_a_manager_or_an_executive_reassigns_and_adopts_plans(plans: dict[str, Plan]) -> None:
    roles = {rule.command: rule.roles for rule in plans["common_spine"].policy.permissions}
    assert roles["assign"] == roles["adopt_plan"] == ("cs_manager", "executive")


def test_the_playbook_of_the_manual_is_one_that_would_run(shipped: Path, tmp_path: Path) -> None:
    manual = (shipped.parent / "docs" / "writing-a-playbook.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(name: slow_onboarding\n.*?)```", manual, re.DOTALL)
    assert block is not None
    shutil.copytree(shipped, tmp_path, dirs_exist_ok=True)
    (tmp_path / "save" / "slow_onboarding.yaml").write_text(block[1], encoding="utf-8")
    assert check(tmp_path) == ()
