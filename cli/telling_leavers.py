"""``winback tell``: what a leaver named is fixed, and they wanted to hear of it (OFFB-37)."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.clock import utc_now
from adapters.playbooks.folder import FolderPlaybooks
from cli.after import WIN_BACK
from cli.after import winback as winback
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import refused, unknown
from cli.giving import give
from cli.options import Account, By, CommandId, day
from models.after_commands import SetOptIn, TellFixed
from models.case import RefusalType
from models.metrics import LoopEntry
from rules.metrics.loop import loop

Words = Annotated[str, typer.Option("--words", help="Their own words.", show_default=False)]


@command(winback, "tell", example="winback tell acc-0003 --by usr-02")
async def tell(
    desk: Desk,
    account: Account,
    by: By,
    incident: Annotated[str, typer.Option("--incident", help="Which one, where several are fixed.")] = "",
    named: Annotated[str, typer.Option("--named", help="What they named, in their own words.")] = "",
    since: Annotated[
        str | None, typer.Option("--since", help="The day since which it works.", show_default=False)
    ] = None,
    command_id: CommandId = None,
) -> Reply:
    """Draft the letter that what they named is fixed, as 'report loop' has it; a person writes the rest and releases it.

    Nobody is told who wants no contact, or did not say that they want to hear of it.
    """
    found = await _named(desk, account, incident)
    works = day(since) if since else found.fixed_at.date()
    given = TellFixed(named=named or found.named, since=works, by=by)
    return await give(desk, account, given, command_id, WIN_BACK)


@command(winback, "opt-in", example='winback opt-in acc-0003 --yes --words "do write when it is out" --by usr-02')
async def opt_in(
    desk: Desk,
    account: Account,
    by: By,
    words: Words,
    wanted: Annotated[bool, typer.Option("--yes/--no", help="Do they want to hear of it?", show_default=False)],
    command_id: CommandId = None,
) -> Reply:
    """Whether they want to hear when what they named is fixed, and how they said so; the last word counts."""
    return await give(desk, account, SetOptIn(may_tell=wanted, words=words, by=by), command_id, WIN_BACK)


async def _named(desk: Desk, account: str, incident: str) -> LoopEntry:
    """What of the loop is meant. Raises ``Failure`` where nothing is fixed, several are, or they are left in peace."""
    parts = await desk.parts()
    await parts.crm.account(account)
    policy = await FolderPlaybooks(desk.settings.playbooks).metrics()
    entries = loop(await parts.book.records(), await parts.incidents.incidents(), policy, utc_now())
    theirs = [entry for entry in entries if entry.account_id == account]
    meant = [entry for entry in theirs if not incident or entry.incident_id == incident]
    if not meant:
        raise unknown("NothingFixed", f"nothing that {account} named is fixed by now; see 'report loop'")
    free = [entry for entry in meant if not entry.blocked]
    if not free:
        raise refused(RefusalType.NOT_ALLOWED, f"{account} is not written to: {meant[0].blocked}")
    if len(free) > 1:
        known = ", ".join(entry.incident_id or "-" for entry in free)
        raise refused(
            RefusalType.BAD_PAYLOAD, f"several things that {account} named are fixed; give --incident: {known}"
        )
    return free[0]
