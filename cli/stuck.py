"""Which open cases do not go on, and why: by the book, and by what Temporal says of their workflows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, RPCError, WorkflowExecutionStatus
from temporalio.service import RPCStatusCode

from cli import cases, staffing
from cli.cases import QUICK
from cli.desk import Desk
from cli.words import span, when
from models.base import Record
from models.book import CaseEntry, CaseFilter
from workflows.contract import WorkflowType

PATIENCE = timedelta(minutes=15)
FAILED_TASKS, FAILED_TRIES = 3, 5

_START = "start a worker that serves its queues: python worker.py"


class Stuck(Record):
    """A case that does not go on: why, and what to do."""

    workflow_id: str
    account_id: str
    case_id: str = ""
    why: str
    what_to_do: str


async def find_stuck(desk: Desk) -> list[Stuck]:
    """Every reason for which an open case does not go on."""
    client = await desk.client()
    parts = await desk.parts()
    entries = await parts.book.cases(CaseFilter(open_only=True, limit=100_000))
    found: list[Stuck] = []
    with desk.counting("looking at open cases", len(entries)) as progress:
        for entry in entries:
            why_not = [*await _reasons(client, entry), *await staffing.nobodys(parts, entry)]
            found += [_of(entry, *why) for why in why_not]
            progress.advance(progress.task_ids[0])
    return found + await _unwritten(client, {entry.workflow_id for entry in entries})


async def _reasons(client: Client, entry: CaseEntry) -> list[tuple[str, str]]:
    try:
        described = await client.get_workflow_handle(entry.workflow_id).describe(rpc_timeout=QUICK)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return [
            ("Temporal does not know it", "check TEMPORAL_ADDRESS and the namespace; restore a backup if it is lost")
        ]
    if described.status is not WorkflowExecutionStatus.RUNNING:
        ended = described.status.name.lower() if described.status else "gone"
        return [(f"its workflow is {ended}, and the book has it open", "read its last events in Temporal's web page")]
    now = datetime.now(UTC)
    return [*_task(described.raw_description, now), *_effects(described.raw_description), *_slept(entry, now)]


def _task(raw: DescribeWorkflowExecutionResponse, now: datetime) -> Iterator[tuple[str, str]]:
    if not raw.HasField("pending_workflow_task"):
        return
    task = raw.pending_workflow_task
    waits = now - task.original_scheduled_time.ToDatetime(UTC)
    if task.attempt >= FAILED_TASKS:
        todo = "read the failure in Temporal's web page, put the code right and restart the worker"
        yield f"its workflow task failed {task.attempt - 1} times", todo
    elif waits > PATIENCE:
        yield f"no worker took its workflow task for {span(waits)}", _START


def _effects(raw: DescribeWorkflowExecutionResponse) -> Iterator[tuple[str, str]]:
    for activity in raw.pending_activities:
        if activity.attempt >= FAILED_TRIES:
            reason = activity.last_failure.message or "no answer in time"
            name = activity.activity_type.name
            yield f"{name} failed {activity.attempt - 1} times: {reason}", "put that service right, then: case retry"


def _slept(entry: CaseEntry, now: datetime) -> Iterator[tuple[str, str]]:
    if entry.next_wake and now - entry.next_wake > PATIENCE:
        yield f"it should have woken at {when(entry.next_wake)} UTC", _START


async def _unwritten(client: Client, known: set[str]) -> list[Stuck]:
    """Open workflows of which the book has not heard for a while; nothing where the server keeps no list.

    A deferral only waits for its day and is in no book: it is stuck where its workflow task is.
    """
    types = ", ".join(f"'{name}'" for name in WorkflowType)
    query = f"WorkflowType IN ({types}) AND ExecutionStatus = 'Running'"
    now = datetime.now(UTC)
    found: list[Stuck] = []
    try:
        async for running in client.list_workflows(query):
            if running.id in known or now - running.start_time <= PATIENCE:
                continue
            booked = running.workflow_type != WorkflowType.DEFERRAL
            reasons = [("the book does not know it", _START)] if booked else await _of_task(client, running.id, now)
            account = running.id.partition(":")[2]
            found += [
                Stuck(workflow_id=running.id, account_id=account, why=why, what_to_do=todo) for why, todo in reasons
            ]
    except RPCError as error:
        if error.status is not RPCStatusCode.UNIMPLEMENTED:
            raise
    return found


async def _of_task(client: Client, workflow_id: str, now: datetime) -> list[tuple[str, str]]:
    described = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=QUICK)
    return [*_task(described.raw_description, now)]


def _of(entry: CaseEntry, why: str, what_to_do: str) -> Stuck:
    return Stuck(
        workflow_id=entry.workflow_id,
        account_id=cases.key_of(entry),
        case_id=entry.case_id,
        why=why,
        what_to_do=what_to_do,
    )
