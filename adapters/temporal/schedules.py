"""The schedules of an instance on its Temporal server: the daily sweep, and the reviews of the calendar."""

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
from models.calendar import Offset
from models.detection import SweepTime
from models.faults import TransientFault
from models.review import Cadence, ReviewRoundStart, ReviewSpec, ReviewsPolicy
from models.sweep import SweepStart

SWEEP, ROUND = "sweep", "review-round:"
_QUEUE = "cases"
_CATCH_UP = timedelta(days=1)
"""A sweep that was missed while the server was down is made up for within a day."""
_MONTH_DAYS = 30


class Scheduled(Record):
    """A schedule: whether it is there and on, when it runs next, and when it ran last (UTC)."""

    id: str
    there: bool = False
    paused: bool = False
    next_at: tuple[Utc, ...] = ()
    last_at: Utc | None = None


async def ensure_sweep(client: Client, at: SweepTime) -> None:
    """Set the schedule of the sweep to that time of the day; one that is there keeps whether it is paused."""
    await _ensure(client, SWEEP, _sweep(at))


async def ensure_reviews(client: Client, policy: ReviewsPolicy) -> None:
    """Set a schedule for each review of the calendar, and remove those of reviews that it has no more."""
    wanted = {f"{ROUND}{spec.name}": _review(spec, policy.time_zone) for spec in policy.reviews}
    try:
        there = [one.id async for one in await client.list_schedules()]
        for name in there:
            if name.startswith(ROUND) and name not in wanted:
                await client.get_schedule_handle(name).delete()
    except RPCError as error:
        raise _not_taken(ROUND, error) from error
    for name, schedule in wanted.items():
        await _ensure(client, name, schedule)


async def of_sweep(client: Client) -> Scheduled:
    """The schedule of the sweep as the server has it."""
    return await _of(client, SWEEP)


async def of_review(client: Client, review: str) -> Scheduled:
    """The schedule of a review as the server has it."""
    return await _of(client, f"{ROUND}{review}")


async def _of(client: Client, name: str) -> Scheduled:
    try:
        found = await client.get_schedule_handle(name).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Scheduled(id=name)
        raise
    ran: list[datetime] = [one.started_at for one in found.info.recent_actions]
    return Scheduled(
        id=name,
        there=True,
        paused=found.schedule.state.paused,
        next_at=tuple(found.info.next_action_times[:3]),
        last_at=ran[-1] if ran else None,
    )


async def _ensure(client: Client, name: str, wanted: Schedule) -> None:
    """Create a schedule, or set the one that is there, which keeps whether it is paused."""
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda there: _updated(there, wanted))
    except RPCError as error:
        raise _not_taken(name, error) from error


def _not_taken(name: str, error: RPCError) -> TransientFault:
    return TransientFault(f"Temporal did not take the schedule '{name}' ({error.status.name})")


def _sweep(at: SweepTime) -> Schedule:
    daily = ScheduleCalendarSpec(hour=[ScheduleRange(at.hour)], minute=[ScheduleRange(at.minute)])
    start = ScheduleActionStartWorkflow(
        "HealthSweep", SweepStart(), id=SWEEP, task_queue=_QUEUE, static_summary="the health of the portfolio"
    )
    return _schedule(start, daily, at.time_zone, _CATCH_UP)


def _review(spec: ReviewSpec, time_zone: str) -> Schedule:
    """A round at its hour. What a standstill missed begins late: the review of the period in which it does, so once."""
    start = ScheduleActionStartWorkflow(
        "ReviewRound",
        ReviewRoundStart(review=spec.name),
        id=f"{ROUND}{spec.name}",
        task_queue=_QUEUE,
        static_summary=f"begin the reviews: {spec.name}",
    )
    return _schedule(start, _days(spec), time_zone, _length(spec.catch_up))


def _schedule(
    start: ScheduleActionStartWorkflow, calendar: ScheduleCalendarSpec, time_zone: str, catch_up: timedelta
) -> Schedule:
    return Schedule(
        action=start,
        spec=ScheduleSpec(calendars=[calendar], time_zone_name=time_zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catch_up),
    )


def _days(spec: ReviewSpec) -> ScheduleCalendarSpec:
    """On which days; a week begins on Sunday for Temporal, as day 0."""
    hour, minute, on = ([ScheduleRange(number)] for number in (spec.hour, spec.minute, spec.day))
    match spec.cadence:
        case Cadence.DAILY:
            return ScheduleCalendarSpec(hour=hour, minute=minute, day_of_week=[ScheduleRange(1, 5)])
        case Cadence.WEEKLY:
            return ScheduleCalendarSpec(hour=hour, minute=minute, day_of_week=[ScheduleRange(spec.day % 7)])
        case Cadence.MONTHLY:
            return ScheduleCalendarSpec(hour=hour, minute=minute, day_of_month=on)
        case Cadence.QUARTERLY:
            return ScheduleCalendarSpec(hour=hour, minute=minute, day_of_month=on, month=[ScheduleRange(1, 12, 3)])


def _length(offset: Offset) -> timedelta:
    return timedelta(days=offset.days + offset.months * _MONTH_DAYS, minutes=offset.minutes)


def _updated(there: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate:
    wanted.state = there.description.schedule.state
    return ScheduleUpdate(schedule=wanted)
