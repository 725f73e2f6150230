"""A desk with an empty database of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import models.tables
from adapters.database import open_database
from adapters.letters import embedded
from tests.adapters.letters.company import Desk, read_once

assert models.tables  # the tables register themselves on import


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module", autouse=True)
def catalogues_read_once() -> Iterator[None]:
    """A catalogue cannot be changed, so that all desks of a folder share one; to read it takes longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "load_catalogue", read_once)
        yield


@pytest.fixture
async def desk(empty_state: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    database = open_database(f"sqlite+aiosqlite:///{shutil.copy(empty_state, tmp_path / 'state.db')}")
    yield Desk(database)
    await database.close()
