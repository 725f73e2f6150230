"""What takes long to make and is only copied by tests: made once for all workers of a run."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.database import migrate
from tests.company import found

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
