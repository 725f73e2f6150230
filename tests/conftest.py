"""What takes long to make and is only copied by tests: made once for all workers of a run."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.database import migrate
from tests.company import found
from tests.postgres import PostgresServer, some_name


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database postgresql`` runs the tests of running cases on a PostgreSQL."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="where running cases live")


MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MakeOnce:
    """A folder of that name, made by whichever worker wants it first. Whoever gets it copies it and never writes to it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, making = shared / name, shared / f"{name}.part"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                shutil.rmtree(making, ignore_errors=True)
                making.mkdir()
                make(making)
                making.rename(folder)
        return folder

    return once


@pytest.fixture(scope="session")
def founded(make_once: MakeOnce) -> Path:
    """A home with the sample portfolio in which nobody is away."""
    return make_once("founded", lambda home: asyncio.run(found(home)))


@pytest.fixture(scope="session")
def migrated_file(make_once: MakeOnce) -> Path:
    """A migrated database without a row."""
    url = "sqlite+aiosqlite:///{}/template.db"
    return make_once("migrated", lambda folder: asyncio.run(migrate(url.format(folder)))) / "template.db"


@pytest.fixture
def address(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a database of one's own."""
    path = tmp_path / "followthrough.db"
    shutil.copy(migrated_file, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def migrated_cluster(make_once: MakeOnce) -> Path:
    """The data of a PostgreSQL that is stopped, with a migrated database without a row, ``migrated``."""
    return make_once("postgres", _migrated_cluster) / "data"


def _migrated_cluster(folder: Path) -> None:
    server = PostgresServer()
    try:
        server.start()
        asyncio.run(migrate(server.database("migrated")))
        server.stop()
        shutil.copytree(server.data, folder / "data")
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres_server(migrated_cluster: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that runs, for all tests of a worker: each makes databases of its own."""
    server = PostgresServer(migrated_cluster)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def founded_on_postgres(make_once: MakeOnce) -> Path:
    """A home with the sample portfolio, and beside it the ``data`` of a PostgreSQL with its database ``founded``."""
    return make_once("founded-on-postgres", _founded_on_postgres)


def _founded_on_postgres(folder: Path) -> None:
    server = PostgresServer()
    try:
        server.start()
        asyncio.run(found(folder / "home", database=server.database("founded")))
        server.stop()
        shutil.copytree(server.data, folder / "data")
    finally:
        server.close()


@pytest.fixture(scope="session")
def founded_server(founded_on_postgres: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that runs with the sample portfolio in its database ``founded``, for all tests of a worker."""
    server = PostgresServer(founded_on_postgres / "data")
    server.start()
    yield server
    server.close()


@pytest.fixture
def founded_address(founded_server: PostgresServer) -> Iterator[str]:
    """The URL of a database of one's own on PostgreSQL, with the sample portfolio."""
    name = some_name()
    yield founded_server.database(name, "founded")
    founded_server.drop(name)


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a migrated database without a row on PostgreSQL, used by one test at a time."""
    yield postgres_server.url("migrated")
    postgres_server.empty("migrated")


@pytest.fixture
def postgres_copy(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a migrated database of one's own on PostgreSQL, for whoever does more to it than write rows."""
    name = some_name()
    yield postgres_server.database(name, "migrated")
    postgres_server.drop(name)
