"""``doctor``: each configured part, ready or not, and what to do about it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import typer
from rich.table import Table

from adapters import database
from adapters.playbooks.check import check as check_folder
from adapters.product_data.sql import SqlProductData
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.words import counted
from models.base import Record
from models.faults import PermanentFault, TransientFault
from models.webhooks import OutgoingState, ReceivedState

READY = "ready"


class Checked(Record):
    """A part: ready, or one sentence on what to do."""

    part: str
    ready: bool
    sentence: str = READY


class Diagnosis(Record):
    """Every part; ``ready`` where all are."""

    ready: bool
    parts: tuple[Checked, ...]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "doctor", example="doctor")(doctor)


async def doctor(desk: Desk) -> Reply:
    """Check each configured part: ready, or what to do about it.

    Nothing is changed and nothing is sent. Exit code 1 where a part is not ready.
    """
    with desk.working("looking at each part"):
        checked = [_of("settings", ""), await _home(desk), await _database(desk)]
        has_database = checked[-1].ready
        checked += [*await _services(desk, has_database), await _product_data(desk), await _temporal(desk)]
        checked += [await _webhooks_out(desk), await _webhooks_in(desk)] if has_database else []
        checked += [await _playbooks(desk)]
    found = Diagnosis(ready=all(part.ready for part in checked), parts=tuple(checked))
    return Reply(found, _table(found), ExitCode.OK if found.ready else ExitCode.NOT_NOW)


def _of(part: str, sentence: str) -> Checked:
    return Checked(part=part, ready=not sentence, sentence=sentence or READY)


async def _home(desk: Desk) -> Checked:
    home = desk.settings.home
    try:
        await asyncio.to_thread(_written, home)
    except OSError as error:
        why = (error.strerror or "").lower()
        return _of("home", f"{home} cannot be written to ({why}); set FOLLOWTHROUGH_HOME to a folder that can")
    return _of("home", "")


def _written(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=home) as file:
        file.write(b"-")


async def _database(desk: Desk) -> Checked:
    try:
        await database.check_migrated(desk.settings.database)
    except PermanentFault as fault:
        return _of("database", fault.sentence)
    return _of("database", "")


async def _services(desk: Desk, has_database: bool) -> tuple[Checked, ...]:
    """The parts that note in the database what they do."""
    if not has_database:
        sentence = "what {} is noted in the database; put that right first"
        done = {"email": "leaves", "crm": "is copied", "billing": "is billed", "access": "changes", "files": "is kept"}
        done |= {"chat": "is carried"}
        return tuple(_of(part, sentence.format(does)) for part, does in done.items())
    parts = await desk.parts()
    return (
        _of("email", await parts.email.check()),
        _of("crm", await parts.crm.check()),
        _of("billing", await parts.billing.check()),
        _of("access", await parts.access.check()),
        _of("files", await parts.exports.check()),
        _of("chat", await parts.chat.check() if parts.chat else ""),
    )


async def _webhooks_out(desk: Desk) -> Checked:
    parts = await desk.parts()
    if parts.endpoint is None:
        return _of("webhooks out", "")
    dead = await parts.outgoing.count(OutgoingState.DEAD)
    lost = f"{counted(dead, 'event')} given up; once the endpoint takes them: python starter.py webhooks replay --dead"
    return _of("webhooks out", await parts.endpoint.check() or (lost if dead else ""))


async def _webhooks_in(desk: Desk) -> Checked:
    failed = await (await desk.parts()).received.count(ReceivedState.FAILED)
    waits = (
        f"{counted(failed, 'event')} to be looked at by a person: python starter.py webhooks received --state failed"
    )
    return _of("webhooks in", waits if failed else "")


async def _product_data(desk: Desk) -> Checked:
    try:
        await asyncio.to_thread(SqlProductData(desk.settings.product_data).tables)
    except (PermanentFault, TransientFault) as fault:
        return _of("product data", str(fault))
    return _of("product data", "")


async def _temporal(desk: Desk) -> Checked:
    try:
        await desk.client()
    except PermanentFault as fault:
        return _of("temporal", fault.sentence)
    return _of("temporal", "")


async def _playbooks(desk: Desk) -> Checked:
    folder = desk.settings.playbooks
    faults = await asyncio.to_thread(check_folder, folder)
    more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
    todo = f"python starter.py playbook check {folder}"
    return _of("playbooks", f"{faults[0]}{more}; all of them: {todo}" if faults else "")


def _table(found: Diagnosis) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for part in found.parts:
        table.add_row(part.part, f"[green]{READY}[/]" if part.ready else f"[red]not ready:[/] {part.sentence}")
    return table
