"""One simulated case: the true workflow with its true durations, on Temporal's time-skipping server."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner

from adapters.database import migrate
from adapters.letters.catalogue import load_catalogue
from adapters.playbooks.folder import ReadOnce
from adapters.temporal.connect import quiet
from adapters.temporal.search_attributes import register
from cli import sim_company, sim_leaving
from cli.diary import Diary, StepStory, Telling, step_stories, tellings
from cli.play import Handle, Refusal, Stage
from cli.players import Manner, People, Story
from cli.scene import cause_of
from models.base import Record, Utc
from models.case import CaseKind, MessageState, TimelineEvent
from models.commands import AdoptPlan
from models.contract_names import NAMES
from models.faults import TransientFault
from models.people import Team
from models.plan import Plan
from models.starts import SaveStart
from models.status import Status
from parts import Parts, open_parts
from rules.save.lifecycle import SPINE
from settings import Settings
from settings.access import AccessPart
from settings.billing import BillingPart
from settings.chat import ChatPart
from settings.crm import CrmPart
from settings.email import EmailPart
from settings.files import FilesPart
from worker import build_workers
from workflows.contract import SEARCH_ATTRIBUTES, Queue, WorkflowType, save_id

SLACK = timedelta(seconds=20)
STALL_SECONDS, ATTEMPTS = 8.0, 5
# A story of one process that nobody replays: no sandbox is built for it, and no build id computed over all code.
_LIGHT: dict[str, Any] = {"workflow_runner": UnsandboxedWorkflowRunner(), "build_id": "simulation"}
_FIRST_HOUR = 9
_END_SECONDS = 60.0


class Stalled(Exception):
    """The time-skipping server stands still, as it does now and then when much falls due at once."""


class Run(Record):
    """What a simulation showed. Moments are UTC; ``opened_at`` is a Monday at nine for the customer."""

    playbook: str
    manner: Manner
    seed: int
    opened_at: Utc
    ended_at: Utc
    stage: str
    outcome: str | None
    steps: tuple[StepStory, ...]
    told: tuple[Telling, ...]
    events: tuple[TimelineEvent, ...]
    messages_sent: int
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class SkippingClock:
    """The clock of the time-skipping server. It stops a little after each moment, when all that was due is through."""

    env: WorkflowEnvironment

    async def now(self) -> datetime:
        """The server's time (UTC), to the minute."""
        return (await self.env.get_current_time()).replace(second=0, microsecond=0)

    async def move_to(self, at: datetime) -> None:
        """Sleep until ``SLACK`` after the minute of ``at``; the server passes time only where nothing is under way."""
        gap = at.replace(second=0, microsecond=0) + SLACK - await self.env.get_current_time()
        try:
            await asyncio.wait_for(self.env.sleep(max(gap, SLACK)), STALL_SECONDS)
        except TimeoutError:
            raise Stalled from None


async def simulate(settings: Settings, playbook: str, story: Story, days: int) -> Run:
    """Play a playbook with people of a manner for at most ``days``. The same seed gives the same run.

    Raises PermanentFault: ``UnknownPlaybook``, or ``BadPlaybook`` with every fault; TransientFault where the server does
    not come through.
    """
    playbooks = ReadOnce(settings.playbooks)
    plan = await _whole(playbooks, playbook)
    for _ in range(ATTEMPTS):
        # A run depends on its seed alone, so one that got stuck is simply begun again.
        with contextlib.suppress(Stalled):
            return await _played(settings, playbooks, plan, story, days)
    raise TransientFault("The time-skipping server stood still each time; try again when the machine is less busy.")


async def _whole(playbooks: ReadOnce, name: str) -> Plan:
    """The plan of a playbook; of a module the spine with the module added, as a case would run it."""
    plan = await playbooks.load(name)
    return (await playbooks.load(SPINE)).with_module(plan) if plan.is_module else plan


async def _played(settings: Settings, playbooks: ReadOnce, plan: Plan, story: Story, days: int) -> Run:
    async with _stage(settings, playbooks, plan, story) as (stage, diary):
        opened = await stage.clock.now()
        status = await stage.play(opened + timedelta(days=days))
        if status.outcome:
            diary.note(await _ended(stage.handle))
        told = await tellings(await stage.handle.fetch_history(), pydantic_data_converter)
        return _run(plan, story, status, diary, told, stage.refusals, await stage.clock.now())


async def _ended(handle: Handle) -> Status:
    """The result of a case that is closed; to query one that has ended would make a worker replay the whole of it."""
    try:
        return Status.model_validate(await asyncio.wait_for(handle.result(), _END_SECONDS))
    except TimeoutError:
        raise Stalled from None


