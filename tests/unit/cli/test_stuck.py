"""``case stuck``: what only waits for its day is no trouble, although no book knows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from cli import stuck

LONG_AGO = datetime.now(UTC) - timedelta(days=3)


@dataclass
class Server:
    """A server that runs these workflows, by type; the tasks of the ``failing`` ones fail."""

    running: dict[str, str]
    failing: set[str] = field(default_factory=set)

    async def list_workflows(self, query: str) -> AsyncIterator[Any]:
        """Everything that runs."""
        assert "Running" in query
        for id_, type_ in self.running.items():
            yield SimpleNamespace(id=id_, workflow_type=type_, start_time=LONG_AGO)

    def get_workflow_handle(self, workflow_id: str) -> Any:
        """How the server describes it."""
        raw = DescribeWorkflowExecutionResponse()
        if workflow_id in self.failing:
            raw.pending_workflow_task.attempt = 9

        async def describe(**_: Any) -> Any:
            return SimpleNamespace(raw_description=raw)

        return SimpleNamespace(describe=describe)


async def found(server: Any) -> list[tuple[str, str]]:
    return [(one.workflow_id, one.why) for one in await stuck._unwritten(server, {"save:acc-1"})]


async def test_a_deferral_that_waits_for_its_day_is_not_stuck():  # CONV-23
    assert await found(Server({"deferral:acc-2": "Deferral", "save:acc-1": "SaveAttempt"})) == []


async def test_a_case_that_the_book_never_heard_of_is():
    assert await found(Server({"save:acc-3": "SaveAttempt"})) == [("save:acc-3", "the book does not know it")]


async def test_a_deferral_whose_task_fails_is():
    server = Server({"deferral:acc-2": "Deferral"}, failing={"deferral:acc-2"})
    assert await found(server) == [("deferral:acc-2", "its workflow task failed 8 times")]
