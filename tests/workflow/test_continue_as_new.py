"""A long case goes on in a fresh history, and nobody notices: on the real server, which suggests it early here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.api.history.v1 import HistoryEvent

from parts import Parts
from tests.company import ACCOUNT, CSM, MANAGER, NOTICE, SPOKE
from tests.world import World, served_world, server, soon, working, world_on
from workflows.contract import save_id


@pytest.fixture
async def short_lived(parts: Parts) -> AsyncIterator[World]:
    async with served_world(parts, suggest_after=100) as world:
        yield world


async def first_event(world: World) -> HistoryEvent:
    """The event that began the present run."""
    return (await world.history())[0]


async def runs(world: World) -> str:
    """The id of the present run."""
    world.case = world.client.get_workflow_handle(save_id(ACCOUNT))
    return (await soon(world.case.describe())).run_id


async def test_a_case_that_goes_on_in_a_fresh_history_is_the_same_case(short_lived: World):
    world = short_lived
    await world.opened()
    world.case = world.client.get_workflow_handle(save_id(ACCOUNT))
    first, case_id = await runs(world), (await world.status())["case_id"]
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    for day in range(4):
        await world.tell("log_contact", channel="phone", answered=True, summary=f"talk number {day} with the ops lead")
        await world.passes(days=1)
    later = await runs(world)
    assert later != first
    began = (await first_event(world)).workflow_execution_started_event_attributes
    assert began.continued_execution_run_id
    status = await world.status()
    assert (status["case_id"], status["stage"], status["plan"]) == (case_id, "contacted", "product_technical@1")
    assert len([event for event in status["timeline"] if event["kind"] == "contact"]) == 4
    keys = [key for key in await world.effects() if "write_book" not in key]
    assert len(keys) == len(set(keys))
    drafts = await world.effects("draft_message")
    assert drafts.count("ack_call-1/draft_message") == 1
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    assert (await world.ends())["outcome"] == "lost"


async def test_a_mail_that_was_held_back_goes_along_and_leaves_once(short_lived: World):
    world = short_lived
    await world.opened()
    await world.parts.outbox.pause("usr-10", "freeze")
    await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    first = await runs(world)
    for talk in range(4):
        await world.tell("log_contact", channel="phone", answered=True, summary=f"talk number {talk} with the ops lead")
        await world.passes(hours=2)
    assert await runs(world) != first
    await world.parts.outbox.resume("usr-10")
    await world.signal("retry_now", {"by": CSM})
    await world.passes(hours=1)
    assert await world.effects("release_message") == ["engaged_notice-1/release_message"]
    assert (await world.step("engaged_notice"))["state"] == "done"


async def test_a_command_given_across_the_change_is_answered_once(short_lived: World):
    world = short_lived
    await world.opened()
    await runs(world)
    for n in range(30):
        answer = await world.tell(
            "log_contact", update_id=f"talk-{n}", channel="phone", answered=True, summary=f"talk {n}"
        )
        assert answer["ok"]
    assert (await first_event(world)).workflow_execution_started_event_attributes.continued_execution_run_id
    again = await world.tell("log_contact", update_id="talk-0", channel="phone", answered=True, summary="talk 0")
    assert again["said"].startswith("phone, answered: talk 0")
    contacts = [event["text"] for event in await world.happened("contact")]
    assert contacts == [f"phone, answered: talk {n}" for n in range(30)]


async def test_a_command_repeated_before_the_new_run_has_begun_counts_once(parts: Parts):
    """The first task of a run brings its Updates before the case: what was answered must be known by then."""
    async with server(suggest_after=60) as client:
        world = world_on(client, parts)
        async with working(client, parts):
            await world.opened()
            first = await runs(world)
            spoken = {"channel": "phone", "answered": True, "summary": "talk 0"}
            said = (await world.tell("log_contact", update_id="talk-0", **spoken))["said"]
        async with working(client, parts):
            for n in range(1, 30):
                await world.tell("log_contact", channel="phone", answered=True, summary=f"talk {n}")
                if await runs(world) != first:
                    break
        repeated = asyncio.create_task(world.tell("log_contact", update_id="talk-0", **spoken))
        await asyncio.sleep(1)  # so that the worker meets it together with the start of the run, without a cache
        async with working(client, parts, max_cached_workflows=0):
            assert (await soon(repeated))["said"] == said
            contacts = [event["text"] for event in await world.happened("contact")]
        assert len(contacts) == len(set(contacts)), contacts


async def test_somebody_who_waits_behind_work_that_rests_is_answered(parts: Parts):
    """The head of a lane may belong to nobody who waits: it goes too, or the one behind it would never be answered."""
    async with server(suggest_after=150) as client:
        world = world_on(client, parts)
        async with working(client, parts):
            await world.opened()
        for n in range(160):
            await world.signal("risk_signal", {"kind": "usage_falling", "detail": f"week {n}"})
        await world.signal("trigger_playbook", {"playbook": "budget_economic", "by": CSM, "reason": "they ask"})
        waiting = asyncio.create_task(
            world.tell("adopt_plan", by=MANAGER, playbook="common_spine", reason="start afresh")
        )
        await asyncio.sleep(1)  # so that all of it meets the worker in one task
        async with working(client, parts):
            assert (await soon(waiting))["ok"]
            assert (await world.status())["plan"].startswith("common_spine@")
