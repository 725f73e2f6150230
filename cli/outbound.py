"""What leaves the house: the kill switch, and the outbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli import cases
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import unknown
from cli.options import By, Reason
from cli.strangers import check_present
from cli.view_letters import of_letter, of_outbox
from cli.words import counted, when
from models.base import Record
from models.book import CaseEntry, CaseFilter
from models.commands import RetryNow
from models.letter import Attachment, OutboundSwitch, OutboxState

app = group("Read what was sent, and what is held back.")


class Resumed(Record):
    """The switch after it was turned back, and the accounts whose cases try again at once."""

    switch: OutboundSwitch
    cases_told: tuple[str, ...] = ()


def add_to(main: typer.Typer) -> None:
    """Add the kill switch to the commands at the top."""
    command(main, "pause-all", example='pause-all --by usr-07 --reason "wrong template went out"')(pause_all)
    command(main, "resume-all", example="resume-all --by usr-07")(resume_all)


async def pause_all(desk: Desk, by: By, reason: Reason) -> Reply:
    """Stop all outgoing mail at once: nothing leaves, everything queues, cases go on."""
    parts = await desk.parts()
    await check_present(parts, by)
    switch = await parts.outbox.pause(by, reason)
    return Reply(switch, Text("outgoing mail is paused; what is due waits until 'resume-all'", style="yellow"))


async def resume_all(desk: Desk, by: By) -> Reply:
    """Let mail leave again; every open case tries at once what was held back."""
    parts = await desk.parts()
    await check_present(parts, by)
    await desk.client()
    switch = await parts.outbox.resume(by)
    entries = await parts.book.cases(CaseFilter(open_only=True, limit=100_000))
    told = await cases.signal_each(desk, sorted(entries, key=_account), RetryNow(by=by), "telling open cases")
    said = f"outgoing mail leaves again; {counted(len(told), 'open case')} told to try at once what was held back"
    return Reply(Resumed(switch=switch, cases_told=tuple(told)), Text(said, style="green"))


def _account(entry: CaseEntry) -> str:
    return entry.account_id


@command(app, "list", example="outbox list --state held")
async def list_(
    desk: Desk,
    state: Annotated[list[OutboxState] | None, typer.Option("--state", help="Only these; may be given again.")] = None,
    case: Annotated[
        str | None, typer.Option("--case", help="Only letters of this case, or all of this account.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50,
) -> Reply:
    """The letters, the latest change first: sent, held back, refused, on their way."""
    outbox = (await desk.parts()).outbox
    entries = await outbox.entries(tuple(state or ()), await _meant(desk, case) if case else None, limit)
    switch = await outbox.switch()
    paused = f"outgoing mail is paused by {switch.by} since {when(switch.at)} UTC: {switch.reason}"
    return Reply(entries, of_outbox(entries, paused if switch.paused else ""))


async def _meant(desk: Desk, case_or_account: str) -> tuple[str, ...]:
    """Under which ids the letters of an account are kept, with a case or without; or those of the one case that is named."""
    parts = await desk.parts()
    theirs = {entry.case_id for entry in await parts.book.cases(CaseFilter(account_id=case_or_account, limit=10_000))}
    theirs |= set(await parts.outbox.written_under(case_or_account))
    if theirs or case_or_account in {account.id for account in await parts.crm.accounts()}:
        return tuple(sorted(theirs))
    if await parts.outbox.entries(cases=(case_or_account,), limit=1):
        return (case_or_account,)
    return ((await cases.find(desk, case_or_account)).case_id,)


@command(app, "show", example="outbox show KEY --files letters/")
async def show(
    desk: Desk,
    key: Annotated[str, typer.Argument(help="Key, as 'outbox list' shows it.", show_default=False)],
    files: Annotated[
        Path | None, typer.Option("--files", help="Write the files that go with it into this folder.")
    ] = None,
) -> Reply:
    """One letter whole, as it left or would leave."""
    entry = await (await desk.parts()).outbox.entry(key)
    if entry is None:
        raise unknown("UnknownLetter", f"there is no letter with the key '{key}'; see 'outbox list'")
    if files:
        _write(entry.letter.attachments, files)
    return Reply(entry, of_letter(entry))


@command(app, "settle", example="outbox settle KEY --arrived --by usr-07")
async def settle(
    desk: Desk,
    key: Annotated[str, typer.Argument(help="Key, as 'outbox list --state unsure' shows it.", show_default=False)],
    arrived: Annotated[bool, typer.Option("--arrived/--lost", help="What you found out.", show_default=False)],
    by: By,
) -> Reply:
    """Say whether a letter arrived of which the mail server's answer was lost; then send it again."""
    parts = await desk.parts()
    await parts.directory.person(by)
    entry = await parts.outbox.settle(key, arrived, by)
    if entry is None:
        raise unknown("UnknownLetter", f"no letter with the key '{key}' is unsure; see 'outbox list --state unsure'")
    said = "it counts as sent" if arrived else "it may leave again"
    return Reply(entry, Text(f"{said}; send or release it again, and the case goes on", style="green"))


def _write(attachments: tuple[Attachment, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in attachments:
        if file.content:
            (folder / file.file_name).write_bytes(file.content)
