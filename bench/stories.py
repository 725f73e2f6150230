"""A whole save on the time-skipping server: as Followthrough runs it, and the same story the naive way."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from adapters.database import migrate
from adapters.letters.catalogue import load_catalogue
from adapters.temporal.dev_server import find_program
from adapters.temporal.search_attributes import register
from bench.naive import QUEUE, NaiveSave, NaiveStep, NaiveStory, write_row
from cli import sim_company
from cli.play import Stage
from cli.players import Manner, People, Story, spec_of
from cli.simulation import SLACK, SkippingClock
from models.base import Record
from models.effects import Word
from models.plan import Plan
from models.save import SaveOutcome
from models.starts import SaveStart
from models.status import Status, StepStatus
from parts import Parts, open_parts
from settings import CHECKOUT, Settings
from worker import build_workers, sandbox
from workflows.contract import SEARCH_ATTRIBUTES, Queue, WorkflowType, save_id

PLAYBOOK = "product_technical"
REASON = "missing_feature"
_END_SECONDS = 30.0
_FIRST_HOUR = 9
_LONGEST_DAYS = 36

Handle = WorkflowHandle[Any, Any]


class Move(Record):
    """A command that somebody gave, so long after the case was opened."""

    after: timedelta
    name: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Played:
    """A save that was played to its end, what was left in the world, and its history."""

    moves: tuple[Move, ...]
    status: Status
    plan: Plan
    history: WorkflowHistory
    world: World


class World(Record):
    """What a save leaves behind, by which two ways of running it are compared: tasks, letters and notes."""

    tasks_closed: tuple[str, ...]
    letters: tuple[str, ...]
    notes: int


@dataclass(frozen=True)
class Company:
    """A simulated company on its own time-skipping server, with workers for both ways."""

    env: WorkflowEnvironment
    clock: SkippingClock
    parts: Parts
    settings: Settings

    async def left_behind(self) -> World:
        """Closed CRM tasks by step, letters by recipient, and how many notes there are."""
        tasks = await self.parts.crm.tasks(sim_company.ACCOUNT)
        letters = await self.parts.outbox.entries()
        return World(
            tasks_closed=tuple(sorted(task.step for task in tasks if not task.open)),
            letters=tuple(sorted(entry.letter.to.address for entry in letters)),
            notes=len(await self.parts.crm.notes(sim_company.ACCOUNT)),
        )


PLAIN = ("standup", "assign_tsm", "roadmap_reply", "fix_progress_30", "rebuild_touch")
"""Steps that the plain story does without, so that people owe the twenty-five that the budget speaks of."""


@asynccontextmanager
async def company(without: tuple[str, ...] = (), *, informing: bool = True) -> AsyncIterator[Company]:
    """A company that opens on a Monday at nine and is gone afterwards. Its playbooks lack the steps ``without``.

    Where it is not ``informing``, nobody gets the notices of the RACI, which the naive save does not know.
    """
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="followthrough-bench-")))
        settings = Settings(home=home, playbooks=await asyncio.to_thread(_playbooks, home, without, informing))
        await migrate(settings.database)
        parts = await stack.enter_async_context(open_parts(settings))
        env = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(
                data_converter=pydantic_data_converter,
                test_server_existing_path=str(find_program().with_name("temporal-test-server")),
            )
        )
        await register(env.client, SEARCH_ATTRIBUTES)
        await _until_monday(env)
        for worker in (*build_workers(env.client, parts.activities()), _naive_worker(env)):
            await stack.enter_async_context(worker)
        yield Company(env, SkippingClock(env), parts, settings)


def _playbooks(home: Path, without: tuple[str, ...], informing: bool) -> Path:
    folder = Path(shutil.copytree(CHECKOUT / "playbooks", home / "playbooks"))
    for file in (folder / "save").glob("*.yaml") if without else ():
        book = yaml.safe_load(file.read_text(encoding="utf-8"))
        book["steps"] = [step for step in book["steps"] if step["id"] not in without]
        file.write_text(yaml.safe_dump(book, sort_keys=False, allow_unicode=True), encoding="utf-8")
    _leave_out_of_raci(folder / "policies" / "raci.yaml", without, informing)
    return folder


def _leave_out_of_raci(file: Path, without: tuple[str, ...], informing: bool) -> None:
    policy = yaml.safe_load(file.read_text(encoding="utf-8"))
    for rule in policy["raci"]:
        rule["steps"] = [step for step in rule.get("steps", ()) if informing and step not in without]
    file.write_text(yaml.safe_dump(policy, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _naive_worker(env: WorkflowEnvironment) -> Worker:
    return Worker(
        env.client, task_queue=QUEUE, workflows=[NaiveSave], activities=[write_row], workflow_runner=sandbox()
    )


async def _until_monday(env: WorkflowEnvironment) -> None:
    now = await env.get_current_time()
    monday = now.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=7 - now.weekday())
    await env.sleep(monday - now)


async def on_time(without: tuple[str, ...] = (), *, informing: bool = True) -> Played:
    """A save of thirty days in which everybody does everything on time, closed as saved."""
    async with company(without, informing=informing) as here:
        return await _played(here, Story(manner=Manner.DILIGENT), timedelta(days=_LONGEST_DAYS))


async def neglected(days: float = 35) -> Played:
    """A save that nobody works on for so many days: every reminder and every escalation leaves; closed as lost."""
    story = Story(manner=Manner.ABSENT, ending=SaveOutcome.LOST, ends_on_day=round(days))
    async with company() as here:
        return await _played(here, story, timedelta(days=days + 3))


async def _played(here: Company, story: Story, length: timedelta) -> Played:
    plan = await here.parts.playbooks.load(PLAYBOOK)
    absent = story.manner is Manner.ABSENT
    await sim_company.found(here.parts, plan.policy, await here.clock.now(), lead_leaves=absent)
    handle = await _started(here)
    stage = await _stage(here, handle, plan, story)
    status = await stage.play(await here.clock.now() + length)
    if status.outcome is None:
        raise RuntimeError(f"the story did not end: {[refusal.sentence for refusal in stage.refusals]}")
    status = await asyncio.wait_for(handle.result(), _END_SECONDS)
    moves = tuple(
        Move(after=deed.at - status.opened_at, name=deed.name, payload=deed.command.model_dump(mode="json"))
        for deed in stage.done
    )
    return Played(moves, status, plan, await handle.fetch_history(), await here.left_behind())


async def _started(here: Company) -> Handle:
    start = SaveStart(
        account_id=sim_company.ACCOUNT, opened_by=sim_company.person_id("csm"), reason=REASON, playbook=PLAYBOOK
    )
    handle = await here.env.client.start_workflow(
        WorkflowType.SAVE_ATTEMPT,
        start.model_dump(mode="json", exclude_none=True),
        id=save_id(start.account_id),
        task_queue=Queue.CASES,
        result_type=Status,
    )
    await here.env.sleep(SLACK)
    return handle


async def _stage(here: Company, handle: Handle, plan: Plan, story: Story) -> Stage:
    return Stage(
        handle=handle,
        clock=here.clock,
        people=People(story),
        team=(await here.parts.crm.account_file(sim_company.ACCOUNT)).team,
        catalogue=load_catalogue(here.settings.playbooks / "messages"),
        plans=lambda _: plan,
    )


async def naively(played: Played) -> Played:
    """The same commands at the same moments, given to the naive workflow."""
    async with company() as here:
        opened = await here.clock.now()
        await sim_company.found(here.parts, played.plan.policy, opened, lead_leaves=False)
        handle: Handle = await here.env.client.start_workflow(
            NaiveSave.run, naive_story(played), id="naive-save", task_queue=QUEUE
        )
        began = await here.env.get_current_time()
        for move in played.moves:
            await here.env.sleep(max(began + move.after + SLACK - await here.env.get_current_time(), timedelta(0)))
            await handle.execute_update(move.name, move.payload)
        await asyncio.wait_for(handle.result(), _END_SECONDS)
        return Played(played.moves, played.status, played.plan, await handle.fetch_history(), await here.left_behind())


def naive_story(played: Played) -> NaiveStory:
    """The steps that came up in a played save, as the naive workflow wants to know them beforehand."""
    steps = (_naive_step(played, step) for step in played.status.steps if _came_up(step, played.status.as_of))
    return NaiveStory(
        account_id=played.status.account_id,
        opened_by=sim_company.person_id("csm"),
        reason=REASON,
        playbook=PLAYBOOK,
        steps=tuple(steps),
    )


def _came_up(step: StepStatus, ended: datetime) -> bool:
    return step.opens is not None and step.due is not None and step.opens < ended and step.person is not None


def _naive_step(played: Played, step: StepStatus) -> NaiveStep:
    spec = spec_of(played.plan, step)
    assert spec is not None and step.opens and step.due and step.person, step.id
    name, _, number = step.id.partition("/")
    notify = spec.automatic.notify if spec.automatic else ()
    return NaiveStep(
        id=step.id,
        title=step.title,
        person=step.person,
        opens=step.opens - played.status.opened_at,
        due=step.due - played.status.opened_at,
        task=spec.task,
        template=spec.template or "",
        message_id=f"{name}-{number or 1}" if spec.template else "",
        proved_by_message=spec.evidence.kind == "message",
        notify=tuple(dict.fromkeys(sim_company.person_id(role) for role in notify)),
    )


def human_steps(played: Played) -> int:
    """How many steps people have done."""
    manual = (step for step in played.status.steps if step.state == "done")
    return sum(_by_people(played.plan, step) for step in manual)


def _by_people(plan: Plan, step: StepStatus) -> bool:
    spec = spec_of(plan, step)
    return spec is not None and spec.automatic is None


def late_words(played: Played) -> int:
    """How often somebody was told that a step is overdue; none in a save that is on time."""
    return sum(f"{Word.OVERDUE}:" in event.text for event in played.status.timeline if event.kind == "told")
