"""A new version of the workers: open cases stay with the old one until they go on in a fresh history, then move over."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.service import RPCError

from parts import Parts
from tests.company import ACCOUNT, SPOKE
from tests.world import World, server, working, world_on
from worker import DEPLOYMENT
from workflows.contract import save_id


async def becomes_current(world: World, version: str) -> None:
    """What ``temporal worker deployment set-current-version`` does, once the workers have come up."""
    client = world.client
    asked = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=version, ignore_missing_task_queues=True
    )
    for _ in range(100):
        try:
            await client.workflow_service.set_worker_deployment_current_version(asked)
            return
        except RPCError:
            await asyncio.sleep(0.1)
    pytest.fail(f"version {version} never came up")


async def version_of(world: World) -> tuple[str, str]:
    """The run of the case and the version of the workers that it stays with."""
    case = WorkflowExecution(workflow_id=save_id(ACCOUNT))
    asked = DescribeWorkflowExecutionRequest(namespace=world.client.namespace, execution=case)
    info = (await world.client.workflow_service.describe_workflow_execution(asked)).workflow_execution_info
    pinned: WorkerDeploymentVersion = info.versioning_info.deployment_version
    return info.execution.run_id, pinned.build_id


async def comes_to(world: World, version: str) -> str:
    """The run in which the case is with that version; the queues learn of a new one within seconds, a case when it wakes."""
    for n in range(100):
        run, there = await version_of(world)
        if there == version:
            return run
        await world.tell("log_contact", channel="email", answered=True, summary=f"mail {n} to the ops lead")
        await asyncio.sleep(0.2)
    pytest.fail(f"the case stays with {there}")


async def test_a_case_moves_to_the_newer_workers_when_it_next_wakes_and_is_the_same_case(parts: Parts):
    async with server() as client:
        world = world_on(client, parts)
        async with working(client, parts, version="1"):
            await becomes_current(world, "1")
            await world.opened()
            first, case_id = await comes_to(world, "1"), (await world.status())["case_id"]
            async with working(client, parts, version="2"):
                await becomes_current(world, "2")
                await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
                assert await comes_to(world, "2") != first
        async with working(client, parts, version="2"):
            world.case = client.get_workflow_handle(save_id(ACCOUNT))
            await world.tell("log_contact", channel="phone", answered=True, summary="a talk with the ops lead")
            status = await world.status()
    assert (status["case_id"], status["stage"]) == (case_id, "contacted")
    assert {step["id"]: step["state"] for step in status["steps"]}["ack_call"] == "done"
