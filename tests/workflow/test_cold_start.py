"""A worker that begins with a case's whole history goes on as the one before it, and so does the one after it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from parts import Parts
from tests.company import CSM
from tests.world import World, served_world, server, working, world_on
from worker import WORKFLOWS, sandbox


async def visit(world: World, step_id: str, hours: int) -> None:
    due = (await world.clock() + timedelta(hours=hours)).isoformat()
    await world.tell("add_step", step_id=step_id, title="A visit", owner="engineering", due=due, reason="they asked")


async def quiet(world: World) -> None:
    """Wait until nothing is under way, without moving the clock: the last task of the case has issued no command then."""
    while True:
        described = (await world.described()).pending_activities
        await asyncio.sleep(0.3)
        if not described:
            return


async def failure_of_replay(world: World) -> Exception | None:
    """Why the next worker could not go on from the whole history, or None where it could."""
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=pydantic_data_converter)
    history = await world.case.fetch_history()
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


async def test_a_command_is_the_first_thing_that_a_restarted_worker_sees(parts: Parts):
    async with server() as client:
        world = world_on(client, parts)
        async with working(client, parts):
            await world.opened("common_spine")
            await visit(world, "first_visit", 48)
            await quiet(world)
        async with working(client, parts):
            await visit(world, "second_visit", 3)
            await quiet(world)
        async with working(client, parts):
            assert (await world.step("second_visit"))["person"]
            await world.tell("log_contact", by=CSM, channel="phone", answered=True, summary="a word with the ops lead")
        assert await failure_of_replay(world) is None


async def test_commands_right_behind_results_replay_without_a_cache(parts: Parts):
    async with served_world(parts, max_cached_workflows=0) as world:
        await world.opened("common_spine")
        for number in range(3):
            await visit(world, f"visit_{number}", 48 - number * 10)
            await quiet(world)
        assert await failure_of_replay(world) is None
