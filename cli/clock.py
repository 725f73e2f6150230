"""``fast-forward``: move the clocks of an account's open cases, on the local development server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text
from temporalio.client import Client

from adapters.temporal.skipping import NOT_RUNNING, virtual_now
from adapters.temporal.skipping import fast_forward as move
from cli import cases
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import unknown
from cli.options import CaseOrAccount, length
from cli.words import when
from models.base import Record, Utc
from models.case import CaseKind
from models.faults import PermanentFault
from workflows.contract import workflow_id

_FOLLOWS = {
    CaseKind.RECOVERY: CaseKind.SAVE,
    CaseKind.RETENTION: CaseKind.CANCELLATION,
    CaseKind.WIN_BACK: CaseKind.CANCELLATION,
}
# A deferral first, which may open the save; a review has a clock of its own.
_ORDER = (CaseKind.DEFERRAL, *(kind for kind in CaseKind if kind not in (CaseKind.DEFERRAL, CaseKind.REVIEW)))


class Moved(Record):
    """A case and the time of its own clock now (UTC)."""

    workflow_id: str
    now: Utc


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "fast-forward", example="fast-forward acc-0001 3d")(fast_forward)


async def fast_forward(
    desk: Desk,
    case: CaseOrAccount,
    by: Annotated[str, typer.Argument(metavar="LENGTH", help="3d, 12h, 90m, 1d12h or ISO.", show_default=False)],
) -> Reply:
    """Let time pass for all open cases of an account, timer by timer; a worker must be running.

    A case that another one starts begins where the clock of that one stands, and is brought up to there first.

    Only the local development server can do this.
    """
    delta = length(by)
    entry = await cases.find(desk, case)
    client = await desk.client()
    moved = []
    with desk.working(f"moving {cases.key_of(entry)} on by {by}"):
        kinds = (CaseKind.REVIEW,) if entry.kind == CaseKind.REVIEW else _ORDER
        since = {kind: await _since(desk, entry.account_id, kind) for kind in kinds}
        for kind in kinds:
            name = workflow_id(kind, cases.key_of(entry))
            now = await _moved(client, name, delta, since[kind])
            moved += [Moved(workflow_id=name, now=now)] if now else []
    if not moved:
        raise unknown(NOT_RUNNING, f"{cases.key_of(entry)} has no open case, so there is no clock to move")
    lines = "\n".join(f"{each.workflow_id} is at {when(each.now)} UTC" for each in moved)
    return Reply(moved, Text(lines))


async def _since(desk: Desk, account: str, kind: CaseKind) -> datetime | None:
    """The moment (UTC) from which on a case of that kind is moved; None where that is its own clock."""
    if kind in _FOLLOWS:
        return await _reached(desk, account, _FOLLOWS[kind])
    return await _begins(desk, account) if kind is CaseKind.SAVE else None


async def _begins(desk: Desk, account: str) -> datetime | None:
    """When the open save begins; how far the deferral has come that may open one (UTC)."""
    client, deferral = await desk.client(), workflow_id(CaseKind.DEFERRAL, account)
    if await cases.is_running(client, workflow_id(CaseKind.SAVE, account)):
        return (await cases.ask(client, account)).opened_at
    return await virtual_now(client, deferral) if await cases.is_running(client, deferral) else None


async def _reached(desk: Desk, account: str, kind: CaseKind) -> datetime | None:
    """How far the case had come that another one follows (UTC): its end, or the clock of a cancellation that still runs."""
    entry = await (await desk.parts()).book.latest_case(account, kind)
    if entry is None or entry.closed_at or kind is not CaseKind.CANCELLATION:
        return entry.closed_at if entry else None
    return await virtual_now(await desk.client(), entry.workflow_id)


def whole_way(delta: timedelta, own: datetime, since: datetime | None) -> timedelta:
    """How far a case whose clock is at ``own`` is moved: by ``delta`` from where it began, where that lies ahead (UTC)."""
    return delta + max(since - own, timedelta(0)) if since else delta


async def _moved(client: Client, name: str, delta: timedelta, since: datetime | None) -> datetime | None:
    """The new time of a case; None where it is not open, or ended before it was moved."""
    if not await cases.is_running(client, name):
        return None
    try:
        return await move(client, name, whole_way(delta, await virtual_now(client, name), since))
    except PermanentFault as fault:
        if fault.kind == NOT_RUNNING:
            return None
        raise
