"""``serve``: an instance of one's own on this machine: a local Temporal with its page, and a worker."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress

import typer
from rich.console import Console
from rich.text import Text

from adapters.database import migrate
from adapters.temporal.dev_server import DevServer
from cli.codes import ExitCode
from cli.command import Reply, finish, out_console
from cli.exits import Failure
from cli.local_worker import LOG, environment, until_stopped, worker
from settings import Settings, load_settings
from workflows.contract import SEARCH_ATTRIBUTES


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve() -> None:
    """Run this instance here: bring its database up to date, start a local Temporal with its page, and a worker.

    Everything is kept in FOLLOWTHROUGH_HOME, and goes on where it stood at the next start. Ends with Ctrl-C. Where a
    Temporal runs elsewhere, start 'python worker.py' with TEMPORAL_ADDRESS instead.

    Example: [bold]FOLLOWTHROUGH_HOME=.followthrough/mine python starter.py serve[/bold]
    """
    finish(lambda: until_stopped(_serve(load_settings(), out_console()), "The instance"), False)


async def _serve(settings: Settings, console: Console) -> Reply:
    await migrate(settings.database)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DevServer(settings.home, SEARCH_ATTRIBUTES))
        process = await stack.enter_async_context(worker(settings.home, environment(server.address)))
        console.print(_said(settings, server), soft_wrap=True)
        with suppress(asyncio.CancelledError):
            await process.wait()
            raise Failure(ExitCode.SETUP, "WorkerEnded", f"The worker ended by itself; {settings.home / LOG} says why.")
        return Reply({"stopped": True}, Text("The instance has ended; its state is kept."))


def _said(settings: Settings, server: DevServer) -> Text:
    return Text(
        f"Temporal's page: {server.ui}\n"
        f"The worker runs; its log: {settings.home / LOG}\n"
        f"In another terminal: export FOLLOWTHROUGH_HOME={settings.home}\n"
        "Ctrl-C ends both; what is owed goes on at the next start."
    )
