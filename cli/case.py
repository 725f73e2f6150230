"""``case``: what the book knows of cases, and what keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from cli import cases, view_case, view_history
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.options import By, CaseOrAccount
from cli.seats import seats_of
from cli.stuck import Stuck, find_stuck
from cli.words import table
from models.base import Record
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind
from models.commands import RetryNow

app = group("Look at cases: list them, read their history, find those that are stuck.")


class Retried(Record):
    """The case that was told to try at once."""

    account_id: str


@command(app, "list", example="case list --overdue --owner usr-01")
async def list_(
    desk: Desk,
    open_only: Annotated[bool, typer.Option("--open", help="Open cases only.")] = False,
    closed_only: Annotated[bool, typer.Option("--closed", help="Closed cases only.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only cases with an overdue step.")] = False,
    owner: Annotated[str | None, typer.Option("--owner", help="Id of the person who leads the case.")] = None,
) -> Reply:
    """The cases in the book, the next due first."""
    book = (await desk.parts()).book
    wanted = CaseFilter(open_only=open_only, overdue_only=overdue, owner=owner, limit=10_000)
    found = [entry for entry in await book.cases(wanted) if _fits(entry, open_only, closed_only)]
    return Reply(found, view_case.of_cases(found, await desk.names(), datetime.now(UTC)))


@command(app, "show", example="case show recovery:acc-0001")
async def show(
    desk: Desk,
    case: CaseOrAccount,
    everything: Annotated[bool, typer.Option("--all", help="Show the steps that have ended, too.")] = False,
) -> Reply:
    """One case with its plan: asked of an open one, read from the book for a closed one."""
    entry = await cases.find(desk, case)
    kind = CaseKind(entry.kind)
    last = await cases.latest(desk, cases.key_of(entry), kind)
    if entry.case_id == last.case_id:
        seen = await cases.see(desk, cases.key_of(entry), kind)
    else:
        seen = cases.Seen(await (await desk.parts()).book.status_of(entry.case_id))
    seats, title = await seats_of(desk, seen.status), await _title(desk, entry)
    return Reply(seen.status, view_case.of_status(seen, title, await desk.names(), seats, everything=everything))


@command(app, "history", example="case history acc-0001")
async def history(desk: Desk, case: CaseOrAccount) -> Reply:
    """Everything that happened in a case, from the book: when, what, who and why."""
    entry = await cases.find(desk, case)
    events = await (await desk.parts()).book.timeline(entry.case_id)
    return Reply(events, view_history.of_history(events, await desk.names()))


@command(app, "stuck", example="case stuck")
async def stuck(desk: Desk) -> Reply:
    """Open cases that do not go on, why, and what to do.

    A case is stuck where its next wake-up passed more than 15 minutes ago, its workflow task fails, an effect is tried
    again and again, Temporal and the book do not agree about it, or nobody has one of its open steps.
    """
    found = await find_stuck(desk)
    return Reply(found, _of_stuck(found) if found else Text("no case is stuck", style="green"))


@command(app, "retry", example="case retry acc-0001 --by usr-01")
async def retry(desk: Desk, case: CaseOrAccount, by: By) -> Reply:
    """Try at once what waits for its next try (signal retry_now), for when a service is back."""
    kind, account = cases.named(case)
    await cases.signal(desk, account, RetryNow(by=by), kind)
    return Reply(Retried(account_id=account), Text(f"the case of {account} tries again now"))


async def _title(desk: Desk, entry: CaseEntry) -> str:
    """The account by name and id; a review by its name, with its account where it is of one."""
    if not entry.account_id:
        return cases.key_of(entry)
    account = await (await desk.parts()).crm.account(entry.account_id)
    called = f"{account.name} ({account.id})"
    return f"{cases.key_of(entry)} · {called}" if entry.kind == CaseKind.REVIEW else called


def _fits(entry: CaseEntry, open_only: bool, closed_only: bool) -> bool:
    if open_only == closed_only:
        return True
    return (entry.closed_at is None) == open_only


def _of_stuck(found: list[Stuck]) -> RenderableType:
    rows = table("account", "why", "what to do")
    for each in found:
        rows.add_row(each.account_id, f"[red]{escape(each.why)}[/]", escape(each.what_to_do))
    return rows
