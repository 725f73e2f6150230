"""``webhooks``: what other systems were told, what they sent, and what a person does where it did not go through."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.json import JSON
from rich.text import Text

from adapters.clock import utc_now
from cli import view_webhooks
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure
from cli.options import By, Why
from cli.strangers import check_present
from cli.words import counted
from models.webhooks import OutgoingState, ReceivedState, Source

app = group("What other systems are told of cases, and what they send.")

Events = Annotated[list[str] | None, typer.Argument(metavar="EVENT...", help="Ids of events.", show_default=False)]
EventId = Annotated[
    str, typer.Argument(metavar="EVENT", help="Id of the event, as the list shows it.", show_default=False)
]
Sender = Annotated[Source, typer.Argument(help="Who sent it.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most.")]


@command(app, "list", example="webhooks list --state dead")
async def list_(
    desk: Desk,
    state: Annotated[
        list[OutgoingState] | None, typer.Option("--state", help="Only these; may be given again.")
    ] = None,
    case: Annotated[str, typer.Option("--case", help="Only events of this case, or of this account.")] = "",
    limit: Limit = 50,
) -> Reply:
    """What other systems are told, the latest first; --state dead: what no attempt brought through."""
    found = await (await desk.parts()).outgoing.entries(tuple(state or ()), case, limit)
    return Reply(found, view_webhooks.of_outgoing(found))


@command(app, "show", example="webhooks show evt-0f3c21")
async def show(desk: Desk, event: EventId) -> Reply:
    """The body of an event as it is signed and sent."""
    found = await (await desk.parts()).outgoing.entry(event)
    return Reply(found, JSON(found.body))


@command(app, "replay", example="webhooks replay --dead")
async def replay(
    desk: Desk,
    events: Annotated[
        list[str] | None, typer.Argument(metavar="EVENT...", help="Ids of events.", show_default=False)
    ] = None,
    dead: Annotated[bool, typer.Option("--dead", help="Every one that no attempt brought through.")] = False,
) -> Reply:
    """Send events again, under the same ids; a worker does so within seconds."""
    if bool(events) == dead:
        raise Failure(ExitCode.SETUP, "Usage", "give either ids of events, or --dead")
    sent = await (await desk.parts()).outgoing.replay(tuple(events or ()), utc_now())
    return Reply(sent, Text(f"{counted(len(sent), 'event')} sent again by the next round of a worker", style="green"))


@command(app, "received", example="webhooks received --state failed")
async def received(
    desk: Desk,
    state: Annotated[
        list[ReceivedState] | None, typer.Option("--state", help="Only these; may be given again.")
    ] = None,
    limit: Limit = 50,
) -> Reply:
    """What other systems sent, the latest first; --state failed: what waits for a person."""
    found = await (await desk.parts()).received.entries(tuple(state or ()), limit)
    return Reply(found, view_webhooks.of_received(found))


@command(app, "again", example="webhooks again stripe evt_1RkZ")
async def again(desk: Desk, sender: Sender, event: EventId) -> Reply:
    """Try one again that waits for a person, once its cause is put right."""
    found = await (await desk.parts()).received.again(sender, event, utc_now())
    return Reply(found.model_copy(update={"body": b""}), Text("the web program tries it again", style="green"))


@command(app, "dismiss", example='webhooks dismiss segment m-104 --by usr-07 --why "an account of a test"')
async def dismiss(desk: Desk, sender: Sender, event: EventId, by: By, why: Why) -> Reply:
    """Put one aside that waits for a person; what it held is forgotten."""
    parts = await desk.parts()
    await check_present(parts, by)
    found = await parts.received.dismiss(sender, event, by, why, utc_now())
    return Reply(found, Text("put aside", style="green"))
