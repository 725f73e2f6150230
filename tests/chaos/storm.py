"""Cases played against a worker process that is killed on the way, and what became of their effects.

The worker is ``python worker.py`` as anybody runs it, the server is the development server on its file. Only the script
of the people is ours: it gives each command until it is answered, as a person does who sees an error.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from adapters.database import open_database
from adapters.temporal.dev_server import DevServer
from adapters.temporal.skipping import fast_forward
from models.faults import TransientFault
from settings import CHECKOUT, Settings
from tests.postgres import PostgresServer
from workflows.contract import SEARCH_ATTRIBUTES

_OUTAGE = 6.0
"""Seconds for which a database server is away."""
_AGAIN = (WorkflowUpdateRPCTimeoutOrCancelledError, RPCError, TransientFault, TimeoutError, OSError, RuntimeError)

Story = Callable[["Storm", str], Awaitable[None]]
"""What becomes of one account; the worker may be gone at any moment of it."""


@dataclass
class Storm:
    """One home, one server, one worker process, and the cases on it. Kills lie so many seconds ``between`` them."""

    settings: Settings
    accounts: tuple[str, ...]
    seed: int
    kills: int
    story: Story
    between: tuple[float, float] = (0.15, 1.5)
    workers: int = 1
    database_locked: float = 0.0
    database: PostgresServer | None = None
    outages: int = 0
    server_killed: bool = False
    faulty: bool = False
    program: str = "worker.py"
    killed: int = 0
    extra: list[str] = field(default_factory=list)
    _server: DevServer | None = None
    _workers: list[asyncio.subprocess.Process] = field(default_factory=list)
    _client: Client | None = None

    async def play(self) -> None:
        """Play every case to its end, with the kills on the way."""
        await self._start_server()
        try:
            await self._start_worker()
            playing = asyncio.ensure_future(self._cases())
            await self._disturb(playing)
            await playing
        finally:
            await self._kill_worker()
            if self._server:
                await self._server.__aexit__(None, None, None)

    async def _cases(self) -> None:
        await asyncio.gather(*(self._case(account, n) for n, account in enumerate(self.accounts)))

    async def _disturb(self, playing: asyncio.Future[None]) -> None:
        dice = random.Random(self.seed)
        for _ in range(self.outages):
            await self._under_way()
            await self._lull(dice, playing)
            await asyncio.to_thread(self._lose_database)
            await self._start_worker()
        while self.killed < self.kills and not playing.done():
            await self._lull(dice, playing)
            await self._kill_worker()
            self.killed += 1
            if self.killed == self.kills // 2:
                await self._misfortunes()
            await self._start_worker()

    async def _lull(self, dice: random.Random, playing: asyncio.Future[None]) -> None:
        """Wait until it is time for the next kill."""
        await asyncio.wait({playing}, timeout=dice.uniform(*self.between))

    async def _misfortunes(self) -> None:
        if self.server_killed:
            await self._restart_server()
            self.extra.append("server killed and restarted from its file")
        if self.database_locked:
            await self._start_worker()
            await asyncio.to_thread(self._lock_database)
            await self._kill_worker()
            self.extra.append(f"database locked for {self.database_locked:.0f} s")

    def _lock_database(self) -> None:
        path = self.settings.home / "followthrough.db"
        with sqlite3.connect(path, timeout=30, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(self.database_locked)
            connection.execute("ROLLBACK")

    async def _under_way(self) -> None:
        """Wait until the book has the first case."""
        for _ in range(300):
            if await _rows(self.settings, "select case_id from book_cases"):
                return
            await asyncio.sleep(0.2)
        raise AssertionError("no case came into the book within a minute")

    def _lose_database(self) -> None:
        """The database server crashes under workers that run, and comes back on what it had acknowledged."""
        assert self.database is not None
        self.database.kill()
        time.sleep(_OUTAGE)
        self.database.start()
        self.extra.append(f"database server killed and away for {_OUTAGE:.0f} s")

    async def _start_server(self) -> None:
        self._server = DevServer(self.settings.home, SEARCH_ATTRIBUTES)
        await self._server.__aenter__()
        self._client = await Client.connect(self._server.address, data_converter=pydantic_data_converter)

    async def _restart_server(self) -> None:
        assert self._server is not None
        with suppress(ProcessLookupError):
            os.kill(self._server.pid, 9)
        await self._server.__aexit__(None, None, None)
        await self._start_server()

    async def _start_worker(self) -> None:
        program = "tests/chaos/faulty_worker.py" if self.faulty else self.program
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TEMPORAL_", "FOLLOWTHROUGH_"))}
        env |= {"FOLLOWTHROUGH_HOME": str(self.settings.home), "FOLLOWTHROUGH_LOG_LEVEL": "error"}
        env |= {"FOLLOWTHROUGH_PLAYBOOKS": str(self.settings.playbooks), "PYTHONPATH": str(CHECKOUT)}
        env |= {"FOLLOWTHROUGH_DATABASE": self.settings.database}
        with (self.settings.home / "worker.log").open("ab") as log:
            running = [worker for worker in self._workers if worker.returncode is None]
            for _ in range(self.workers - len(running)):  # as a supervisor does
                started = await asyncio.create_subprocess_exec(
                    sys.executable, program, cwd=CHECKOUT, env=env, stdout=log, stderr=log
                )
                running.append(started)
            self._workers = running

    async def _kill_worker(self) -> None:
        while self._workers:
            worker = self._workers.pop()
            if worker.returncode is None:
                worker.kill()
                await worker.wait()

    async def _case(self, account: str, number: int) -> None:
        await asyncio.sleep(0.2 * number)
        await self.story(self, account)

    async def ends(self, case: str) -> Any:
        """The final status of a case, once its workflow has completed."""
        return await self.surely(lambda c: _result(c.get_workflow_handle(case)))

    async def person(self, account: str, role: str) -> str:
        """Who holds a role on an account."""
        query = "select person from seats where account_id = :account and role = :role"
        ((found,),) = await _rows(self.settings, query, account=account, role=role)
        return str(found)

    async def tell(self, case: str, command: str, payload: dict[str, Any]) -> None:
        """The same update id each time: however often it is sent, it is one command."""
        about = payload.get("step_id") or payload.get("message_id") or payload.get("approval_id") or ""
        await self.surely(
            lambda c: c.get_workflow_handle(case).execute_update(command, payload, id=f"{case}/{command}/{about}")
        )

    async def passes(self, case: str, **delta: float) -> None:
        """Time passes for a case."""
        await self.surely(lambda c: fast_forward(c, case, timedelta(**delta), stall=timedelta(seconds=20)))

    async def surely(self, call: Callable[[Client], Awaitable[Any]], *, started: bool = False) -> Any:
        """Ask until it is answered; what is ``started`` already was started by an earlier try."""
        for _ in range(120):
            assert self._client is not None
            try:
                return await asyncio.wait_for(call(self._client), 40)
            except WorkflowUpdateFailedError as failure:
                if not _is_lost(failure):
                    raise
            except _AGAIN as error:
                if started and "already" in str(error).lower():
                    return None
                _check_not_called_off()
            await asyncio.sleep(0.25)
        raise AssertionError("a command was not answered in 120 attempts")


async def _result(handle: WorkflowHandle[Any, Any]) -> Any:
    return await handle.result()


def _check_not_called_off() -> None:
    """The client answers the cancellation of a task with an error of its own; nobody shall go on asking after that."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def _is_lost(failure: WorkflowUpdateFailedError) -> bool:
    """Whether the answer of an accepted command was lost, so that it has to be asked for again."""
    return not isinstance(failure.cause, ApplicationError)


