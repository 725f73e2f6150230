"""A case whose tasks stand in HubSpot: opened and completed with their steps, each once, also after HubSpot was down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from parts import open_parts
from settings import Settings
from settings.crm import CrmPart
from tests.company import ACCOUNT, SPOKE, moved_in
from tests.hubspot_house import TOKEN, HubSpotHouse
from tests.hubspot_server import after_doing_it, hubspot_house, no
from tests.world import World


@pytest.fixture
def house() -> Iterator[HubSpotHouse]:
    with hubspot_house() as opened:
        opened.has_all()
        yield opened


@pytest.fixture
async def settings(founded: Path, tmp_path: Path, house: HubSpotHouse) -> Settings:
    """The sample company, whose account of the story is in HubSpot as well."""
    own = moved_in(founded, tmp_path / "home")
    hubspot: dict[str, Any] = {"hubspot_token": SecretStr(TOKEN), "hubspot_url": f"http://127.0.0.1:{house.port}"}
    there = own.model_copy(update=hubspot | {"crm": CrmPart.HUBSPOT})
    async with open_parts(own) as ours, open_parts(there) as theirs:
        for person in await ours.directory.people():
            house.owner(person.email)
        await theirs.crm.put_account(await ours.crm.account(ACCOUNT))
        for contact in await ours.crm.contacts(ACCOUNT):
            await theirs.crm.put_contact(contact)
    return there


@pytest.fixture
def caching() -> dict[str, Any]:
    """The usual cache: where tasks stand makes no difference to a replay."""
    return {}


def states(house: HubSpotHouse) -> dict[str, str]:
    """The state of each task, by its step."""
    tasks = [task["properties"] for task in house.objects["tasks"].values()]
    return {task["followthrough_step"]: task["hs_task_status"] for task in tasks}


async def test_a_task_is_completed_in_hubspot_with_its_step(world: World, house: HubSpotHouse):
    await world.opened()
    assert states(house)["ack_call"] == "NOT_STARTED"
    await world.tell("complete_step", step_id="ack_call", evidence={"text": SPOKE})
    await world.passes(days=4)
    assert states(house)["ack_call"] == "COMPLETED"


async def test_after_hubspot_was_down_each_task_is_there_once(world: World, house: HubSpotHouse):
    for number in range(8):
        house.next("tasks/batch/create", after_doing_it(no(502)) if number == 7 else no(500))
    await world.opened()
    await world.passes(hours=1)
    keys = Counter(task["properties"]["followthrough_key"] for task in house.objects["tasks"].values())
    assert states(house)["ack_call"] == "NOT_STARTED"
    assert not house.acts
    assert set(keys.values()) == {1}
