"""``serve``: an instance of one's own on this machine: a local Temporal with its page, and a worker."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from time import monotonic

import typer
from rich.console import Console
from rich.text import Text

from adapters.database import migrate
from adapters.playbooks.check import check
from adapters.temporal.dev_server import DevServer
from cli.codes import ExitCode
from cli.command import Reply, finish, out_console
from cli.exits import Failure
from cli.local_worker import LOG, environment, until_stopped, worker
from cli.words import counted
from settings import Settings, load_settings
from workflows.contract import SEARCH_ATTRIBUTES

MOST_ENDS = 5
"""How often in a row a worker may end by itself."""
_SHOWN = 5
_PAUSE_SECONDS, _SHORT_LIFE_SECONDS = 2.0, 60.0


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve() -> None:
    """Run this instance here: bring its database up to date, start a local Temporal with its page, and a worker.

    Everything is kept in FOLLOWTHROUGH_HOME, and goes on where it stood at the next start. A worker that ends by itself is
    started again. Ends with Ctrl-C. Where a Temporal runs elsewhere, start 'python worker.py' with TEMPORAL_ADDRESS instead.

    Example: [bold]FOLLOWTHROUGH_HOME=.followthrough/mine python starter.py serve[/bold]
    """
    finish(lambda: until_stopped(_serve(load_settings(), out_console()), "The instance"), False)


async def _serve(settings: Settings, console: Console) -> Reply:
    await migrate(settings.database)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DevServer(settings.home, SEARCH_ATTRIBUTES))
        with suppress(asyncio.CancelledError):
            await _kept_running(settings, server, console)
        return Reply({"stopped": True}, Text("The instance has ended; its state is kept."))


async def _kept_running(settings: Settings, server: DevServer, console: Console) -> None:
    """A worker, and another one where it ends by itself. Raises ``Failure`` after several short lives in a row."""
    ends, log = 0, settings.home / LOG
    while ends < MOST_ENDS:
        began = monotonic()
        async with worker(settings.home, environment(server.address)) as process:
            if not ends:
                console.print(_said(settings, server), soft_wrap=True)
                await _warn(settings.playbooks, console)
            await process.wait()
        ends = 1 if monotonic() - began > _SHORT_LIFE_SECONDS else ends + 1
        if ends < MOST_ENDS:
            again = f"The worker ended by itself and is started again in {_PAUSE_SECONDS:g} s; {log} says why."
            console.print(again, soft_wrap=True)
            await asyncio.sleep(_PAUSE_SECONDS)
    raise Failure(ExitCode.SETUP, "WorkerEnded", f"The worker ended by itself {ends} times in a row; {log} says why.")


async def _warn(playbooks: Path, console: Console) -> None:
    """Say here, and not in the log alone, what is at fault: what a faulty file is for waits, such as the sweep."""
    faults = await asyncio.to_thread(check, playbooks)
    if not faults:
        return
    lines = [str(fault) for fault in faults[:_SHOWN]]
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    head = (
        f"{counted(len(faults), 'fault')} in {playbooks}; what needs a faulty file does not run until it is put right:"
    )
    end = "'playbook check' shows every fault; start again once there is none."
    console.print(Text("\n".join([head, *lines, *more, end]), style="red"), soft_wrap=True)


def _said(settings: Settings, server: DevServer) -> Text:
    return Text(
        f"Temporal: {server.address} (for its own tool: export TEMPORAL_ADDRESS={server.address}), its page: {server.ui}\n"
        f"The worker runs; its log: {settings.home / LOG}\n"
        f"In another terminal: export FOLLOWTHROUGH_HOME={settings.home}{_more(settings)}\n"
        "Ctrl-C ends both; what is owed goes on at the next start."
    )


def _more(settings: Settings) -> str:
    """What the home alone does not tell another terminal; the URL may hold a password and is not shown."""
    return " and FOLLOWTHROUGH_DATABASE as it is set here" if settings.database.startswith("postgresql") else ""
