"""Hold and resume, and the end of a case, after which nothing is owed any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from tests.company import ACCOUNT, MANAGER, SPOKE
from tests.faulty import Faulty
from tests.world import World


async def test_a_hold_stops_the_clocks_of_the_people_but_not_of_a_promise(world: World):
    await world.opened()
    before = {step["id"]: step["due"] for step in (await world.status())["steps"]}
    until = await world.clock() + timedelta(days=3)
    await world.tell("hold", until=until.isoformat(), reason="their office is closed", by=MANAGER)
    await world.passes(days=2, hours=12)
    assert (await world.status())["overdue"] == ["engaged_notice"]
    await world.passes(days=1)
    status = await world.status()
    assert status["on_hold_until"] is None
    after = {step["id"]: step["due"] for step in status["steps"]}
    moved = datetime.fromisoformat(after["escalate"]) - datetime.fromisoformat(before["escalate"])
    assert timedelta(days=3) - timedelta(minutes=1) < moved < timedelta(days=3) + timedelta(minutes=1)
    assert after["engaged_notice"] == before["engaged_notice"]
    assert [event["kind"] for event in status["timeline"] if event["kind"] in ("held", "resumed")] == [
        "held",
        "resumed",
    ]


async def test_a_person_ends_a_hold_early(world: World):
    await world.opened()
    until = (await world.clock() + timedelta(days=30)).isoformat()
    await world.tell("hold", until=until, reason="a merger is decided next month")
    assert (await world.refused("hold", until=until, reason="again")).type == "IllegalMove"
    await world.passes(days=1)
    await world.tell("resume")
    assert (await world.status())["on_hold_until"] is None


async def test_closing_ends_everything_and_the_workflow_completes(world: World):
    await world.opened()
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.tell("record_root_cause", root_cause="missing_feature", whys=["the export is missing"])
    signed = {"outcome": "saved_full", "evidence": "renewal R-2291 signed on Monday", "notes": "they stay"}
    answer = await world.tell("close", **signed)
    assert answer["stage"] == "closed"
    final = await world.ends()
    assert (final["outcome"], final["next_wake"], final["overdue"]) == ("saved_full", None, [])
    assert {step["state"] for step in final["steps"]} <= {"done", "skipped", "failed"}
    assert not any(task.open for task in await world.parts.crm.tasks(ACCOUNT) if task.case_id == final["case_id"])
    (note,) = await world.parts.crm.notes(ACCOUNT)
    assert "saved_full" in note.text
    entry = await world.parts.book.case(final["case_id"])
    assert (entry.stage, entry.outcome) == ("closed", "saved_full")
    described = await world.described()
    assert described.workflow_execution_info.status == WorkflowExecutionStatus.COMPLETED


async def test_nothing_is_sent_after_the_end(world: World):
    await world.opened()
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    await world.ends()
    before = await world.effects()
    await world.passes(days=10)
    assert await world.effects() == before


async def test_a_command_after_the_end_is_an_error_of_the_server(world: World):
    await world.opened()
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    final = await world.ends()
    assert final["stage"] == "closed"
    with pytest.raises(RPCError):
        await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)


async def test_a_command_that_overtakes_the_end_is_refused_by_type(shaky_world: World, faulty_crm: Faulty):
    world = shaky_world
    await world.opened()
    faulty_crm.fault = TimeoutError("slow")
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    refusal = await world.refused("complete_step", step_id="ack_call", evidence=SPOKE)
    assert refusal.type == "CaseClosed"
    assert "open a new save attempt" in refusal.sentence
    faulty_crm.fault = None
    assert (await world.ends())["outcome"] == "lost"


async def test_an_account_that_returns_gets_a_case_of_its_own(world: World):
    await world.opened()
    first = (await world.status())["case_id"]
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    await world.ends()
    await world.opened()
    second = (await world.status())["case_id"]
    assert first != second
    await world.tell("close", outcome="lost", notes="they went elsewhere again", customer_quotes=["it came too late"])
    await world.ends()
    assert len(await world.effects("add_note")) == 2
