"""``metrics``: the dashboard as data (F.16)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer

from adapters.clock import utc_now
from adapters.playbooks.folder import FolderPlaybooks
from cli import view_metrics
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure
from cli.options import day
from models.facts import NpsAnswer
from models.metrics import CaseRecord, Period
from models.metrics_policy import MetricsPolicy
from rules.metrics import board, cases

Since = Annotated[str | None, typer.Option("--from", help="The first day that counts (UTC).", show_default=False)]
Until = Annotated[str | None, typer.Option("--to", help="The last day that counts (UTC).", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "metrics", example="metrics --from 2026-10-01 --to 2026-12-31")(metrics)


async def metrics(desk: Desk, since: Since = None, until: Until = None) -> Reply:
    """METR-1 to METR-17: part and whole, target, and the source's own lines, which nobody has verified.

    A case counts in the period in which it was decided: closed, delivered, answered. Where nothing was measured, it says so.
    """
    period, policy, parts = period_of(since, until), await policy_of(desk), await desk.parts()
    records = await parts.book.records()
    found = board.board(
        records,
        policy,
        period,
        utc_now(),
        nps=await _nps_of_leavers(desk, records, policy),
    )
    return Reply(found, view_metrics.of_board(found))


def period_of(since: str | None, until: str | None) -> Period:
    """The period of two days, both included, in UTC."""
    start, end = (day(text) if text else None for text in (since, until))
    if start and end and end < start:
        raise Failure(ExitCode.SETUP, "Usage", f"--to {end} is before --from {start}; give the first day first")
    return Period(
        since=datetime.combine(start, time(), tzinfo=UTC) if start else None,
        until=datetime.combine(end, time(), tzinfo=UTC) + timedelta(days=1) if end else None,
    )


async def policy_of(desk: Desk) -> MetricsPolicy:
    """The targets of the instance's playbooks."""
    return await FolderPlaybooks(desk.settings.playbooks).metrics()


async def _nps_of_leavers(
    desk: Desk, records: tuple[CaseRecord, ...], policy: MetricsPolicy
) -> dict[str, tuple[NpsAnswer, ...]]:
    facts = (await desk.parts()).facts
    gone = {record.case.account_id for record in cases.leavers(records, policy.counting)}
    return {account: await facts.nps(account) for account in sorted(gone)}
