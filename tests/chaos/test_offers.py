"""Whenever the worker is killed, an accepted offer is applied once, and the standard price comes back once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from parts import open_parts
from settings import Settings
from tests.chaos.stories import an_offer
from tests.chaos.storm import Storm
from tests.company import found, moved_in
from tests.leavers import Registers, customers

SEED = 20_261_128


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("offers") / "home"

    async def settle() -> None:
        async with open_parts(await found(home)) as parts:
            await customers(parts, 6)

    asyncio.run(settle())
    return home


async def played(home: Settings, count: int, kills: int, between: tuple[float, float]) -> Storm:
    accounts = tuple(f"out-{n:03}" for n in range(count))
    storm = Storm(home, accounts, SEED, kills, an_offer, between=between)
    await storm.play()
    return storm


def offered(storm: Storm) -> dict[str, tuple[int, int, int]]:
    registers = Registers(storm.settings.home)
    return {account: registers.offered(account) for account in storm.accounts}


@pytest.mark.timeout(300)
async def test_two_kills_leave_one_discount_and_one_return_to_the_standard_price(founded: Path, tmp_path: Path):
    storm = await played(moved_in(founded, tmp_path / "home"), 2, 2, (3, 8))
    assert storm.killed == 2
    assert offered(storm) == dict.fromkeys(storm.accounts, (1, 1, 1))


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_thirty_kills_leave_one_discount_and_one_return_to_the_standard_price(founded: Path, tmp_path: Path):
    storm = await played(moved_in(founded, tmp_path / "home"), 6, 30, (2, 5))
    assert storm.killed == 30
    assert offered(storm) == dict.fromkeys(storm.accounts, (1, 1, 1))
