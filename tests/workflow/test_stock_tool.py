"""A case is opened, triggered, worked with and found with nothing but the stock ``temporal`` tool and JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

from adapters.temporal.dev_server import find_program
from adapters.temporal.skipping import fast_forward
from parts import Parts
from tests.company import ACCOUNT, CSM, SPOKE
from tests.world import World, served_world
from workflows.contract import cancellation_id, save_id

CASE = save_id(ACCOUNT)
LEAVING = cancellation_id(ACCOUNT)


class Tool:
    """The stock tool, against one server."""

    def __init__(self, world: World) -> None:
        self._address = world.client.service_client.config.target_host

    async def __call__(self, *arguments: str, payload: Any = None) -> tuple[int, str]:
        """Run it; gives its exit code and what it printed."""
        given = () if payload is None else ("--input", json.dumps(payload))
        command = [*arguments, *given, "--address", self._address, "-o", "json"]
        process = await asyncio.create_subprocess_exec(
            str(find_program()), *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await asyncio.wait_for(process.communicate(), 30)
        return process.returncode or 0, out.decode()


async def test_the_stock_tool_works_a_case(parts: Parts):
    async with served_world(parts) as world:
        temporal = Tool(world)
        start = {"account_id": ACCOUNT, "opened_by": CSM, "reason": "missing_feature"}
        where = ("--type", "SaveAttempt", "--task-queue", "cases", "--workflow-id", CASE)
        assert (await temporal("workflow", "start", *where, payload=start))[0] == 0
        trigger = {"playbook": "product_technical", "by": CSM, "reason": "asked to leave"}
        assert (await temporal("workflow", "signal", "-w", CASE, "--name", "trigger_playbook", payload=trigger))[0] == 0
        await fast_forward(world.client, CASE, timedelta(minutes=5))
        update = ("workflow", "update", "execute", "-w", CASE, "--name", "complete_step")
        weak = {"step_id": "ack_call", "by": CSM, "evidence": "done"}
        code, said = await temporal(*update, payload=weak)
        assert code != 0
        assert "EvidenceMissing" in said
        assert "call 4711" in said
        assert (await temporal(*update, payload=weak | {"evidence": SPOKE}))[0] == 0
        code, said = await temporal("workflow", "query", "-w", CASE, "--name", "status")
        (status,) = json.loads(said)["queryResult"]
        assert (code, status["stage"], status["plan"]) == (0, "contacted", "product_technical@1")
        assert not await listed(temporal, "Overdue = true")
        await fast_forward(world.client, CASE, timedelta(days=3))
        assert await listed(temporal, "Overdue = true") == [CASE]
        assert await listed(temporal, f"AccountId = '{ACCOUNT}' and Playbook = 'product_technical@1'") == [CASE]


async def test_the_stock_tool_brings_in_a_request_to_cancel(parts: Parts):  # CANC-10
    async with served_world(parts) as world:
        temporal = Tool(world)
        first = {"account_id": ACCOUNT, "channel": "email", "request_id": "mail-4711"}
        assert (await requested(temporal, first))[0] == 0
        assert (await requested(temporal, first | {"request_id": "mail-4712"}))[0] == 0
        code, said = await temporal("workflow", "query", "-w", LEAVING, "--name", "status")
        (status,) = json.loads(said)["queryResult"]
        assert (code, len(status["leaving"]["requests"])) == (0, 2)


async def requested(temporal: Tool, request: dict[str, str]) -> tuple[int, str]:
    """One request, as the contract's example gives it: the case is opened or reached."""
    where = ("--type", "Cancellation", "--task-queue", "cases", "--workflow-id", LEAVING)
    update = ("--update-name", "request_cancellation", "--update-id", request["request_id"])
    again = ("--id-conflict-policy", "UseExisting", "--update-input", json.dumps(request))
    return await temporal("workflow", "execute-update-with-start", *where, *again, *update, payload=request)


async def listed(temporal: Tool, query: str) -> list[str]:
    """The workflow ids that a list query finds, given a moment to catch up."""
    for _ in range(40):
        _, said = await temporal("workflow", "list", "-q", query)
        found = [entry["execution"]["workflowId"] for entry in json.loads(said or "[]")]
        if found:
            return found
        await asyncio.sleep(0.05)
    return []
