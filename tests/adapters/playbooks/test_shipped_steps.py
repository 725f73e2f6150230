"""The steps that ship, line by line against the outline of the requirements (B.2)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.plan import OPENED, Plan, StepSpec
from models.playbook import Playbook

# Requirement, step, owner, those with them, due (or every), how it counts, who says so, channel, whether the customer
# sees it, number of contents. '-' where the requirements say nothing; 'after' moments are in ANCHORED.
OUTLINE = """
11 contact_call csm - PT48H elapsed source phone yes 0
12 start_rca csm - PT48H elapsed source internal no 0
13 alert_stakeholders csm - PT48H elapsed source internal no 0
14 draft_plan csm - PT48H elapsed source internal no 0
15 engaged_notice csm - PT48H elapsed source any yes 0
16 day1_response csm - P1D day_end source - yes 0
17 day3_plan csm - P3D day_end source - no 0
18 week1_intervention csm - P7D day_end source - yes 0
19 week4_validate csm - P28D day_end source - yes 0
20 day30_followup csm - P30D day_end source phone yes 0
21 standup cs_manager - every:P1D business source - no 0
24 inv_tickets csm - P1D day_end spine - no 0
25 inv_analytics csm - P1D day_end spine - no 0
26 inv_csm_context csm - P1D day_end spine - no 0
27 inv_product product_manager - P3D day_end spine - no 0
28 inv_competitive csm - P3D day_end spine - no 0
29 ack_call csm - PT24H elapsed source phone yes 0
30 issue_doc csm - PT24H elapsed source internal no 0
31 escalate csm - PT24H elapsed source internal no 0
32 product_brief csm - P3D day_end p internal no 4
33 feasibility product_manager - P7D elapsed source internal no 0
34 workaround support - P7D elapsed source any yes 0
35 fix_timeline engineering - P7D elapsed source - yes 4
36 roadmap_reply csm - P7D elapsed p - yes 0
37 weekly_update csm - every:P7D elapsed source email yes 4
38 fix_progress_30 csm - P30D elapsed source - yes 0
39 interim_value csm - P30D elapsed source - yes 0
40 rebuild_touch csm - P30D elapsed source - yes 0
41 assign_tsm tech_success_manager - P3D day_end p - yes 0
47 inv_usage csm - P3D day_end spine - no 0
48 inv_feature_gap csm - P3D day_end spine - no 0
49 inv_peer csm - P3D day_end spine - no 0
50 value_summary csm - P7D day_end spine - yes 0
51 roi_model csm - P14D day_end p - yes 4
52 untapped csm - P14D day_end p - yes 0
53 implement_features csm - P28D day_end spine - yes 0
54 ebr csm cs_manager,executive P28D day_end p meeting yes 5
55 quarterly_value_report csm - every:P3M elapsed source - yes 0
59 inv_history cs_manager - P1D day_end p - no 0
60 inv_fit cs_manager - P3D day_end p - no 0
61 apology csm - P1D day_end spine phone yes 0
62 commitments csm - P7D day_end spine - yes 5
63 csm_change cs_manager - PT0H day_end source - yes 0
64 exec_outreach executive - P7D day_end p phone yes 4
65 written_sla cs_manager - P7D day_end p - yes 5
66 sla_tracking cs_manager - every:P7D elapsed p - no 0
69 inv_whys csm - P3D day_end spine - no 0
70 inv_budget_cycle csm - P3D day_end p - no 0
71 defend_pack csm - P7D day_end spine - yes 4
72 structure_talk sales csm P7D day_end spine phone yes 0
73 partial_offer sales csm P14D day_end p - yes 0
74 phase_in sales csm P14D day_end p - yes 0
75 revisit csm - P3M day_end source - yes 0
92 inv_competitor csm - P1D day_end p - no 0
93 deep_dive csm sales_engineer PT72H elapsed source meeting yes 0
94 feature_trial sales_engineer - PT72H elapsed source - yes 0
95 exec_review executive - PT72H elapsed source - yes 0
96 differentiate csm - P7D day_end spine - yes 0
97 hard_to_copy csm - P7D day_end spine - yes 5
98 roadmap_disclosure product_manager - P14D day_end p - yes 0
99 peer_intro csm - P14D day_end p - yes 0
104 multi_thread csm - P30D elapsed p - no 0
105 exec_sponsor csm - P30D elapsed p - no 0
106 find_replacement csm - P7D elapsed source - yes 0
107 intro_call csm - P7D elapsed source phone yes 0
108 value_context csm - P7D elapsed source - yes 0
109 priorities csm - P7D elapsed source - yes 0
110 engagement_model csm - P7D elapsed source - yes 0
111 new_stakeholder_onboarding csm - P14D day_end p - yes 4
112 exec_value_briefing csm - P14D elapsed source - yes 0
113 wk1 csm - P7D day_end source - yes 0
114 wk2 csm - P14D day_end source - yes 0
115 wk3 csm - P21D day_end source - yes 0
116 wk4 csm - P28D day_end source - yes 0
117 month2 csm - P60D day_end source - yes 0
119 top3 csm - PT24H elapsed source - no 1
120 owners cs_manager - PT24H elapsed p - no 0
121 fix engineering - PT72H elapsed source - no 0
122 communicate csm - PT72H elapsed p - yes 0
123 confirm csm - P7D day_end p - yes 0
125 exec_contact executive - PT72H elapsed p phone yes 0
126 exec_ack executive - P1D day_end p - yes 0
127 exec_listen executive - P1D day_end p - yes 0
128 exec_commit executive - P2D day_end p - yes 0
129 csm_follow csm - P7D day_end p - yes 0
131 pm_review product_manager - P3D day_end p - no 0
132 engineer_call engineering - P5D day_end p - yes 0
133 roadmap_preview product_manager - P7D day_end p - yes 0
134 build_workaround engineering - P7D day_end p - yes 0
135 custom_solution product_manager - P7D day_end p - yes 0
"""
ROWS = [tuple(line.split()) for line in OUTLINE.strip().splitlines()]

ANCHORED = {
    "PLAY-63": "step:inv_fit",  # "same day as announcement"
    "PLAY-75": "step:partial_offer",  # "date in offer"
    "PLAY-126": "step:exec_contact",
    "PLAY-127": "step:exec_contact",
    "PLAY-128": "step:exec_contact",
    "PLAY-129": "step:exec_commit",
    "PLAY-135": "step:build_workaround",
}
CONDITIONAL = {
    "PLAY-63": ("inv_fit", "replace"),
    "PLAY-73": ("structure_talk", "partial_retention"),
    "PLAY-74": ("structure_talk", "phase_in"),
    "PLAY-75": ("structure_talk", "partial_retention"),
    "PLAY-133": ("pm_review", "feature_coming"),
    "PLAY-135": ("build_workaround", "custom_solution_warranted"),
}
FILES = [
    ("save/common_spine", range(10, 22)),
    ("save/product_technical", range(22, 45)),
    ("save/value_roi", range(45, 57)),
    ("save/service_relationship", range(57, 67)),
    ("save/budget_economic", range(67, 90)),
    ("save/competitive_threat", range(90, 102)),
    ("save/champion_departure", range(102, 118)),
    ("modules/urgent_issue_resolution", range(118, 124)),
    ("modules/executive_engagement", range(124, 130)),
    ("modules/product_team_engagement", range(130, 136)),
    ("modules/price_concession", range(136, 140)),  # PLAY-140, the tie, is in policies/concessions.yaml
    ("modules/contract_flexibility", [*range(141, 146), 151, 152]),
    ("modules/alternative_solution", [146, 147, 149]),  # PLAY-148, the pause, is in policies/offers.yaml
    ("policies/offers", [148, *range(153, 157)]),
]


@pytest.fixture(scope="module")
def books(shipped: Path) -> list[Playbook]:
    files = sorted(path for folder in ("save", "modules") for path in (shipped / folder).glob("*.yaml"))
    return [Playbook.model_validate(_read(path)) for path in files]


@pytest.fixture(scope="module")
def steps(books: list[Playbook]) -> dict[str, StepSpec]:
    owed = (s for book in books for s in (*book.investigation, *book.preventive, *book.steps))
    return {s.req: s for s in owed if s.req != "T-TRIAL"}  # the end of a trial, which the outline only dates


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_step_is_what_the_requirements_say(steps: dict[str, StepSpec], row: tuple[str, ...]) -> None:
    number, name, owner, along, offset, clock, said_by, channel, facing, contents = row
    step = steps[f"PLAY-{number}"]
    counted = (str(step.due.offset), step.due.clock) if step.due else (f"every:{step.recur}", step.clock)
    assert (step.id, step.owner, *counted, step.due_by) == (name, owner, offset, clock, said_by)
    assert step.customer_facing == (facing == "yes")
    assert len(step.contents) == int(contents)
    assert channel in ("-", step.channel)
    assert set(along.split(",")) - {"-"} <= set(step.along)


def test_the_outline_holds_every_step(steps: dict[str, StepSpec]) -> None:
    assert sorted(steps) == sorted(f"PLAY-{row[0]}" for row in ROWS)


def test_a_step_counts_from_the_opening_unless_it_answers_another_step(steps: dict[str, StepSpec]) -> None:
    counted = {req: step.due.after for req, step in steps.items() if step.due and step.due.after != OPENED}
    assert counted == ANCHORED


def test_steps_that_depend_on_a_decision_name_it(steps: dict[str, StepSpec]) -> None:
    asked = {req: (s.condition.step, s.condition.decision) for req, s in steps.items() if s.condition}
    assert asked == CONDITIONAL


def test_the_fix_warns_a_day_before_and_is_told_once_it_is_there(steps: dict[str, StepSpec]) -> None:
    fix, told = steps["PLAY-121"], steps["PLAY-122"]
    assert fix.warn is not None and str(fix.warn.offset) == "PT48H"
    assert told.opens.after == "step:fix"


@pytest.mark.parametrize(("req", "stage"), [("PLAY-55", "closed"), ("PLAY-66", "closed")])
def test_what_recurs_goes_on_until_the_case_is_closed(steps: dict[str, StepSpec], req: str, stage: str) -> None:
    until = steps[req].until
    assert until is not None and until.stage == stage


def test_compliance_is_tracked_from_the_day_the_service_level_is_written(steps: dict[str, StepSpec]) -> None:
    assert steps["PLAY-66"].opens.after == "step:written_sla"


def test_every_step_names_its_requirement_its_source_and_its_proof(books: list[Playbook]) -> None:
    owed = [(book.name, step) for book in books for step in (*book.investigation, *book.preventive, *book.steps)]
    bare = [(name, s.id) for name, s in owed if not (s.req and s.src and s.due_by and s.evidence.what)]
    assert bare == []


def test_no_two_steps_of_the_library_share_an_id(books: list[Playbook]) -> None:
    ids = Counter(s.id for book in books for s in (*book.investigation, *book.preventive, *book.steps))
    assert [name for name, times in ids.items() if times > 1] == []  # a module is added to any of the playbooks


@pytest.mark.parametrize(("file", "numbers"), FILES, ids=lambda part: part if isinstance(part, str) else "")
def test_every_requirement_of_a_file_is_written_once_in_it(shipped: Path, file: str, numbers: list[int]) -> None:
    text = (shipped / f"{file}.yaml").read_text(encoding="utf-8")
    written = Counter(re.findall(r"\breq: (PLAY-\d+)", text))
    assert written == Counter(f"PLAY-{n}" for n in numbers)


def test_no_playbook_file_is_missing_from_the_list(shipped: Path) -> None:
    there = {f"{path.parent.name}/{path.stem}" for name in ("save", "modules") for path in (shipped / name).iterdir()}
    assert there == {file for file, _ in FILES if not file.startswith("policies/")}


def test_a_scenario_owes_the_whole_spine_and_a_module_nothing_but_its_own(plans: dict[str, Plan]) -> None:
    spine = {step.id for step in plans["common_spine"].steps}
    owed = {name: {step.id for step in plan.steps} for name, plan in plans.items()}
    assert all(spine < owed[name] for name, plan in plans.items() if plan.kind == "save" and name != "common_spine")
    assert not any(spine & owed[name] for name, plan in plans.items() if plan.kind == "module")
    assert Counter(plan.kind for plan in plans.values()) == {
        "save": 7,
        "module": 6,
        "recovery": 1,
        "cancellation": 4,
        "retention": 1,
        "win_back": 1,
        "review": 12,
    }


def test_what_was_in_place_before_is_not_owed_by_a_case(plans: dict[str, Plan]) -> None:
    owed = {step.req for step in plans["champion_departure"].steps}  # PLAY-104, PLAY-105
    assert {"PLAY-106", "PLAY-117"} <= owed and not {"PLAY-104", "PLAY-105"} & owed
