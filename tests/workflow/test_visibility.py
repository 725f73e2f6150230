"""What ops sees of a case in Temporal: search attributes, the plan as a table, and a summary on whatever happens."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from temporalio.api.sdk.v1 import WorkflowMetadata

from tests.company import ACCOUNT, CSM, SPOKE
from tests.world import World, soon
from workflows.contract import SIGNALS, UPDATES


async def shown(world: World) -> dict[str, Any]:
    """The search attributes of the case by name."""
    fields = (await world.described()).workflow_execution_info.search_attributes.indexed_fields
    values = {name: json.loads(payload.data) for name, payload in fields.items() if payload.data}
    return {name: value for name, value in values.items() if value is not None}


async def metadata(world: World) -> WorkflowMetadata:
    """What the workflow says of itself."""
    return await soon(world.case.query("__temporal_workflow_metadata", result_type=WorkflowMetadata))


async def test_search_attributes_tell_the_case(world: World):
    await world.opened()
    values = await shown(world)
    due = datetime.fromisoformat((await world.status())["next_due"])
    assert values["AccountId"] == ACCOUNT
    assert (values["CaseStage"], values["Playbook"], values["Owner"]) == ("opened", "product_technical@1", CSM)
    assert (values["Overdue"], values["Arr"]) == (False, 35600.0)
    assert abs((datetime.fromisoformat(values["NextDue"]) - due).total_seconds()) < 1
    assert values["Severity"]
    assert "Outcome" not in values


async def test_search_attributes_follow_the_case_to_its_end(world: World):
    await world.opened()
    await world.passes(days=2, hours=12)
    assert (await shown(world))["Overdue"] is True
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.tell("record_root_cause", root_cause="missing_feature", whys=["no export"])
    values = await shown(world)
    assert (values["CaseStage"], values["RootCause"]) == ("diagnosed", "missing_feature")
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    await world.ends()
    values = await shown(world)
    assert (values["CaseStage"], values["Outcome"], values["Overdue"]) == ("closed", "lost", False)
    assert "NextDue" not in values


async def test_the_details_are_the_plan_with_what_is_late_on_top(world: World):
    await world.opened()
    before = (await metadata(world)).current_details
    assert "nothing overdue" in before
    assert "| ack_call | csm (usr-04) |" in before
    await world.passes(days=2, hours=12)
    details = (await metadata(world)).current_details
    rows = [line for line in details.splitlines() if line.startswith("| ")][1:]
    assert "overdue**" in details.splitlines()[0]
    assert "🔴" in rows[0]
    late = [number for number, row in enumerate(rows) if "🔴" in row]
    assert late == list(range(len(late)))


async def test_the_handlers_of_the_contract_are_listed_with_what_they_do(world: World):
    await world.opened()
    definition = (await metadata(world)).definition
    assert {handler.name for handler in definition.update_definitions} == set(UPDATES)
    assert {handler.name for handler in definition.signal_definitions} == set(SIGNALS)
    assert all(handler.description for handler in definition.update_definitions)


async def test_every_activity_and_timer_has_a_summary_and_no_name_of_a_person(world: World):
    await world.opened()
    await world.passes(days=3)
    summaries = []
    for event in await world.history():
        kinds = ("activity_task_scheduled_event_attributes", "timer_started_event_attributes")
        if any(event.HasField(kind) for kind in kinds):  # type: ignore[arg-type]
            summaries.append(event.user_metadata.summary.data.decode())
    assert all(len(summary) > len('""') for summary in summaries)
    assert any("remind csm: " in summary for summary in summaries)
    assert any("escalate to cs_manager" in summary for summary in summaries)
    assert not any(name in summary for summary in summaries for name in ("Zoë", "O'Rourke", "Marlowe", "@"))
