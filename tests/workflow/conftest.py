"""Every test of a running case: a home of its own, played from the cache or replayed from its first event at every task.

``make test`` plays half of the tests in one way and half in the other, ``make chaos`` each in the way that is left.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from temporalio.worker import UnsandboxedWorkflowRunner

import worker
from parts import Parts, open_parts
from settings import Settings
from tests.company import moved_in
from tests.faulty import Faulty
from tests.world import World, served_world, skipping_world


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave one of the two ways of each test to ``make chaos``; which one hangs on its name, so that it stays the same."""
    for item in items:
        if isinstance(item, pytest.Function) and "caching" in item.fixturenames:
            replayed = "replayed" in item.name
            if replayed is bool(zlib.crc32(item.originalname.encode()) % 2):
                item.add_marker(pytest.mark.chaos)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Activities that are made to fail are not news."""
    caplog.set_level(logging.ERROR, "temporalio.activity")


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.config.getoption("--database") == "postgresql":
        template = request.getfixturevalue("founded_on_postgres") / "home"
        return moved_in(template, tmp_path / "home", database=request.getfixturevalue("founded_address"))
    return moved_in(request.getfixturevalue("founded"), tmp_path / "home")


@pytest.fixture(params=[None, 0], ids=["cached", "replayed"])
def caching(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The usual cache of workflows, or none, so that each workflow task replays the whole history.

    The second pass does without the sandbox, which would be built anew at every task; the first one has it.
    """
    if request.param is None:
        return {}
    monkeypatch.setattr(worker, "sandbox", UnsandboxedWorkflowRunner)
    return {"max_cached_workflows": request.param}


@pytest.fixture
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    async with open_parts(settings) as opened:
        yield opened


@pytest.fixture
async def world(parts: Parts, caching: dict[str, Any]) -> AsyncIterator[World]:
    async with skipping_world(parts, **caching) as opened:
        yield opened


@pytest.fixture
def faulty_crm(parts: Parts) -> Faulty:
    return Faulty(parts.crm, "sync_tasks", "add_note")


@pytest.fixture
def faulty_email(parts: Parts) -> Faulty:
    return Faulty(parts.email, "send")


@pytest.fixture
async def shaky_world(
    parts: Parts, caching: dict[str, Any], faulty_crm: Faulty, faulty_email: Faulty
) -> AsyncIterator[World]:
    """A world whose CRM and mail fail when they are told to."""
    shaky: Any = replace(parts, crm=faulty_crm, email=faulty_email)  # type: ignore[arg-type]
    async with skipping_world(shaky, **caching) as opened:
        yield opened


@pytest.fixture
async def served(parts: Parts) -> AsyncIterator[World]:
    """A case on a server whose clock each workflow moves by itself."""
    async with served_world(parts) as world:
        yield world
