"""``detection``: how the accounts are, why one is at risk, and the sweep that looks at all of them each day."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from temporalio.common import WorkflowIDConflictPolicy

from adapters.clock import utc_now
from adapters.playbooks.folder import FolderPlaybooks
from adapters.temporal import schedules
from cli import view_detection
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure
from cli.options import Account, pairs
from cli.view_detection import Came, Checked
from models.sweep import Span, SweepReport, SweepStart
from rules import sweeping
from rules.detection.judging import suggested
from workflows.contract import SWEEP, Queue, WorkflowType

app = group("Whether customers are at risk, and why: health, triggers, signals, and the daily sweep.")

Tick = Annotated[
    list[str] | None,
    typer.Option("--tick", help="Ticked items of a class of save probability, as class=number; may be given again."),
]
Sweep = Annotated[
    str | None, typer.Argument(metavar="SWEEP", help="Id as the list of sweeps shows it.", show_default=False)
]
_LISTED = 20


@command(app, "check", example="detection check")
async def check(desk: Desk) -> Reply:
    """Judge the whole portfolio as it is now, and show what a sweep would do; nothing is kept and nothing opens."""
    parts, now = await desk.parts(), utc_now()
    judge, key = parts.judge(), f"check-{uuid4().hex[:12]}"
    checked = Checked()
    try:
        with desk.working("reading what is known"):
            stock = await judge.take_stock(key, now)
        spans = [Span(key=key, at=now, buckets=buckets) for buckets in sweeping.parts(stock.accounts)]
        with desk.counting("judging", len(spans)) as progress:
            for span in spans:
                checked = view_detection.added(checked, await judge.standing(span), await parts.playbooks.detection())
                progress.advance(progress.task_ids[0])
    finally:
        await judge.forget(key)
    return Reply(checked, view_detection.of_check(checked))


@command(app, "explain", example="detection explain acc-0001 --tick high=3 --tick medium=1")
async def explain(desk: Desk, account: Account, tick: Tick = None) -> Reply:
    """Why an account is where it is: what moved its score, what was found, by when it is answered, and its chances.

    With --tick, the class of save probability with the most ticks is suggested; you pick one with 'save triage'.
    """
    rules = await FolderPlaybooks(desk.settings.playbooks).detection()
    ticks = _ticks(tick, [one.name for one in rules.probabilities])
    parts = await desk.parts()
    found = await parts.judge().explained(account, utc_now())
    hint = suggested(ticks, rules)
    data = found.model_dump(mode="json") | {"probability": hint.model_dump(mode="json")}
    return Reply(data, view_detection.of_explained(found, hint, rules))


@command(app, "sweep", example="detection sweep")
async def sweep(desk: Desk) -> Reply:
    """Sweep the whole portfolio now, as the schedule does each day, and wait for what it comes to."""
    client = await desk.client()
    handle = await client.start_workflow(
        WorkflowType.HEALTH_SWEEP,
        SweepStart(),
        id=SWEEP,
        task_queue=Queue.CASES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="the health of the portfolio",
        result_type=SweepReport,
    )
    with desk.working("sweeping; it goes on where this command is stopped"):
        report: SweepReport = await handle.result()
    return Reply(report, view_detection.of_report(report))


@command(app, "sweeps", example="detection sweeps")
async def sweeps(desk: Desk, sweep_: Sweep = None) -> Reply:
    """What the last sweeps came to, in numbers; with the id of one, account by account.

    A sweep that is not finished goes on, or came to an end by a fault that Temporal's page shows.
    """
    parts = await desk.parts()
    if sweep_ is None:
        latest = await parts.sweeps.latest(_LISTED)
        return Reply(latest, view_detection.of_sweeps(latest))
    report = await parts.sweeps.report(sweep_)
    at = report.at or utc_now()
    found = sweeping.became(await parts.alerts.answered(at))
    told = Came(report=report, accounts=found, insufficient=dict(await parts.health.unscored(at.date())))
    return Reply(told, view_detection.of_came(told))


@command(app, "schedule", example="detection schedule")
async def schedule(desk: Desk) -> Reply:
    """When the sweep runs next; a worker sets the schedule by 'sweep' in detection.yaml when it starts."""
    found = await schedules.of_sweep(await desk.client())
    return Reply(found, view_detection.of_schedule(found))


def _ticks(given: list[str] | None, known: list[str]) -> dict[str, int]:
    ticks = pairs(given, "--tick")
    wrong = next((name for name, text in ticks.items() if name not in known or not text.isdigit()), None)
    if wrong is not None:
        said = f"--tick takes class=number with a class of {', '.join(known)}; got '{wrong}={ticks[wrong]}'"
        raise Failure(ExitCode.SETUP, "Usage", said)
    return {name: int(text) for name, text in ticks.items()}
