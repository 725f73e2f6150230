"""The schedules of an instance on its Temporal server."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio.client import (
    Client,
    RPCError,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCStatusCode

from models.base import Record, Utc
from models.detection import SweepTime
from models.faults import TransientFault
from models.sweep import SweepStart

SWEEP = "sweep"
_WORKFLOW, _QUEUE = "HealthSweep", "cases"
_CATCH_UP = timedelta(days=1)
"""A sweep that was missed while the server was down is made up for within a day."""


class Scheduled(Record):
    """A schedule: whether it is there and on, when it runs next, and when it ran last (UTC)."""

    id: str
    there: bool = False
    paused: bool = False
    next_at: tuple[Utc, ...] = ()
    last_at: Utc | None = None


async def ensure_sweep(client: Client, at: SweepTime) -> None:
    """Set the schedule of the sweep to that time of the day; one that is there keeps whether it is paused."""
    wanted = _schedule(at)
    try:
        await client.create_schedule(SWEEP, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(SWEEP).update(lambda there: _updated(there, wanted))
    except RPCError as error:
        raise TransientFault(f"Temporal did not take the schedule of the sweep ({error.status.name})") from error


async def of_sweep(client: Client) -> Scheduled:
    """The schedule of the sweep as the server has it."""
    try:
        found = await client.get_schedule_handle(SWEEP).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Scheduled(id=SWEEP)
        raise
    ran: list[datetime] = [one.started_at for one in found.info.recent_actions]
    return Scheduled(
        id=SWEEP,
        there=True,
        paused=found.schedule.state.paused,
        next_at=tuple(found.info.next_action_times[:3]),
        last_at=ran[-1] if ran else None,
    )


def _schedule(at: SweepTime) -> Schedule:
    daily = ScheduleCalendarSpec(hour=[ScheduleRange(at.hour)], minute=[ScheduleRange(at.minute)])
    start = ScheduleActionStartWorkflow(
        _WORKFLOW, SweepStart(), id=SWEEP, task_queue=_QUEUE, static_summary="the health of the portfolio"
    )
    return Schedule(
        action=start,
        spec=ScheduleSpec(calendars=[daily], time_zone_name=at.time_zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_CATCH_UP),
    )


def _updated(there: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate:
    wanted.state = there.description.schedule.state
    return ScheduleUpdate(schedule=wanted)
