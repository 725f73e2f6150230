"""The worker: ``python worker.py`` serves every task queue, ``--queue billing`` serves one."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker._workflow_instance import _WorkflowLogicFlag
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities import Activities
from activities.siblings import SiblingActivities
from adapters.backup import home_lock
from adapters.observe.gauges import watch_book
from adapters.observe.logging import configure_logging
from adapters.observe.metrics import free_address, runtime
from adapters.temporal.cases import TemporalCases
from adapters.temporal.connect import connect
from adapters.temporal.schedules import ensure_reviews, ensure_sweep
from adapters.temporal.search_attributes import register
from adapters.webhooks.delivering import Delivery
from models.faults import PermanentFault, TransientFault
from parts import Parts, open_parts
from settings import Settings, SettingsError, load_settings
from workflows.cancellation import Cancellation
from workflows.contract import SEARCH_ATTRIBUTES, Queue
from workflows.data_retention import DataRetention
from workflows.deferral import Deferral
from workflows.health_sweep import HealthSweep
from workflows.review import Review
from workflows.review_round import ReviewRound
from workflows.save_attempt import SaveAttempt
from workflows.save_recovery import SaveRecovery
from workflows.win_back import WinBack

WORKFLOWS = (
    SaveAttempt,
    SaveRecovery,
    Deferral,
    Cancellation,
    DataRetention,
    WinBack,
    HealthSweep,
    Review,
    ReviewRound,
)
GRACE = timedelta(seconds=10)
DEPLOYMENT = "followthrough"


def sandbox() -> SandboxedWorkflowRunner:
    """The workflow sandbox; our pure rooms and what they stand on pass through it."""
    rooms = ("models", "rules", "activities", "pydantic", "pydantic_core", "annotated_types", "typing_inspection")
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*rooms))


def build_workers(
    client: Client, activities: Activities, queues: Sequence[Queue] = tuple(Queue), version: str = "", **options: Any
) -> list[Worker]:
    """A worker for each of these queues that has something to serve; ``options`` go to every ``Worker``.

    With a ``version``, each case stays with the workers of the version that began it, until it goes on in a fresh history.

    Shared by the command line, the tests, the bench and the replay, so that they cannot drift.
    """
    erasure = activities.erasure.reaching(TemporalCases(client))
    answering = activities.answering.reaching(client)
    siblings, beginning = SiblingActivities(client), activities.beginning.reaching(client)
    served = replace(activities, siblings=siblings, erasure=erasure, answering=answering, beginning=beginning)
    kept: dict[str, Any] = {"workflow_runner": sandbox(), "graceful_shutdown_timeout": GRACE} | options
    kept |= {"deployment_config": _pinned(version)} if version else {}
    workers = {
        queue: Worker(
            client,
            task_queue=queue,
            workflows=WORKFLOWS if queue is Queue.CASES else (),
            activities=served.on_queue(queue),
            **kept,
        )
        for queue in queues
        if served.on_queue(queue)
    }
    if Queue.CASES in workers:
        _apply_tasks_whole(workers[Queue.CASES])
    return list(workers.values())


def _pinned(version: str) -> WorkerDeploymentConfig:
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=version),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


def _apply_tasks_whole(worker: Worker) -> None:
    """Let a case see all that a workflow task brings before it goes on, in place of Updates first and results after.

    A worker without the case in its cache may get an Update together with results that the case had seen before it
    (sdk-rust issue 1146). With this flag of the SDK, which each history records, both ways come to the same commands. It
    is off by default in temporalio 1.35 and has no public setting yet; tests/workflow/test_cold_start.py needs it.
    """
    worker._set_default_workflow_logic_flag(
        _WorkflowLogicFlag.PROCESS_WORKFLOW_ACTIVATION_JOBS_AS_SINGLE_BATCH, enabled=True
    )


async def serve(settings: Settings, queues: Sequence[Queue]) -> None:
    """Serve the queues until SIGINT or SIGTERM. Raises ``PermanentFault`` where a part of the instance is missing."""
    metrics = runtime(free_address(settings.metrics) if settings.metrics else None)
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as stack:
        stack.enter_context(home_lock(settings.home))
        parts = await stack.enter_async_context(open_parts(settings))
        client = await connect(metrics, home=settings.home)
        await register(client, SEARCH_ATTRIBUTES)
        await _schedule_sweep(client, parts)
        await _schedule_reviews(client, parts)
        for worker in build_workers(client, parts.activities(), queues, settings.worker_version):
            await stack.enter_async_context(worker)
        watching = asyncio.create_task(watch_book(parts.book, metrics.metric_meter))
        stack.callback(watching.cancel)
        if parts.endpoint and Queue.CASES in queues:
            delivering = asyncio.create_task(Delivery(parts.outgoing, parts.endpoint).run())
            stack.callback(delivering.cancel)
        await stop.wait()


async def _schedule_sweep(client: Client, parts: Parts) -> None:
    """Set when the portfolio is swept; rules of detection that are at fault stop no case."""
    try:
        await ensure_sweep(client, (await parts.playbooks.detection()).sweep)
    except PermanentFault as fault:
        logging.getLogger(__name__).warning("the portfolio is not swept until this is put right: %s", fault)


async def _schedule_reviews(client: Client, parts: Parts) -> None:
    """Set when each review is asked for; a calendar that is at fault stops no case."""
    try:
        await ensure_reviews(client, await parts.playbooks.reviews())
    except PermanentFault as fault:
        logging.getLogger(__name__).warning("no review is asked for until this is put right: %s", fault)


def main(
    queue: Annotated[list[Queue] | None, typer.Option(help="Serve this queue only; may be given again.")] = None,
) -> None:
    """Run the cases: workflows, and the activities of every port."""
    try:
        settings = load_settings()
        configure_logging(settings.log_format, settings.log_level)
        asyncio.run(serve(settings, queue or tuple(Queue)))
    except (SettingsError, PermanentFault, TransientFault) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 the one line that says what to do
        raise SystemExit(2) from fault


if __name__ == "__main__":
    typer.run(main)