def closed_house(home: Path, settings: Settings) -> Settings:
    """Settings whose state lies under ``home`` alone: a story never reaches the database, mail or billing of the company."""
    return settings.model_copy(
        update={
            "home": home,
            "database": f"sqlite+aiosqlite:///{home / 'followthrough.db'}",
            "product_data": f"sqlite:///{home / 'product.db'}",
            "allow_list": (),
            "send_cap_per_hour": None,
            "email": EmailPart.OUTBOX,
            "billing": BillingPart.LEDGER,
            "crm": CrmPart.EMBEDDED,
            "access": AccessPart.REGISTER,
            "files": FilesPart.FOLDER,
            "chat": ChatPart.NONE,
            "webhook_url": "",
        }
    )


@asynccontextmanager
async def _stage(
    settings: Settings, playbooks: ReadOnce, plan: Plan, story: Story
) -> AsyncIterator[tuple[Stage, Diary]]:
    """A case that was just opened, in a company of its own that is gone afterwards."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="followthrough-")))
        own = closed_house(home, settings)
        await migrate(own.database)
        parts = replace(await stack.enter_async_context(open_parts(own)), playbooks=playbooks)
        env = await stack.enter_async_context(await _environment())
        monday = _next_monday(await env.get_current_time())
        team = await _company(parts, plan, story, monday, own)
        for worker in build_workers(env.client, parts.activities(), max_cached_workflows=10, **_LIGHT):
            await stack.enter_async_context(worker)
        await env.sleep(monday - await env.get_current_time())
        diary = Diary()
        stage = await _open(env, plan, story, team, settings, diary)
        yield stage, diary


async def _environment() -> WorkflowEnvironment:
    server = Path(sys.executable).with_name("temporal-test-server")
    env = await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter,
        test_server_existing_path=str(server) if server.exists() else None,
        runtime=quiet(),
    )
    await register(env.client, SEARCH_ATTRIBUTES)
    return env


def _next_monday(now: datetime) -> datetime:
    """Every run begins on a Monday at nine, so that weekends fall on the same days."""
    local = now.astimezone(ZoneInfo(sim_company.ZONE))
    nine = local.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0)
    return (nine + timedelta(days=7 - local.weekday())).astimezone(UTC)


async def _company(parts: Parts, plan: Plan, story: Story, opens: datetime, own: Settings) -> Team:
    await sim_company.found(parts, plan.policy, opens, lead_leaves=story.manner is Manner.ABSENT)
    if plan.kind == CaseKind.CANCELLATION:
        await sim_leaving.settle_in(parts, plan, own)
    return (await parts.crm.account_file(sim_company.ACCOUNT)).team


async def _open(
    env: WorkflowEnvironment, plan: Plan, story: Story, team: Team, settings: Settings, diary: Diary
) -> Stage:
    leaves = plan.kind == CaseKind.CANCELLATION
    handle = await (sim_leaving.requested(env.client) if leaves else _save(env, plan))
    await env.sleep(SLACK)
    for module in plan.modules:
        adopt = AdoptPlan(by=sim_company.person_id(plan.policy.manager_role), playbook=module.name, reason="simulated")
        await handle.execute_update(NAMES[AdoptPlan], adopt.model_dump(mode="json", exclude_none=True))
    return Stage(
        handle=handle,
        clock=SkippingClock(env),
        people=sim_leaving.people(plan, story) if leaves else People(story),
        team=team,
        catalogue=load_catalogue(settings.playbooks / "messages"),
        plans=lambda _: plan,
        watch=lambda status, _: diary.note(status),
    )


async def _save(env: WorkflowEnvironment, plan: Plan) -> Handle:
    start = SaveStart(
        account_id=sim_company.ACCOUNT,
        opened_by=sim_company.person_id(plan.policy.lead_role),
        reason=cause_of(plan) or "churn_likely",
        playbook=plan.name,
    )
    return await env.client.start_workflow(
        WorkflowType.SAVE_ATTEMPT,
        start.model_dump(mode="json", exclude_none=True),
        id=save_id(start.account_id),
        task_queue=Queue.CASES,
    )


def _run(
    plan: Plan,
    story: Story,
    status: Status,
    diary: Diary,
    told: tuple[Telling, ...],
    refusals: list[Refusal],
    now: datetime,
) -> Run:
    return Run(
        playbook=plan.ref,
        manner=story.manner,
        seed=story.seed,
        opened_at=status.opened_at,
        ended_at=next((event.at for event in diary.events if event.kind == "closed"), now),
        stage=status.stage,
        outcome=status.outcome,
        steps=step_stories(status, diary.events, told),
        told=told,
        events=diary.events,
        messages_sent=sum(message.state is MessageState.SENT for message in status.messages),
        refused=tuple(f"{refusal.deed.name}: {refusal.sentence}" for refusal in refusals),
        notes=_notes(plan),
    )


def _notes(plan: Plan) -> tuple[str, ...]:
    if plan.modules:
        return (f"'{plan.modules[0].name}' is a module: it is played here on top of the common spine.",)
    if cause_of(plan) or plan.kind == CaseKind.CANCELLATION:
        return ()
    return (f"No root cause of policies/root_causes.yaml picks '{plan.name}', so nobody could record one.",)
