"""A plan is pinned to its case: a root cause or a person changes it, the editing of a file never does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from settings import Settings
from tests.company import CSM, MANAGER, SPOKE
from tests.world import World


async def edited(path: Path, old: str, new: str) -> None:
    """Edit a playbook file, as somebody of RevOps does while cases run."""
    text = await asyncio.to_thread(path.read_text, encoding="utf-8")
    assert old in text
    await asyncio.to_thread(path.write_text, text.replace(old, new), encoding="utf-8")


async def test_a_root_cause_picks_the_playbook_and_a_new_one_changes_it_and_done_steps_are_kept(world: World):
    await world.opened("common_spine")
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    await world.tell("record_root_cause", root_cause="missing_feature", whys=["the export is missing"])
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "product_technical@1"
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    answer = await world.tell("record_root_cause", root_cause="budget_cut", whys=["the budget was cut by half"])
    assert answer["stage"] == "diagnosed"
    await world.passes(minutes=5)
    status = await world.status()
    assert (status["plan"], status["root_cause"]) == ("budget_economic@1", "budget_cut")
    states = {step["id"]: step["state"] for step in status["steps"]}
    assert (states["contact_call"], states["ack_call"]) == ("done", "done")
    assert states["escalate"] == "skipped"
    left = [event for event in status["timeline"] if event["kind"] == "step_skipped" and event["step"] == "escalate"]
    assert left, "a step that leaves with its playbook says so"


async def test_a_fix_that_takes_longer_than_72_hours_moves_the_case_to_the_playbook_of_product_problems(world: World):
    # DIS-14
    await world.opened("service_relationship")
    await world.tell("adopt_plan", by=MANAGER, playbook="urgent_issue_resolution", reason="three bugs")
    issues = {"text": "tickets 4711, 4733 and 4802, all about the export", "items": {"estimate_hours": "a week"}}
    refusal = await world.refused("complete_step", step_id="top3", evidence=issues)
    assert refusal.type == "AbsurdFigure"
    issues["items"] = {"estimate_hours": "96"}
    answer = await world.tell("complete_step", step_id="top3", evidence=issues)
    assert "the case goes on with product_technical" in answer["said"]
    await world.passes(minutes=5)
    status = await world.status()
    assert status["plan"] == "product_technical@1"
    states = {step["id"]: step["state"] for step in status["steps"]}
    assert (states["top3"], states["owners"], states["fix"]) == ("done", "skipped", "skipped")
    assert states["ack_call"] == "open"


async def test_after_a_firm_no_only_promises_are_owed_to_the_customer(world: World):  # CONV-20
    await world.opened()
    await world.tell("tag_statement", code="firm_no", quote="please stop, we are leaving")
    await world.passes(days=9)
    states = {step["id"]: step["state"] for step in (await world.status())["steps"]}
    assert (states["ack_call"], states["day1_response"], states["weekly_update/1"]) == ("skipped", "skipped", "open")
    assert states["issue_doc"] == "open"


async def test_an_edit_never_touches_a_running_case_until_it_is_adopted(world: World, settings: Settings):
    await world.opened("common_spine")
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    before = (await world.step("draft_plan"))["due"]
    spine = settings.playbooks / "save" / "common_spine.yaml"
    await edited(spine, "version: 1", "version: 2")
    await edited(spine, 'title: "Draft the save plan"', 'title: "Draft it sooner"')
    await world.passes(hours=3)
    assert (await world.status())["plan"] == "common_spine@1"
    assert (await world.step("draft_plan"))["title"] == "Draft the save plan"
    answer = await world.tell("adopt_plan", by=MANAGER, reason="the newer spine")
    assert "common_spine@1 -> common_spine@2" in answer["said"]
    step = await world.step("draft_plan")
    assert (step["title"], step["due"]) == ("Draft it sooner", before)
    assert (await world.step("contact_call"))["state"] == "done"


async def test_a_malformed_edit_is_refused_with_file_and_line_and_the_case_is_unharmed(
    world: World, settings: Settings
):
    await world.opened("common_spine")
    before = await world.status()
    await edited(settings.playbooks / "save" / "common_spine.yaml", "owner: cs_manager", "owner: wizard")
    refusal = await world.refused("adopt_plan", by=MANAGER)
    assert refusal.type == "BadPlaybook"
    assert "common_spine.yaml:" in refusal.sentence
    assert "wizard" in refusal.sentence
    after = await world.status()
    assert (after["plan"], after["steps"]) == (before["plan"], before["steps"])
    assert (await world.tell("complete_step", step_id="contact_call", evidence=SPOKE))["stage"] == "contacted"


async def test_two_plans_asked_for_at_once_are_adopted_one_after_the_other(world: World):
    await world.opened("common_spine")
    answers = await asyncio.gather(
        world.tell("adopt_plan", by=MANAGER, playbook="budget_economic"),
        world.tell("adopt_plan", by=MANAGER, playbook="product_technical"),
    )
    assert all(answer["ok"] for answer in answers)
    adopted = [event["text"].split(":")[0] for event in await world.happened("plan_adopted")]
    assert adopted in (
        ["common_spine@1", "common_spine@1 -> budget_economic@1", "budget_economic@1 -> product_technical@1"],
        ["common_spine@1", "common_spine@1 -> product_technical@1", "product_technical@1 -> budget_economic@1"],
    )


async def test_a_command_right_behind_a_trigger_finds_the_steps_of_the_new_playbook(world: World):
    await world.opened("common_spine")
    await world.signal("trigger_playbook", {"playbook": "product_technical", "by": CSM, "reason": "asked to leave"})
    assert (await world.tell("complete_step", step_id="ack_call", evidence=SPOKE))["ok"]


async def test_a_step_by_hand_survives_a_change_of_playbook(world: World):
    await world.opened("common_spine")
    due = (await world.status())["steps"][3]["due"]
    await world.tell("add_step", step_id="visit", title="Visit the ops team", owner="csm", due=due, reason="they asked")
    await world.tell("adopt_plan", by=MANAGER, playbook="product_technical")
    visit = await world.step("visit")
    assert (visit["state"], visit["person"], visit["title"]) == ("open", CSM, "Visit the ops team")
