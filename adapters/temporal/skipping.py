"""Moving one workflow's own clock, on a local development server with time skipping.

Found on temporalio 1.35 and server 1.32:

- Nothing is needed when the workflow starts: one that the stock command line or a plain client started can be moved.
  The server needs ``frontend.WorkflowTimeSkippingEnabled``, and a short ``history.timerProcessorMaxTimeShift``, else
  each timer on the way takes a second.
- The clock goes from timer to timer and waits for what is in flight, so a worker must be running; it goes on through
  continue-as-new and survives a restart of a file-backed server. A timer on the way takes 5 to 200 ms.
- A second fast-forward that arrives while a due timer has not fired yet leaps over all that lies between. Hence the
  waiting for a settled workflow, before and after.
- A target within milliseconds of a timer goes, now and then, on to the timer after it (2 of 12 times). Aim a minute
  past a due moment, never at it.
- At most 100 or 200 timers are passed by default, then the clock stands still without a word; hence the high cap.
- By default a child that is started on the way runs to its own end unbounded; hence no propagation. An open child is
  work in flight, also an abandoned one: its parent's clock stands still until the child has ended.
- ``workflow.now()`` in a query is the time of the last workflow task; ``virtual_now`` is the clock itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import TimeSkippingConfig as RawConfig
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from models.faults import PermanentFault, TransientFault

if TYPE_CHECKING:
    from temporalio.testing import TimeSkipper

MOST_SKIPS = 100_000
NOT_RUNNING = "NotRunning"
LOOK_EVERY_SECONDS = 0.05
_WHY_STILL = "an activity or a child of it is open, somebody else moves it, or no worker serves its task queue."

# The moves of one process take turns: the server lets a later one override the one that is under way.
_MOVING: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

AnyHandle = WorkflowHandle[Any, Any]


async def fast_forward(
    client: Client, workflow_id: str, delta: timedelta, *, stall: timedelta = timedelta(seconds=30)
) -> datetime:
    """Move the clock of one workflow on by ``delta`` and give its new time (UTC).

    Returns when every timer on the way has fired and been handled, or when the workflow has ended on the way. Raises
    PermanentFault where it is not running or the server cannot skip time, and TransientFault where the clock stood
    still for ``stall`` (real time), in which case the rest of the move is called off.
    """
    from temporalio.testing import TimeSkipper, TimeSkippingConfig  # it brings the whole of a worker with it

    handle: AnyHandle = client.get_workflow_handle(workflow_id)
    config = TimeSkippingConfig(disable_propagation=True, max_session_skip_count=MOST_SKIPS)
    skipper = TimeSkipper(client, config=config)
    try:
        async with _MOVING.setdefault(workflow_id, asyncio.Lock()):
            await _settle(handle, stall)
            await _move(client, skipper, handle, delta, stall)
            await _settle(handle, stall)
            return await skipper.get_current_time(handle)
    except RPCError as error:
        raise _fault(workflow_id, error) from error


async def virtual_now(client: Client, workflow_id: str) -> datetime:
    """The time of that workflow's own clock (UTC), real time where it was never moved; PermanentFault if unknown."""
    from temporalio.testing import TimeSkipper

    try:
        return await TimeSkipper(client).get_current_time(client.get_workflow_handle(workflow_id))
    except RPCError as error:
        raise _fault(workflow_id, error) from error


async def _move(client: Client, skipper: TimeSkipper, handle: AnyHandle, delta: timedelta, stall: timedelta) -> None:
    going = asyncio.ensure_future(skipper.fast_forward(handle, delta))
    skips = -1
    while not going.done():
        await asyncio.wait({going}, timeout=stall.total_seconds())
        info = await skipper.get_time_skipping_info(handle)
        if going.done():
            break
        if info is not None and info.current_session_skip_count == skips:
            await _call_off(client, going, handle.id)
            raise TransientFault(f"The clock of {handle.id} stands still: {_WHY_STILL}")
        skips = info.current_session_skip_count if info is not None else skips
    going.result()


async def _call_off(client: Client, going: asyncio.Future[bool], workflow_id: str) -> None:
    going.cancel()
    await asyncio.wait({going})
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id),
            workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=RawConfig(enabled=False)),
            update_mask=FieldMask(paths=["time_skipping_config"]),
        )
    )


async def _settle(handle: AnyHandle, stall: timedelta) -> None:
    """Wait until no earlier move is under way, no due timer has yet to fire, and no workflow task is waiting."""
    try:
        async with asyncio.timeout(stall.total_seconds()):
            while True:
                if await _is_settled(handle):
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    except TimeoutError as error:
        raise TransientFault(f"{handle.id} is not ready to be moved: {_WHY_STILL}") from error


async def _is_settled(handle: AnyHandle) -> bool:
    described = await handle.describe()
    if described.status != WorkflowExecutionStatus.RUNNING:
        return True
    raw = described.raw_description
    info = raw.workflow_extended_info.time_skipping_info
    moving = info.effective_config.enabled and not info.fast_forward_info.has_completed
    if moving or raw.HasField("pending_workflow_task"):
        return False
    now = info.current_time.ToDatetime(UTC) if info.HasField("current_time") else datetime.now(UTC)
    events = (await handle.fetch_history()).events
    return _has_begun(events) and not _is_due(events, now)


def _has_begun(events: Iterable[HistoryEvent]) -> bool:
    """Whether the run has had a workflow task; one that just continued as new waits a second for its first."""
    return any(event.HasField("workflow_task_completed_event_attributes") for event in events)


def _is_due(events: Iterable[HistoryEvent], now: datetime) -> bool:
    """Whether a timer of this history should have fired by ``now`` and has not."""
    pending: dict[str, datetime] = {}
    for event in events:
        if event.HasField("timer_started_event_attributes"):
            timer = event.timer_started_event_attributes
            fires = event.event_time.ToDatetime(UTC) + timer.start_to_fire_timeout.ToTimedelta()
            pending[timer.timer_id] = fires
        elif event.HasField("timer_fired_event_attributes"):
            pending.pop(event.timer_fired_event_attributes.timer_id, None)
        elif event.HasField("timer_canceled_event_attributes"):
            pending.pop(event.timer_canceled_event_attributes.timer_id, None)
    return any(fires <= now for fires in pending.values())


def _fault(workflow_id: str, error: RPCError) -> PermanentFault | TransientFault:
    if error.status == RPCStatusCode.NOT_FOUND:
        return PermanentFault(NOT_RUNNING, f"{workflow_id} is not running, so it has no clock to move.")
    if error.status in (RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION):
        return PermanentFault(
            "NoTimeSkipping",
            f"This Temporal server does not move clocks ({error.message}); use the local development server.",
        )
    return TransientFault(f"Temporal did not answer about {workflow_id}: {error.message}")
