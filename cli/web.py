"""``web``: the web program of this instance, which takes in webhooks."""

from __future__ import annotations

import asyncio

import typer
from rich.text import Text

from adapters.backup import home_lock
from adapters.observe.logging import configure_logging
from adapters.observe.metrics import free_address
from cli.command import Reply, finish, out_console
from cli.desk import Desk, open_desk


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("web")(web)


def web() -> None:
    """Run the web program here, beside a worker: it takes in webhooks of the senders whose secrets are set.

    It listens on FOLLOWTHROUGH_WEB, on this machine alone unless set, and ends with Ctrl-C. What it has kept and not worked
    goes on at the next start.

    Example: [bold]FOLLOWTHROUGH_HOME=.followthrough/mine python starter.py web[/bold]
    """

    async def answer() -> Reply:
        async with open_desk(out_console(stderr=True)) as desk:
            return await _serve(desk)

    finish(answer, False)


async def _serve(desk: Desk) -> Reply:
    from web.app import build_app  # no other command pays for it
    from web.house import House
    from web.serving import listening

    settings = desk.settings
    configure_logging(settings.log_format, settings.log_level)
    with home_lock(settings.home):
        await desk.parts()
        address = await asyncio.to_thread(free_address, settings.web)
        heard = ", ".join(settings.heard()) or "nobody: set the secret of a sender, see docs/parts/webhooks-in.md"
        said = f"The web program: http://{address}; it hears {heard}. Ctrl-C ends it."
        out_console().print(Text(said), soft_wrap=True)
        await listening(build_app(House(settings, desk)), address)
    return Reply({"stopped": True}, Text("The web program has ended; what it kept goes on at the next start."))
