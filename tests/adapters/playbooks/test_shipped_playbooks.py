"""The playbooks and policies that ship say what the requirements say."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from adapters.playbooks.check import check
from adapters.playbooks.folder import FolderPlaybooks
from models.calendar import Clock
from models.plan import Plan, StepSpec

TIMING = [
    # requirement, step, offset, clock, who says so
    ("PLAY-11", "contact_call", "PT48H", "elapsed", "source"),
    ("PLAY-12", "start_rca", "PT48H", "elapsed", "source"),
    ("PLAY-13", "alert_stakeholders", "PT48H", "elapsed", "source"),
    ("PLAY-14", "draft_plan", "PT48H", "elapsed", "source"),
    ("PLAY-15", "engaged_notice", "PT48H", "elapsed", "source"),
    ("PLAY-16", "day1_response", "P1D", "day_end", "source"),
    ("PLAY-17", "day3_plan", "P3D", "day_end", "source"),
    ("PLAY-18", "week1_intervention", "P7D", "day_end", "source"),
    ("PLAY-19", "week4_validate", "P28D", "day_end", "source"),
    ("PLAY-20", "day30_followup", "P30D", "day_end", "source"),
    ("PLAY-21", "standup", "P1D", "business", "source"),
    ("PLAY-24", "inv_tickets", "P1D", "day_end", "spine"),
    ("PLAY-25", "inv_analytics", "P1D", "day_end", "spine"),
    ("PLAY-26", "inv_csm_context", "P1D", "day_end", "spine"),
    ("PLAY-27", "inv_product", "P3D", "day_end", "spine"),
    ("PLAY-28", "inv_competitive", "P3D", "day_end", "spine"),
    ("PLAY-29", "ack_call", "PT24H", "elapsed", "source"),
    ("PLAY-30", "issue_doc", "PT24H", "elapsed", "source"),
    ("PLAY-31", "escalate", "PT24H", "elapsed", "source"),
    ("PLAY-32", "product_brief", "P3D", "day_end", "p"),
    ("PLAY-33", "feasibility", "P7D", "elapsed", "source"),
    ("PLAY-34", "workaround", "P7D", "elapsed", "source"),
    ("PLAY-35", "fix_timeline", "P7D", "elapsed", "source"),
    ("PLAY-36", "roadmap_reply", "P7D", "elapsed", "p"),
    ("PLAY-37", "weekly_update", "P7D", "elapsed", "source"),
    ("PLAY-38", "fix_progress_30", "P30D", "elapsed", "source"),
    ("PLAY-39", "interim_value", "P30D", "elapsed", "source"),
    ("PLAY-40", "rebuild_touch", "P30D", "elapsed", "source"),
    ("PLAY-41", "assign_tsm", "P3D", "day_end", "p"),
    ("PLAY-69", "inv_whys", "P3D", "day_end", "spine"),
    ("PLAY-70", "inv_budget_cycle", "P3D", "day_end", "p"),
    ("PLAY-71", "defend_pack", "P7D", "day_end", "spine"),
    ("PLAY-72", "structure_talk", "P7D", "day_end", "spine"),
    ("PLAY-73", "partial_offer", "P14D", "day_end", "p"),
    ("PLAY-74", "phase_in", "P14D", "day_end", "p"),
    ("PLAY-75", "revisit", "P3M", "day_end", "source"),
]


@pytest.fixture(scope="module")
def plans(shipped: Path) -> dict[str, Plan]:
    books = FolderPlaybooks(shipped)
    return {name: asyncio.run(books.load(name)) for name in asyncio.run(books.names())}


def _steps(plans: dict[str, Plan]) -> dict[str, StepSpec]:
    return {step.req: step for plan in plans.values() for step in plan.steps}


def test_the_shipped_playbooks_and_policies_have_no_fault(shipped: Path) -> None:
    assert [str(fault) for fault in check(shipped)] == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("common_spine", 10, 21), ("product_technical", 22, 44), ("budget_economic", 67, 89)],
)
def test_every_requirement_of_a_playbook_is_written_once_in_its_file(
    shipped: Path, name: str, first: int, last: int
) -> None:
    text = (shipped / "save" / f"{name}.yaml").read_text(encoding="utf-8")
    written = Counter(re.findall(r"\breq: (PLAY-\d+)", text))
    assert written == Counter(f"PLAY-{n}" for n in range(first, last + 1))


@pytest.mark.parametrize(("req", "step_id", "offset", "clock", "due_by"), TIMING)
def test_a_step_is_due_when_the_requirements_say(
    plans: dict[str, Plan], req: str, step_id: str, offset: str, clock: str, due_by: str
) -> None:
    step = _steps(plans)[req]
    counted = (str(step.due.offset), step.due.clock) if step.due else (str(step.recur), step.clock)
    assert (step.id, *counted, step.due_by) == (step_id, offset, Clock(clock), due_by)


def test_no_step_is_missing_from_the_table_of_moments(plans: dict[str, Plan]) -> None:
    assert sorted(_steps(plans)) == sorted(row[0] for row in TIMING)


def test_every_step_names_its_requirement_and_its_source(plans: dict[str, Plan]) -> None:
    bare = [step.id for plan in plans.values() for step in plan.steps if not (step.req and step.src and step.due_by)]
    assert bare == []


def test_a_scenario_owes_the_whole_spine_besides_its_own_steps(plans: dict[str, Plan]) -> None:
    spine = {step.id for step in plans["common_spine"].steps}
    for name in ("product_technical", "budget_economic"):
        assert spine < {step.id for step in plans[name].steps}


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


def test_offers_keep_the_limits_of_the_source(plans: dict[str, Plan]) -> None:
    offers = {offer.req: offer for plan in plans.values() for offer in plan.offers}
    limits = {req: offer.limit_pct for req, offer in offers.items() if offer.limit_pct is not None}
    assert limits == {"PLAY-43": 20, "PLAY-76": 25, "PLAY-89": 50}
    assert [step.pct for step in offers["PLAY-88"].schedule] == [40, 20, 0]
    assert offers["PLAY-88"].approval == "executive"  # DIS-12


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
        "quiet": [],
    }


def test_the_dictionary_holds_every_statement_of_the_sources(shipped: Path) -> None:
    text = (shipped / "policies" / "statements.yaml").read_text(encoding="utf-8")
    numbered = [int(number) for number in re.findall(r"# RISK-(\d+)$", text, re.MULTILINE)]
    assert numbered == [*range(26, 40), *range(42, 53)]  # 40 and 41 are the answers to them
    assert len(yaml.safe_load(text)["statements"]) == len(numbered)


def test_a_cause_that_is_a_product_problem_picks_the_product_playbook(plans: dict[str, Plan]) -> None:
    picked = {cause.code: cause.playbook for cause in plans["common_spine"].policy.root_causes}  # PLAY-150
    assert {picked[code] for code in ("product_bug", "missing_feature", "technical_problem")} == {"product_technical"}
    assert {picked[code] for code in ("budget_absolute", "budget_cut")} == {"budget_economic"}
    assert picked["budget_eliminated"] == "common_spine"  # DIS-11


def test_no_price_concession_answers_doubts_about_value_or_service(plans: dict[str, Plan]) -> None:
    causes = plans["common_spine"].policy.root_causes  # B.3
    guarded = [cause for cause in causes if cause.category in ("value_perception", "service_experience")]
    assert guarded and not any("price_concession" in cause.modules for cause in guarded)


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
