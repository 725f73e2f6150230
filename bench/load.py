"""What is measured under load: cases per second, lateness of wake-ups, and memory of open cases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle

from bench import site
from bench.minimal import QUEUE, Minimal
from bench.site import LEAN, Served, Site, each
from bench.stories import PLAYBOOK, REASON
from cli import sim_company
from models.base import Record
from models.book import CaseFilter
from workflows.contract import Queue, WorkflowType, save_id

LEAD = sim_company.person_id("csm")
SHOWN = "the ops lead named exports twice in the March review"
DEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("log_contact", {"by": LEAD, "channel": "phone", "answered": True, "summary": "they told us what hurts most"}),
    ("complete_step", {"by": LEAD, "step_id": "start_rca", "evidence": SHOWN}),
    ("complete_step", {"by": LEAD, "step_id": "inv_csm_context", "evidence": SHOWN}),
    ("complete_step", {"by": LEAD, "step_id": "inv_competitive", "evidence": SHOWN}),
    (
        "close",
        {"by": LEAD, "outcome": "lost", "notes": "they went elsewhere", "customer_quotes": ["it came too late"]},
    ),
)
"""What is done in each case of the throughput measurement before its end."""

_LEAD_TIME = timedelta(hours=1)  # as the second step of the lean playbook opens
_WINDOW_SECONDS = 60.0
_PATIENCE_SECONDS = 600.0
_LATEST_SECONDS = 60.0
_TURN = b"turn of second"


class Throughput(Record):
    """Cases and minimal workflows per second, on the same server and worker."""

    cases: int
    cases_per_second: float
    minimal: int
    minimal_per_second: float


class Lateness(Record):
    """How late wake-ups were handled: seconds from the moment that a timer was set for to the end of its workflow task."""

    cases: int
    opened_per_second: float
    wakes: int
    window_seconds: float
    p50: float
    p95: float
    worst: float


class Memory(Record):
    """Resident memory of the worker, empty and with open cases."""

    cases: int
    empty_megabytes: float
    full_megabytes: float

    @property
    def kilobytes_per_case(self) -> float:
        """What one cached case takes."""
        return (self.full_megabytes - self.empty_megabytes) * 1024 / self.cases


async def throughput(here: Site, cases: int, minimal: int) -> Throughput:
    """Open, work and close that many cases, and run that many minimal workflows, one kind after the other."""
    async with site.worker(here):
        await each(here.accounts[:4], lambda account: _whole_case(here, account))
        await each(range(8), lambda number: _minimal(here, f"warm-{number}"))
        began = time.perf_counter()
        await each(range(minimal), lambda number: _minimal(here, f"minimal-{number}"))
        between = time.perf_counter()
        await each(here.accounts[4 : 4 + cases], lambda account: _whole_case(here, account))
        ended = time.perf_counter()
    return Throughput(
        cases=cases,
        cases_per_second=cases / (ended - between),
        minimal=minimal,
        minimal_per_second=minimal / (between - began),
    )


async def _minimal(here: Site, workflow_id: str) -> None:
    await here.client.execute_workflow(Minimal.run, "nothing", id=workflow_id, task_queue=QUEUE)


async def _whole_case(here: Site, account: str) -> None:
    handle = await _open(here, account, PLAYBOOK)
    for name, payload in DEEDS:
        await handle.execute_update(name, payload)
    await handle.result()


async def _open(here: Site, account: str, playbook: str, began: datetime | None = None) -> WorkflowHandle[Any, Any]:
    start: dict[str, Any] = {"account_id": account, "opened_by": LEAD, "reason": REASON, "playbook": playbook}
    past = {"past": {"opened_at": began.isoformat()}} if began else {}
    return await here.client.start_workflow(
        WorkflowType.SAVE_ATTEMPT, start | past, id=save_id(account), task_queue=Queue.CASES
    )


async def open_cases(here: Site, accounts: Sequence[str], speed: float) -> tuple[Lateness, Memory]:
    """Open lean cases whose next wake-ups fall within a minute that begins when all of them are open.

    ``speed`` is how many cases per second can surely be opened. Each case says that it began an hour before its wake-up,
    which is when its second step opens.
    """
    async with site.worker(here) as served:
        empty = served.megabytes
        first = datetime.now(UTC) + timedelta(seconds=10 + len(accounts) / speed)
        moments = [first + timedelta(seconds=_WINDOW_SECONDS * n / len(accounts)) for n in range(len(accounts))]
        began = time.perf_counter()
        starts = list(zip(accounts, moments, strict=True))
        handles = await each(starts, lambda start: _open(here, start[0], LEAN, start[1] - _LEAD_TIME))
        await until_booked(here, len(accounts))
        opened = len(accounts) / (time.perf_counter() - began)
        memory = _memory(served, empty, len(accounts))
        lateness = await _lateness(handles, moments, opened)
    return lateness, memory


def _memory(served: Served, empty: float, cases: int) -> Memory:
    return Memory(cases=cases, empty_megabytes=empty, full_megabytes=served.megabytes)


async def until_booked(here: Site, count: int) -> None:
    """Wait until the book shows that so many open cases have their plan."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            known = await here.parts.book.cases(CaseFilter(open_only=True, limit=count + 1))
            if sum(bool(entry.plan) for entry in known) >= count:
                return
            await asyncio.sleep(0.5)


async def _lateness(
    handles: Sequence[WorkflowHandle[Any, Any]], moments: Sequence[datetime], opened: float
) -> Lateness:
    rest = (moments[-1] - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(rest, 0.0) + 5)
    found = await each(list(zip(handles, moments, strict=True)), lambda pair: _late_by(*pair))
    late = sorted(seconds for seconds in found if seconds is not None)
    cut = quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    return Lateness(
        cases=len(handles),
        opened_per_second=opened,
        wakes=len(late),
        window_seconds=_WINDOW_SECONDS,
        p50=cut[49],
        p95=cut[94],
        worst=late[-1] if late else 0.0,
    )


async def _late_by(handle: WorkflowHandle[Any, Any], moment: datetime) -> float | None:
    """Seconds by which the wake-up of ``moment`` was handled late; None where the case was opened after it."""
    deadline = time.monotonic() + _LATEST_SECONDS
    while time.monotonic() < deadline:
        events = list((await handle.fetch_history()).events)
        timers = _timers(events)
        handled = _handled(events, timers)
        if handled is not None or not timers:
            return (handled - moment).total_seconds() if handled else None
        await asyncio.sleep(1)
    raise RuntimeError(f"the wake-up of {handle.id} was not handled within {_LATEST_SECONDS:.0f} s")


def _timers(events: Sequence[HistoryEvent]) -> set[str]:
    """The timers for the turn of the second step that were not given up; a turn that somebody else saw needs none."""
    started = (event for event in events if event.HasField("timer_started_event_attributes"))
    turns = (event for event in started if _TURN in event.user_metadata.summary.data)
    canceled = {event.timer_canceled_event_attributes.timer_id for event in events}
    return {event.timer_started_event_attributes.timer_id for event in turns} - canceled


def _handled(events: Sequence[HistoryEvent], timers: set[str]) -> datetime | None:
    """When the workflow task that followed one of these timers was completed."""
    fired = False
    for event in events:
        if event.HasField("timer_fired_event_attributes"):
            fired = fired or event.timer_fired_event_attributes.timer_id in timers
        elif fired and event.HasField("workflow_task_completed_event_attributes"):
            return event.event_time.ToDatetime(UTC)
    return None
