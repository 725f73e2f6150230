"""What a running case tells other systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.webhooks import EventName
from settings import Settings
from tests.company import moved_in
from tests.endpoint import SECRET
from tests.world import World


@pytest.fixture
def settings(founded: Path, tmp_path: Path) -> Settings:
    told = {"webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": SECRET}
    return moved_in(founded, tmp_path / "home").model_copy(update=told)


@pytest.fixture
def caching() -> dict[str, Any]:
    """The usual cache: what is told is written by the book."""
    return {}


async def test_a_save_that_begins_is_told_with_ids_alone(world: World) -> None:
    await world.opened()
    (event,) = await world.parts.outgoing.entries((), "", 5)
    data = json.loads(event.body)["data"]
    assert (event.name, event.sequence) == (EventName.SAVE_STARTED, 1)
    assert set(data) == {"account_id", "case_id", "kind", "workflow_id", "sequence"}
    assert data["case_id"] == (await world.status())["case_id"]
