"""The command line against a real server and a real worker, one of each for all tests; every test has its own accounts."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from adapters.database import migrate
from adapters.portfolio.load import import_portfolio
from adapters.product_data.loading import load_product
from adapters.temporal.connect import connect
from adapters.temporal.dev_server import DevServer
from parts import open_parts
from settings import Settings
from starter import app
from tests.company import everybody_there
from worker import build_workers
from workflows.contract import SEARCH_ATTRIBUTES

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
_NUMBERS = "1 4 5 6 7 9 10 11 13 22 23 27 31 34 38 3 8 15 19 20 25 26 29 30 32 35 37 2 44"
SERVED = tuple(f"acc-{n:0>4}" for n in _NUMBERS.split())
MANAGER = "usr-07"


@dataclass
class Instance:
    """A home with a server and a worker in a thread of their own."""

    home: Path
    free: Iterator[str] = field(default_factory=lambda: iter(SERVED))


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
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    home = tmp_path_factory.mktemp("instance")
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
        yield Instance(home)
        stop.set()
        thread.join(30)


async def _serve(home: Path, ready: threading.Event, stop: threading.Event) -> None:
    settings = Settings(home=home)
    await migrate(settings.database)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(open_parts(settings))
        await import_portfolio(await asyncio.to_thread(everybody_there, home / "sample"), parts)
        await asyncio.to_thread(load_product, home / "sample" / "product", settings.product_data)
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
def seats(instance: Instance) -> dict[tuple[str, str], str]:
    lines = (SAMPLE / "seats.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {(account, role): person for account, role, person, *_ in (line.split(",") for line in lines)}


@pytest.fixture
def account(instance: Instance) -> str:
    """An account that no other test uses."""
    return next(instance.free)


@pytest.fixture
def save(as_json: Callable[..., Any], account: str, seats: dict[tuple[str, str], str]) -> OpenSave:
    csm = seats[account, "csm"]
    as_json("save", "open", account, "--by", csm, "--reason", "missing_feature", "--playbook", "product_technical")
    return OpenSave(account, csm)


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
