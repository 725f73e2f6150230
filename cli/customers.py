"""``crm``: what makes the CRM ready."""

from __future__ import annotations

from rich.text import Text

from cli.command import Reply, command, group
from cli.desk import Desk
from cli.words import counted
from models.base import Record

app = group("The CRM: make it ready for what is written there.")


class Prepared(Record):
    """The fields that were created."""

    created: tuple[str, ...]


@command(app, "prepare", example="crm prepare")
async def prepare(desk: Desk) -> Reply:
    """Create the fields that the CRM lacks for what is written there; what is there stays as it is."""
    with desk.working("looking at its fields"):
        created = await (await desk.parts()).crm.prepare()
    said = f"{counted(len(created), 'field')} created: {', '.join(created)}" if created else "nothing was missing"
    return Reply(Prepared(created=created), Text(said, style="green"))
