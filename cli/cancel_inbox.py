"""``cancel``: requests as they come in, and the inbox of what a person has to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from adapters.clock import utc_now
from adapters.inbound.reading import files_in
from adapters.playbooks.folder import FolderPlaybooks
from adapters.temporal.connect import NoTemporal
from cli import ingesting, view_inbox
from cli.cancel import ExitDate
from cli.cancel_wishes import app as app
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.ingesting import Result, Taken
from cli.options import By, day
from cli.strangers import check_present
from models.base import Record
from models.cancellation import Scope
from models.inbound import InboxState, Kept
from rules.inbound.judging import said_in
from rules.inbound.sorting import contact_of, dismissed, sorted_to
from rules.refusal import Refused

ArrivalId = Annotated[str, typer.Argument(help="Its id, as 'cancel inbox' shows it.", show_default=False)]
_LONGEST = 2_000


class Ingested(Record):
    """What became of each file, and the files of folders that were left out."""

    taken: tuple[Taken, ...]
    left_out: tuple[str, ...] = ()


@command(app, "ingest", example="cancel ingest sample/cancellations")
async def ingest(
    desk: Desk,
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE_OR_FOLDER...",
            help="Mails (.eml), tickets and portal forms (.json), notes (.txt), or folders of them.",
            show_default=False,
        ),
    ],
    today: Annotated[
        str | None, typer.Option("--today", help="Judge as on this day; the real one if left out.", show_default=False)
    ] = None,
) -> Reply:
    """Take in requests as they arrive: what is sure reaches its case, what is not waits in the inbox; twice counts once."""
    files, left = await asyncio.to_thread(files_in, places)
    rules = await FolderPlaybooks(desk.settings.playbooks).inbound()
    taken = []
    with desk.counting("taking in", len(files)) as progress:
        for file in files:
            taken.append(await ingesting.take_in(desk, file, rules, _as_of(today)))
            progress.advance(progress.task_ids[0])
    taken = await _handed_on(desk, taken)
    done = Ingested(taken=tuple(taken), left_out=tuple(str(file) for file in left))
    return Reply(done, view_inbox.of_taken(done.taken, done.left_out), _code(taken))


@command(app, "inbox", example="cancel inbox")
async def inbox(
    desk: Desk,
    arrival: Annotated[str, typer.Argument(help="Id of one of them, to read it whole.", show_default=False)] = "",
    everything: Annotated[bool, typer.Option("--all", help="Show what was sorted, too.")] = False,
) -> Reply:
    """What came in and a person has to look at, the oldest first; with an id, that one whole."""
    kept_in = (await desk.parts()).inbox
    rules = await FolderPlaybooks(desk.settings.playbooks).inbound()
    if not arrival:
        found = await kept_in.listed(everything=everything)
        return Reply(found, view_inbox.of_inbox(found, utc_now(), timedelta(hours=rules.look_within_hours)))
    one = await kept_in.find(arrival)
    return Reply(one, view_inbox.of_kept(one, said_in(one.arrival, rules)))


@command(app, "sort", example="cancel sort mail-52b1c07d9e64a3f8b215 --account acc-0040 --contact con-0069 --by usr-03")
async def sort(
    desk: Desk,
    arrival: ArrivalId,
    by: By,
    account: Annotated[str, typer.Option("--account", help="Whose it is: it goes on to that case.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Who asks; whoever was found if left out.")] = "",
    exit_date: ExitDate = None,
    scope: Annotated[Scope | None, typer.Option("--scope", help="How much ends; as found if left out.")] = None,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="It asks for nothing; put it aside.")] = False,
    why: Annotated[str, typer.Option("--why", help="Why it is put aside.")] = "",
) -> Reply:
    """Decide on one of the inbox: hand it on as a request to cancel, or put it aside with a reason."""
    _check_usage(account, why, dismiss=dismiss)
    parts = await desk.parts()
    await check_present(parts, by)
    kept = await parts.inbox.find(arrival)
    try:
        if dismiss:
            kept = dismissed(kept, why.strip(), by, utc_now())
        else:
            asking = contact_of(await parts.crm.contacts(account), kept, contact)
            end = day(exit_date) if exit_date else None
            kept = sorted_to(kept, account, asking, by, utc_now(), exit_date=end, scope=scope)
    except Refused as no:
        raise refused(no.kind, no.sentence) from no
    await parts.inbox.put(kept)
    return await _sorted(desk, kept)


async def _handed_on(desk: Desk, taken: list[Taken]) -> list[Taken]:
    """All of them are kept before the first is handed on; without a server none is tried twice."""
    try:
        with desk.working("handing on what is sure"):
            return [await ingesting.go_on(desk, one) for one in taken]
    except NoTemporal as nobody:
        return [ingesting.not_now(one, nobody.sentence) for one in taken]


async def _sorted(desk: Desk, kept: Kept) -> Reply:
    if kept.state is InboxState.ON_ITS_WAY:
        known_as = f"{kept.id}-{int(kept.sorted_at.timestamp())}" if kept.sorted_at else kept.id
        with desk.working(f"handing it on to {kept.judged.account_id}"):
            kept = await ingesting.hand_on(desk, kept, known_as)
        if kept.state is InboxState.WAITING:
            raise refused("Refused", f"{kept.judged.why}; it waits in the inbox again")
    return Reply(kept, view_inbox.of_sorted(kept))


def _check_usage(account: str, why: str, *, dismiss: bool) -> None:
    if dismiss == bool(account) or dismiss != bool(why.strip()):
        raise Failure(ExitCode.SETUP, "Usage", "give either --account ID, or --dismiss with --why")
    if len(why) > _LONGEST:
        raise Failure(ExitCode.SETUP, "Usage", f"--why has {len(why)} characters; give {_LONGEST} at most")


def _as_of(today: str | None) -> datetime:
    return datetime.combine(day(today), time.max, UTC) if today else utc_now()


def _code(taken: Sequence[Taken]) -> ExitCode:
    if any(one.result is Result.NOT_NOW for one in taken):
        return ExitCode.NOT_NOW
    return ExitCode.FAULTY_FILES if any(one.unreadable for one in taken) else ExitCode.OK
