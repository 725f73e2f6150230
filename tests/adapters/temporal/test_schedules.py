"""The calendar of the reviews on a real server: a schedule for each, and none of what the file has no more (RISK-121)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow

from adapters.temporal.schedules import SWEEP, ensure_reviews, ensure_sweep, of_review, of_sweep
from models.calendar import Offset
from models.detection import SweepTime
from models.review import Cadence, ReviewScope, ReviewSpec, ReviewsPolicy
from tests.world import server, soon

ZONE = "Asia/Kuala_Lumpur"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with server() as found:
        yield found


def spec(name: str, cadence: Cadence, day: int = 1, hour: int = 8) -> ReviewSpec:
    late = Offset(days=4)
    return ReviewSpec(name=name, scope=ReviewScope.COMPANY, cadence=cadence, day=day, hour=hour, catch_up=late)


STAND_UP = spec("stand_up", Cadence.DAILY)
PORTFOLIO = spec("portfolio", Cadence.WEEKLY, day=7)
THEMES = spec("feedback_themes", Cadence.MONTHLY, day=5)
AUDIT = spec("process_audit", Cadence.QUARTERLY, day=10)


async def set_to(client: Client, *reviews: ReviewSpec) -> None:
    await soon(ensure_reviews(client, ReviewsPolicy(time_zone=ZONE, reviews=reviews)))


async def of_server(client: Client, review: ReviewSpec) -> Schedule:
    return (await soon(client.get_schedule_handle(f"review-round:{review.name}").describe())).schedule


async def test_each_review_of_the_calendar_is_asked_for_on_its_days_by_the_clock_of_its_time_zone(client: Client):
    await set_to(client, STAND_UP, PORTFOLIO, THEMES, AUDIT)
    runs = {one: (await of_review(client, one.name)).next_at for one in (STAND_UP, PORTFOLIO, THEMES, AUDIT)}
    local = {one: [at.astimezone(ZoneInfo(ZONE)) for at in ahead] for one, ahead in runs.items()}
    assert all((at.hour, at.minute) == (8, 0) for ahead in local.values() for at in ahead)
    assert all(at.isoweekday() <= 5 for at in local[STAND_UP])
    assert {at.isoweekday() for at in local[PORTFOLIO]} == {7}
    assert {at.day for at in local[THEMES]} == {5}
    assert {(at.day, at.month % 3) for at in local[AUDIT]} == {(10, 1)}
    assert all(local.values())


async def test_a_round_that_was_missed_goes_as_late_as_the_file_says_and_starts_its_own_review(client: Client):
    await set_to(client, PORTFOLIO)
    schedule = await of_server(client, PORTFOLIO)
    assert schedule.policy.catchup_window == timedelta(days=4)
    assert isinstance(schedule.action, ScheduleActionStartWorkflow)
    assert (schedule.action.workflow, schedule.action.id) == ("ReviewRound", "review-round:portfolio")


async def test_a_review_that_leaves_the_file_is_asked_for_no_more_and_the_others_and_the_sweep_stay(client: Client):
    await soon(ensure_sweep(client, SweepTime(hour=3)))
    await set_to(client, STAND_UP, PORTFOLIO)
    await listed(client, {SWEEP, "review-round:stand_up", "review-round:portfolio"})
    await set_to(client, PORTFOLIO)
    there = [(await of_review(client, one.name)).there for one in (STAND_UP, PORTFOLIO)]
    assert there == [False, True]
    assert (await of_sweep(client)).there


async def test_a_schedule_that_somebody_paused_stays_paused_and_still_takes_the_new_hour(client: Client):
    await set_to(client, PORTFOLIO)
    await soon(client.get_schedule_handle("review-round:portfolio").pause(note="the team is away"))
    await set_to(client, spec("portfolio", Cadence.WEEKLY, hour=10))
    found = await of_server(client, PORTFOLIO)
    assert (found.state.paused, found.state.note) == (True, "the team is away")
    assert [hour.start for hour in found.spec.calendars[0].hour] == [10]
    assert (await of_review(client, "portfolio")).paused


async def listed(client: Client, wanted: set[str]) -> None:
    """Wait until the server lists these schedules, which it does a moment after it took them."""
    for _ in range(100):
        if {one.id async for one in await client.list_schedules()} >= wanted:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the server does not list {wanted}")
