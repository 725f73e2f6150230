"""The command line against a real server and a real worker; every test has its own accounts."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from adapters.temporal.connect import connect
from adapters.temporal.dev_server import DevServer
from parts import open_parts
from settings import Settings
from starter import app
from tests.company import moved_in
from tests.conftest import MakeOnce
from tests.leavers import crowd
from worker import build_workers
from workflows.contract import SEARCH_ATTRIBUTES

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
LIKE, SERVED = "acc-0010", 60
CSM, MANAGER = "usr-03", "usr-07"
"""Who leads the saves of the accounts that tests get, and whom they answer to."""
DUE = f"{datetime.now(UTC) + timedelta(days=300):%Y-%m-%d}"
"""A day that lies ahead, and not too far for a promise."""


@dataclass
class Instance:
    """A home with a server and a worker in a thread of their own."""

    home: Path
    free: Iterator[str]


def environment(home: Path) -> dict[str, str | None]:
    nobody = {name: None for name in os.environ if name.startswith(("FOLLOWTHROUGH_", "TEMPORAL_"))}
    return nobody | {
        "FOLLOWTHROUGH_HOME": str(home),
        "TEMPORAL_CONFIG_FILE": str(home / "none.toml"),
        "COLUMNS": "200",
    }


def run(home: Path, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment(home) | more)


Cli = Callable[..., Result]


@pytest.fixture(scope="session")
def peopled(make_once: MakeOnce, founded: Path) -> Path:
    """A home with the sample and with accounts that are all alike, so that it does not matter who gets which."""
    return make_once("peopled", lambda home: asyncio.run(crowd(moved_in(founded, home), SERVED, LIKE)))


@pytest.fixture(scope="session")
def instance(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance that tests share which leave each other's accounts, and all people, alone."""
    with serving(moved_in(peopled, tmp_path_factory.mktemp("instance")).home) as shared:
        yield shared


@pytest.fixture(scope="module")
def own_instance(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance for one module, whose tests do what every case and everybody notices."""
    with serving(moved_in(peopled, tmp_path_factory.mktemp("own")).home) as own:
        yield own


@contextmanager
def serving(home: Path) -> Iterator[Instance]:
    """An instance of that home, whose server and worker run in a thread."""
    ready, stop = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def serve() -> None:
        try:
            asyncio.run(_serve(home, ready, stop))
        except BaseException as error:  # noqa: BLE001 shown by the waiting thread
            failed.append(error)
            ready.set()

    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(home).items():
            patch.delenv(name, raising=False) if value is None else patch.setenv(name, value)
        thread = threading.Thread(target=serve)
        thread.start()
        assert ready.wait(60)
        assert not failed, failed
        yield Instance(home, (f"out-{n:03}" for n in range(SERVED)))
        stop.set()
        thread.join(30)


async def _serve(home: Path, ready: threading.Event, stop: threading.Event) -> None:
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(open_parts(Settings(home=home)))
        await stack.enter_async_context(DevServer(home, SEARCH_ATTRIBUTES, in_memory=True))
        for worker in build_workers(await connect(home=home), parts.activities()):
            await stack.enter_async_context(worker)
        ready.set()
        await asyncio.to_thread(stop.wait)


@pytest.fixture
def cli(instance: Instance) -> Cli:
    def call(*arguments: str, code: int = 0) -> Result:
        result = run(instance.home, *arguments)
        assert result.exit_code == code, f"{arguments}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result

    return call


@pytest.fixture
def as_json(cli: Cli) -> Callable[..., Any]:
    def call(*arguments: str, code: int = 0) -> Any:
        return json.loads(cli(*arguments, "--json", code=code).stdout)

    return call


@dataclass(frozen=True)
class OpenSave:
    """An account with an open save, and the person who leads it."""

    account: str
    csm: str


@pytest.fixture
def account(instance: Instance) -> str:
    """An account that no other test uses."""
    return next(instance.free)


@pytest.fixture
def save(as_json: Callable[..., Any], account: str) -> OpenSave:
    as_json("save", "open", account, "--by", CSM, "--reason", "missing_feature", "--playbook", "product_technical")
    return OpenSave(account, CSM)


def investigated(cli: Cli, save: OpenSave, manager: str) -> None:
    """Whatever the playbook asks before an offer is answered, or left out with a reason (PLAY-3)."""
    for step in json.loads(cli("save", "status", save.account, "--json").stdout)["steps"]:
        if step["id"].startswith("inv_") and step["state"] in ("waiting", "open"):
            cli("save", "skip", save.account, step["id"], "--by", manager, "--reason", "known from the last review")


def eventually(found: Callable[[], bool]) -> None:
    """Wait until something holds that a case does by itself."""
    for _ in itertools.repeat(None, 100):
        if found():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come about within 10 s")
