"""Search attributes are there before a workflow uses them, on every server that we use."""

import sys
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from adapters.temporal.connect import connect
from adapters.temporal.dev_server import DevServer
from adapters.temporal.search_attributes import register

KEYWORD, BOOL = SearchAttributeIndexedValueType.KEYWORD, SearchAttributeIndexedValueType.BOOL
STAGE = SearchAttributeKey.for_keyword("CaseStage")
OVERDUE = SearchAttributeKey.for_bool("Overdue")


@workflow.defn
class Staged:
    @workflow.run
    async def run(self) -> str:
        workflow.upsert_search_attributes([STAGE.value_set("opened"), OVERDUE.value_set(True)])
        return "staged"


async def stage(client: Client, workflow_id: str) -> str:
    async with Worker(client, task_queue="q", workflows=[Staged], workflow_runner=UnsandboxedWorkflowRunner()):
        return await client.execute_workflow(Staged.run, id=workflow_id, task_queue="q")


@pytest.fixture(autouse=True)
def no_temporal_settings(monkeypatch, tmp_path):
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


async def test_a_home_from_before_an_attribute_gets_it_at_the_next_start(tmp_path):
    async with DevServer(tmp_path, {"CaseStage": KEYWORD}):
        await connect(home=tmp_path)
    async with DevServer(tmp_path, {"CaseStage": KEYWORD, "Overdue": BOOL}):
        assert await stage(await connect(home=tmp_path), "old-home") == "staged"


async def test_the_time_skipping_test_server_takes_them_too():
    program = str(Path(sys.executable).with_name("temporal-test-server"))
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program, data_converter=pydantic_data_converter
    ) as environment:
        for _ in range(2):
            await register(environment.client, {"CaseStage": KEYWORD, "Overdue": BOOL})
        assert await stage(environment.client, "skipped") == "staged"
