"""A case's clock is moved through its days; each timer on the way fires at its own time."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from adapters.temporal.connect import connect
from adapters.temporal.dev_server import DevServer, find_program
from adapters.temporal.skipping import fast_forward, virtual_now
from models.faults import PermanentFault, TransientFault

QUEUE = "clocks"


@workflow.defn
class Pause:
    @workflow.run
    async def run(self, days: int) -> str:
        await workflow.sleep(timedelta(days=days))
        return workflow.now().isoformat()


@workflow.defn
class Rounds:
    """Wakes every four hours and notes when."""

    def __init__(self) -> None:
        self.woke: list[str] = []

    @workflow.run
    async def run(self) -> None:
        while True:
            await workflow.sleep(timedelta(hours=4))
            self.woke.append(workflow.now().isoformat())

    @workflow.query
    def wakings(self) -> list[str]:
        return self.woke


@workflow.defn
class Parent:
    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(days=1))
        await workflow.start_child_workflow(
            Pause.run,
            30,
            id=f"{workflow.info().workflow_id}-child",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        )
        await workflow.sleep(timedelta(days=5))


@pytest.fixture
async def client(tmp_path, monkeypatch):
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))
    async with DevServer(tmp_path, in_memory=True):
        yield await connect(home=tmp_path)


def worker(client: Client) -> Worker:
    return Worker(
        client, task_queue=QUEUE, workflows=[Pause, Rounds, Parent], workflow_runner=UnsandboxedWorkflowRunner()
    )


async def test_ten_days_pass_in_a_workflow_that_the_stock_tool_started(client):
    start = ["workflow", "start", "--type", "Pause", "--task-queue", QUEUE, "--workflow-id", "pause", "--input", "10"]
    address = client.service_client.config.target_host
    tool = await asyncio.create_subprocess_exec(
        str(find_program()), *start, "--address", address, stdout=asyncio.subprocess.DEVNULL
    )
    assert await tool.wait() == 0
    async with worker(client):
        began = datetime.now(UTC)
        await fast_forward(client, "pause", timedelta(days=11))
        ended = datetime.fromisoformat(await client.get_workflow_handle("pause").result())
    assert timedelta(days=9, hours=23) < ended - began < timedelta(days=10, hours=1)


async def test_every_timer_on_the_way_fires_at_its_own_time(client):
    handle = await client.start_workflow(Rounds.run, id="rounds", task_queue=QUEUE)
    async with worker(client):
        moved = [await fast_forward(client, "rounds", timedelta(hours=9)) for _ in range(3)]
        woke = [datetime.fromisoformat(moment) for moment in await handle.query(Rounds.wakings)]
    assert len(woke) == 6
    assert all(timedelta(0) <= gap - timedelta(hours=4) < timedelta(minutes=1) for gap in gaps(woke))
    assert all(timedelta(0) <= gap - timedelta(hours=9) < timedelta(minutes=1) for gap in gaps(moved))
    assert woke[-1] < moved[-1] < woke[-1] + timedelta(hours=4)  # the next timer has still to come


def gaps(moments: list[datetime]) -> list[timedelta]:
    """How far apart moments of the server's own clock are."""
    return [later - earlier for earlier, later in pairwise(moments)]


async def test_two_moves_at_once_come_one_after_the_other(client):
    handle = await client.start_workflow(Rounds.run, id="rounds", task_queue=QUEUE)
    async with worker(client):
        first = asyncio.create_task(fast_forward(client, "rounds", timedelta(hours=31)))
        await asyncio.sleep(0.3)
        await fast_forward(client, "rounds", timedelta(hours=31))
        await first
        woke = [datetime.fromisoformat(moment) for moment in await handle.query(Rounds.wakings)]
    assert max(gaps(woke)) < timedelta(hours=4, minutes=1)


async def test_a_child_that_starts_on_the_way_keeps_its_own_pace_and_its_parent_waits(client):
    parent = await client.start_workflow(Parent.run, id="parent", task_queue=QUEUE)
    async with worker(client):
        with pytest.raises(TransientFault, match="child of it is open"):
            await fast_forward(client, "parent", timedelta(days=3), stall=timedelta(seconds=1))
        apart = await virtual_now(client, "parent-child") - await virtual_now(client, "parent")
        assert abs(apart) < timedelta(minutes=1)
        await fast_forward(client, "parent-child", timedelta(days=31))
        await fast_forward(client, "parent", timedelta(days=6))
        await parent.result()


async def test_without_a_worker_the_move_is_called_off(client):
    await client.start_workflow(Rounds.run, id="rounds", task_queue=QUEUE)
    with pytest.raises(TransientFault, match="no worker serves its task queue"):
        await fast_forward(client, "rounds", timedelta(days=1), stall=timedelta(seconds=1))
    async with worker(client):
        await fast_forward(client, "rounds", timedelta(hours=1))
        now = await virtual_now(client, "rounds")
    assert now - datetime.now(UTC) < timedelta(hours=2)


async def test_a_workflow_that_nobody_runs_has_no_clock(client):
    with pytest.raises(PermanentFault, match="nobody is not running"):
        await fast_forward(client, "nobody", timedelta(days=1))
    with pytest.raises(PermanentFault, match="nobody is not running"):
        await virtual_now(client, "nobody")
