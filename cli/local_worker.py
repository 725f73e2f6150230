"""The worker of a local instance: a process of its own that ends with the command that started it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.temporal import tethered
from cli.codes import ExitCode
from cli.command import Reply
from cli.exits import Failure
from settings import CHECKOUT

LOG = "worker.log"
_STOP_SECONDS = 6.0


def environment(address: str, without: tuple[str, ...] = ()) -> dict[str, str]:
    """What a worker of the local server at ``address`` gets: nothing of another cluster, nor what begins so."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", *without))}
    return kept | {"TEMPORAL_ADDRESS": address}


@asynccontextmanager
async def worker(home: Path, environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker with this environment, tied to this process, with its log in the home. It is asked to stop, then made to."""
    tie = (sys.executable, "-I", "-S", tethered.__file__, str(os.getpid()))
    with (home / LOG).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(*tie, sys.executable, str(CHECKOUT / "worker.py")),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def until_stopped(running: Coroutine[Any, Any, Reply], what: str) -> Reply:
    """Ctrl-C and SIGTERM end it in an orderly way; everything that was started is stopped before this returns.

    Raises ``Failure`` where the stop came before there was an answer; ``what`` names it, such as ``The demo``.
    """
    task, stop = asyncio.create_task(running), asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        if task.cancelled() or task.exception():  # whatever was under way is told of the stop in its own words
            raise Failure(ExitCode.NOT_NOW, "Stopped", f"{what} was stopped; nothing of it is running any more.")
    return task.result()
