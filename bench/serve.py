"""The worker that is measured, as a process of its own: ``python -m bench.serve HOME ADDRESS``.

It serves what ``worker.py`` serves, and the minimal workflow besides. It says ``ready`` once and ends with SIGTERM.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from bench.minimal import QUEUE, Minimal, nothing
from parts import open_parts
from settings import Settings
from worker import build_workers, sandbox


async def serve(home: Path, address: str) -> None:
    """Serve every queue of the home's instance until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(open_parts(Settings(home=home, playbooks=home / "playbooks")))
        client = await Client.connect(address, data_converter=pydantic_data_converter)
        small = Worker(client, task_queue=QUEUE, workflows=[Minimal], activities=[nothing], workflow_runner=sandbox())
        for worker in (*build_workers(client, parts.activities()), small):
            await stack.enter_async_context(worker)
        print("ready", flush=True)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads on: a pipe that is full would stop the worker
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
