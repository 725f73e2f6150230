"""``save promise``: what was promised to the customer, and how far each promise has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from cli import cases, view_case
from cli.command import Reply, command, group
from cli.desk import Desk, Names
from cli.options import Account, By, CommandId, Why, moment
from cli.words import apart, table, when
from models.base import Utc
from models.commands import (
    Command,
    CommunicateCommitment,
    ConfirmCommitment,
    FulfilCommitment,
    MakeCommitment,
    WithdrawCommitment,
)
from models.promise import Commitment, PromiseKind, PromiseSource, PromiseState

app = group("Promises to the customer: make one, deliver it, tell of it, see it confirmed.")

Promise = Annotated[str, typer.Argument(help="Id of the promise, such as promise_1.", show_default=False)]
_COLOURS = {PromiseState.BREACHED: "red", PromiseState.CUSTOMER_CONFIRMED: "green", PromiseState.OPEN: "yellow"}


async def _give(desk: Desk, account: str, given: Command, command_id: str | None) -> Reply:
    answered = await cases.update(desk, account, given, command_id)
    return Reply(answered, view_case.of_answer(answered))


@command(
    app,
    "make",
    example='save promise make acc-0001 "Export of large files" --owner usr-12 --due 2026-12-04 --by usr-01 '
    "--source call",
)
async def make(
    desk: Desk,
    account: Account,
    text: Annotated[str, typer.Argument(help="What was promised, in one line.", show_default=False)],
    owner: Annotated[str, typer.Option("--owner", help="The one person who owes it.", show_default=False)],
    due: Annotated[str, typer.Option("--due", help="Until when, as ISO text.", show_default=False)],
    by: By,
    source: Annotated[PromiseSource, typer.Option("--source", help="Where it was said.", show_default=False)],
    roadmap: Annotated[bool, typer.Option("--roadmap", help="It is about the roadmap; asks for --evidence.")] = False,
    evidence: Annotated[
        str, typer.Option("--evidence", help="Who of product or engineering confirmed it, for the roadmap.")
    ] = "",
    command_id: CommandId = None,
) -> Reply:
    """Record a promise: one owner, a date, and the steps that see it through.

    Given twice it counts once, as long as it is open; a second one has other words or another date.
    """
    kind = PromiseKind.ROADMAP if roadmap else PromiseKind.GENERAL
    given = MakeCommitment(text=text, owner=owner, due=moment(due), source=source, kind=kind, evidence=evidence, by=by)
    return await _give(desk, account, given, command_id)


Proof = Annotated[str, typer.Option("--evidence", help="What proves it.", show_default=False)]


@command(
    app,
    "done",
    example='save promise done acc-0001 promise_1 --by usr-12 --evidence "release 4.2 of 24 Nov: the export runs"',
)
async def done(
    desk: Desk, account: Account, promise: Promise, by: By, evidence: Proof, command_id: CommandId = None
) -> Reply:
    """What was promised is delivered."""
    return await _give(desk, account, FulfilCommitment(commitment_id=promise, by=by, evidence=evidence), command_id)


@command(
    app,
    "told",
    example='save promise told acc-0001 promise_1 --by usr-01 --evidence "email 88213: told them that it runs"',
)
async def told(
    desk: Desk, account: Account, promise: Promise, by: By, evidence: Proof, command_id: CommandId = None
) -> Reply:
    """The customer was told clearly that it is done."""
    given = CommunicateCommitment(commitment_id=promise, by=by, evidence=evidence)
    return await _give(desk, account, given, command_id)


@command(
    app,
    "seen",
    example='save promise seen acc-0001 promise_1 --by usr-01 --evidence "the ops lead ran it and says it works"',
)
async def seen(
    desk: Desk,
    account: Account,
    promise: Promise,
    by: By,
    evidence: Proof,
    communicated: Annotated[
        str, typer.Option("--communicated", help="How they were told, where that is not on record yet.")
    ] = "",
    command_id: CommandId = None,
) -> Reply:
    """The customer confirms that they see the result."""
    given = ConfirmCommitment(commitment_id=promise, by=by, evidence=evidence, communicated=communicated)
    return await _give(desk, account, given, command_id)


@command(
    app, "withdraw", example='save promise withdraw acc-0001 promise_1 --by usr-01 --why "that was another customer"'
)
async def withdraw(
    desk: Desk, account: Account, promise: Promise, by: By, why: Why, command_id: CommandId = None
) -> Reply:
    """Take back a promise that was entered by mistake and is still open: it counts neither as kept nor as broken."""
    return await _give(desk, account, WithdrawCommitment(commitment_id=promise, by=by, reason=why), command_id)


@command(app, "list", example="save promise list acc-0001")
async def list_(desk: Desk, account: Account) -> Reply:
    """Every promise of the save attempt, what is broken on top; those of a closed one are read from the book."""
    status = (await cases.see(desk, account)).status
    return Reply(status.commitments, of_promises(status.commitments, await desk.names(), status.as_of))


def of_promises(promises: Sequence[Commitment], names: Names, now: Utc) -> RenderableType:
    """The promises, one in a line."""
    if not promises:
        return Text("nothing was promised yet", style="dim")
    rows = table("promise", "who owes it", "due (UTC)", "state")
    rows.columns[2].no_wrap = rows.columns[3].no_wrap = True
    for each in sorted(promises, key=lambda each: (each.state is not PromiseState.BREACHED, each.due)):
        due = f"{when(each.due)}\n[dim]{apart(each.due, now)}[/]" if each.done_at is None else when(each.due)
        late = "\n[dim]was broken[/]" if each.breached_at and each.state is not PromiseState.BREACHED else ""
        state = f"[{_COLOURS.get(each.state, 'dim')}]{each.state.value.replace('_', ' ')}[/]{late}"
        rows.add_row(f"{each.id}\n[dim]{escape(each.title)}[/]", escape(names.of(each.owner)), due, state)
    return rows
