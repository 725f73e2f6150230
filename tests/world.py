"""A case on a real Temporal server, with the real activities on the real embedded parts, told what to do by JSON."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import text
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from adapters.temporal.dev_server import find_program
from adapters.temporal.search_attributes import register
from adapters.temporal.skipping import fast_forward, virtual_now
from models.case import CaseKind
from models.directory import AwayTime
from models.letter import OutboxEntry
from parts import Parts
from tests.company import ACCOUNT, ANSWERS, CSM, next_monday
from worker import build_workers
from workflows.contract import ALL_KEYS, SEARCH_ATTRIBUTES, save_id, workflow_id

T = TypeVar("T")
PATIENCE = 60.0
_SLICE = timedelta(hours=6)
_SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="10ms"',
)


async def soon(waiting: Awaitable[T]) -> T:
    """What is waited for; a test that would hang fails instead."""
    return await asyncio.wait_for(waiting, PATIENCE)


@dataclass(frozen=True)
class Refusal:
    """How a command was refused."""

    type: str
    sentence: str


class World:
    """One instance of the product, and its open case."""

    def __init__(
        self,
        client: Client,
        parts: Parts,
        sleep: Callable[[timedelta], Awaitable[Any]],
        clock: Callable[[], Awaitable[datetime]],
    ) -> None:
        self.client = client
        self.parts = parts
        self._sleep = sleep
        self.clock = clock
        self.case: WorkflowHandle[Any, Any] = client.get_workflow_handle(save_id(ACCOUNT))

    async def open(self, account: str = ACCOUNT, **start: Any) -> None:
        """Start a save attempt by plain JSON, as the stock tool does, and do not wait for anything."""
        asked = {"account_id": account, "opened_by": CSM, "reason": "missing_feature"} | start
        await self.start(asked, save_id(account))

    async def start(self, payload: Any, workflow_id: str) -> None:
        """Start a save attempt with whatever payload."""
        self.case = await soon(self.client.start_workflow("SaveAttempt", payload, id=workflow_id, task_queue="cases"))

    async def opened(self, playbook: str = "product_technical", **start: Any) -> None:
        """Open a save attempt and let its first minutes pass."""
        await self.open(playbook=playbook, **start)
        await self.passes(minutes=5)

    async def passes(self, **delta: float) -> None:
        """Time passes for the case."""
        left = timedelta(**delta)
        while left > timedelta():  # in slices, since a client waits 30 s for a call and a case without a cache is slow
            await soon(self._sleep(min(left, _SLICE)))
            left -= _SLICE

    async def leaps(self, delta: timedelta) -> None:
        """Time passes for the case in one go, however long it is."""
        await soon(self._sleep(delta))

    async def tell(self, command: str, *, update_id: str | None = None, **payload: Any) -> dict[str, Any]:
        """Give a command (by the CSM unless somebody else is named) and get its answer."""
        asked = {"by": CSM} | payload
        answer: dict[str, Any] = await soon(self.case.execute_update(command, asked, id=update_id))
        return answer

    async def investigated(self) -> None:
        """Every investigation step of the playbook is answered by its owner, as an offer needs it (PLAY-3)."""
        for step in (await self.status())["steps"]:
            if step["id"] in ANSWERS and step["state"] in ("waiting", "open"):
                await self.tell("complete_step", step_id=step["id"], by=step["person"], evidence=ANSWERS[step["id"]])

    async def refused(self, command: str, payload: Any = None, **more: Any) -> Refusal:
        """Give a command that must be refused, and get the refusal. ``payload`` stands in for the usual JSON object."""
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await soon(self.case.execute_update(command, {"by": CSM} | more if payload is None else payload))
        cause = failure.value.cause
        assert isinstance(cause, ApplicationError), cause
        return Refusal(cause.type or "", cause.message)

    async def signal(self, name: str, payload: Any) -> None:
        """Send a signal; nobody waits for what becomes of it."""
        await soon(self.case.signal(name, payload))

    async def goes_away(self, person: str, start: datetime, end: datetime) -> None:
        """Somebody plans an absence, and the case is told to read the directory."""
        await self.parts.directory.add_absence(AwayTime(person=person, start=start, end=end))
        await self.signal("team_changed", {"person": person})

    async def status(self) -> dict[str, Any]:
        """What the query ``status`` answers."""
        answer: dict[str, Any] = await soon(self.case.query("status"))
        return answer

    async def step(self, step_id: str) -> dict[str, Any]:
        """One step as ``status`` shows it."""
        return next(step for step in (await self.status())["steps"] if step["id"] == step_id)

    async def happened(self, kind: str) -> list[dict[str, Any]]:
        """The lines of that kind on the timeline."""
        return [event for event in (await self.status())["timeline"] if event["kind"] == kind]

    async def ends(self) -> dict[str, Any]:
        """The final status, once the workflow has completed."""
        answer: dict[str, Any] = await soon(self.case.result())
        return answer

    async def effects(self, verb: str = "") -> list[str]:
        """The keys of the effects of cases, without the id of their case; of one verb where one is named."""
        async with self.parts.database.reading() as session:
            keys = [str(key) for (key,) in await session.execute(text("select key from receipts order by key"))]
        of_cases = (key for key in keys if not key.endswith("/open_subscription"))  # that one is the import's
        return [key.partition("/")[2] for key in of_cases if verb in key]

    async def mails(self, verb: str = "") -> list[OutboxEntry]:
        """The letters of the outbox, the oldest first; of one verb where one is named."""
        letters = await self.parts.outbox.entries()
        return [letter for letter in reversed(letters) if verb in letter.key]

    async def described(self) -> DescribeWorkflowExecutionResponse:
        """What the server says of the case, as it is: the SDK cannot read an unset moment of the test server."""
        execution = WorkflowExecution(workflow_id=self.case.id)
        asked = DescribeWorkflowExecutionRequest(namespace=self.client.namespace, execution=execution)
        return await soon(self.client.workflow_service.describe_workflow_execution(asked))

    async def history(self) -> list[HistoryEvent]:
        """The events of the present run."""
        return list((await soon(self.case.fetch_history())).events)


@asynccontextmanager
async def skipping_world(parts: Parts, **worker_options: Any) -> AsyncIterator[World]:
    """A world on the time-skipping test server, on a Monday morning."""
    server = str(find_program().with_name("temporal-test-server"))
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter, test_server_existing_path=server
    ) as env:
        await register(env.client, SEARCH_ATTRIBUTES)
        now = await env.get_current_time()
        await soon(env.sleep(next_monday(now) - now))
        async with working(env.client, parts, **worker_options):
            yield World(env.client, parts, env.sleep, env.get_current_time)


@asynccontextmanager
async def working(client: Client, parts: Parts, **options: Any) -> AsyncIterator[None]:
    """Workers as ``worker.py`` builds them; a bug in a workflow fails the case instead of hanging it."""
    async with AsyncExitStack() as stack:
        for worker in build_workers(
            client, parts.activities(), workflow_failure_exception_types=[Exception], **options
        ):
            await stack.enter_async_context(worker)
        yield


@asynccontextmanager
async def server(*, suggest_after: int | None = None) -> AsyncIterator[Client]:
    """The real development server; ``suggest_after`` events it suggests to continue as new."""
    limit = f"limit.historyCount.suggestContinueAsNew={suggest_after}"
    extra = [*_SKIPPING, *(("--dynamic-config-value", limit) if suggest_after else ())]
    async with await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(find_program()),
        dev_server_extra_args=extra,
        dev_server_log_level="error",
        search_attributes=ALL_KEYS,
    ) as env:
        yield env.client


def world_on(client: Client, parts: Parts, kind: CaseKind = CaseKind.SAVE) -> World:
    """A world on that server, whose clock is that of the account's case of that kind."""
    return world_of(client, parts, workflow_id(kind, ACCOUNT))


def world_of(client: Client, parts: Parts, case: str) -> World:
    """A world on that server, whose clock is that of the case of this workflow id."""
    world = World(client, parts, lambda delta: fast_forward(client, case, delta), lambda: virtual_now(client, case))
    world.case = client.get_workflow_handle(case)
    return world


@asynccontextmanager
async def served_world(
    parts: Parts, *, suggest_after: int | None = None, **worker_options: Any
) -> AsyncIterator[World]:
    """A world on the real development server, with its workers."""
    async with server(suggest_after=suggest_after) as client, working(client, parts, **worker_options):
        yield world_on(client, parts)
