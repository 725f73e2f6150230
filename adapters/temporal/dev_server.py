"""A Temporal development server of our own: on this machine only, with its web page, gone when we are gone."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from adapters.temporal import tethered
from adapters.temporal.address import ServerAddress
from adapters.temporal.connect import NoTemporal
from adapters.temporal.search_attributes import Attributes, register

HOST = "127.0.0.1"
USUAL_PORT, USUAL_UI_PORT = 7233, 8233
START_SECONDS, STOP_SECONDS, ATTEMPTS = 30.0, 5.0, 3
_ALWAYS = (
    "--ui-disable-news-fetch",
    "--dynamic-config-value=frontend.WorkflowTimeSkippingEnabled=true",
    "--dynamic-config-value=system.forceSearchAttributesCacheRefreshOnRead=true",
    '--dynamic-config-value=history.timerProcessorMaxTimeShift="10ms"',
)
_ON_FILE = ("--sqlite-pragma=journal_mode=WAL", "--sqlite-pragma=synchronous=1")


class DevServer:
    """The server of one home, as an async context manager.

    ``home`` is the instance's folder: it gets the log, the state (unless ``in_memory``) and the address file that
    ``connect`` reads. ``search_attributes`` are known from the start. The usual ports are taken if free, others if
    not. Raises NoTemporal where the program is missing, does not come up, or runs for this home already.
    """

    def __init__(self, home: Path, search_attributes: Attributes | None = None, *, in_memory: bool = False) -> None:
        self._home = home
        self._attributes = search_attributes or {}
        self._in_memory = in_memory
        self._process: asyncio.subprocess.Process | None = None
        self._lock: IO[str] | None = None
        self._claims: list[IO[str]] = []
        self._where = ServerAddress(address="", ui="")

    @property
    def address(self) -> str:
        """Where clients connect, as ``host:port``."""
        return self._where.address

    @property
    def ui(self) -> str:
        """The URL of the web page."""
        return self._where.ui

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    @property
    def log(self) -> Path:
        """The file that the server writes its log to."""
        return self._home / "temporal.log"

    async def __aenter__(self) -> Self:
        program = find_program()
        self._home.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._home)
        try:
            await self._start(program)
        except BaseException:
            await self.stop()
            raise
        self._where.write(self._home)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ServerAddress.remove(self._home)
        await self.stop()

    async def stop(self) -> None:
        """End the server: politely, then surely. Does nothing where it is not running."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        for held in (*self._claims, *([self._lock] if self._lock else [])):
            held.close()

    async def _start(self, program: Path) -> None:
        for _ in range(ATTEMPTS):
            port, ui_port = self._claim(USUAL_PORT), self._claim(USUAL_UI_PORT)
            self._where = ServerAddress(address=f"{HOST}:{port}", ui=f"http://{HOST}:{ui_port}")
            await self._spawn([str(program), *self._arguments(port, ui_port)])
            if await self._came_up():
                # A state file from before an attribute does not learn it from the command line.
                await register(await Client.connect(self.address), self._attributes)
                return
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise NoTemporal(f"The Temporal server did not start: {' '.join(last) or 'it said nothing'} (see {self.log}).")

    def _claim(self, usual: int) -> int:
        """The usual port, ours until the server ends, or another free one.

        Two servers that start at once both find the usual port free; without the claim, the one that does not get it
        would take the other's answer for its own.
        """
        claim = _flock(Path(tempfile.gettempdir()) / f"followthrough-port-{usual}.lock")
        if claim is None:
            return _free(0)
        self._claims.append(claim)
        return _free(usual)

    def _arguments(self, port: int, ui_port: int) -> list[str]:
        state = () if self._in_memory else (f"--db-filename={self._home / 'temporal.db'}", *_ON_FILE)
        attributes = [f"--search-attribute={name}={cli_type(kind.name)}" for name, kind in self._attributes.items()]
        listen = ("--ip", HOST, "--port", str(port), "--ui-port", str(ui_port))
        return ["server", "start-dev", *listen, *state, *_ALWAYS, *attributes]

    async def _spawn(self, command: list[str]) -> None:
        assert self._lock is not None
        held = [lock.fileno() for lock in (self._lock, *self._claims)]
        tie = [sys.executable, "-I", "-S", tethered.__file__, str(os.getpid())]
        with self.log.open("ab") as log:
            # Its own session, so that Ctrl-C reaches us first; the locks go along and last as long as the server.
            self._process = await asyncio.create_subprocess_exec(
                *tie,
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=held,
            )

    async def _came_up(self) -> bool:
        """Whether the server answers for its namespace; False where it ended before that."""
        assert self._process is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                while self._process.returncode is None:
                    if await _answers(self.address):
                        return True
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise NoTemporal(
                f"The Temporal server did not answer in {START_SECONDS:.0f} s (see {self.log})."
            ) from error
        return False


def find_program() -> Path:
    """The ``temporal`` program: beside the running Python, else on the PATH. Raises NoTemporal where it is missing."""
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.is_file() else shutil.which("temporal")
    if found is None:
        raise NoTemporal("The program 'temporal' is missing; run 'make env', which installs it, or put it on the PATH.")
    return Path(found)


def cli_type(name: str) -> str:
    """The name of a search attribute's type as the command line spells it: ``KEYWORD_LIST`` is ``KeywordList``."""
    return name.title().replace("_", "")


def _lock(home: Path) -> IO[str]:
    lock = _flock(home / "temporal.lock")
    if lock is None:
        known = ServerAddress.read(home)
        at = f" at {known.address}" if known else ""
        raise NoTemporal(
            f"A Temporal server of {home} is running already{at}; use it, or set FOLLOWTHROUGH_HOME to another folder."
        )
    return lock


def _flock(path: Path) -> IO[str] | None:
    """The file, locked until it is closed here and in every child that got it; None where somebody else holds it."""
    try:
        lock = path.open("w")
    except PermissionError:  # another user's
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def _answers(address: str) -> bool:
    with contextlib.suppress(RuntimeError, OSError, RPCError):
        client = await Client.connect(address)
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        return True
    return False