@dataclass(frozen=True)
class Effects:
    """What a run left behind, without the ids that differ from run to run."""

    receipts: tuple[str, ...]
    letters: tuple[str, ...]
    tasks: tuple[str, ...]
    notes: tuple[str, ...]


async def effects_of(settings: Settings) -> Effects:
    """The effects in the database of an instance; a batch of the book is no effect on anybody."""
    cases: dict[str, str] = dict(await _rows(settings, "select case_id, account_id from book_cases"))

    async def read(query: str) -> tuple[str, ...]:
        keys = [" ".join(map(str, row)) for row in await _rows(settings, query)]
        return tuple(sorted(_named(key, cases) for key in keys))

    return Effects(
        receipts=await read("select key from receipts where key not like '%/write_book/%'"),
        letters=await read("select key, state from outbox"),
        tasks=await read("select key, open from crm_tasks"),
        notes=await read("select key from crm_notes"),
    )


async def _rows(settings: Settings, query: str, **values: str) -> list[tuple[Any, ...]]:
    database = open_database(settings.database)
    try:
        async with database.reading() as session:
            return [tuple(row) for row in await session.execute(text(query), values)]
    finally:
        await database.close()


def _named(key: str, cases: dict[str, str]) -> str:
    case_id, _, rest = key.partition("/")
    return f"{cases.get(case_id, case_id)}/{rest}"
