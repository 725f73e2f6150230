"""Whenever the worker is killed, an accepted offer is applied once, and the standard price comes back once."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import Settings
from tests.chaos.stories import an_offer
from tests.chaos.storm import Storm
from tests.company import moved_in
from tests.leavers import Registers, crowd

SEED = 20_261_128


async def played(home: Settings, count: int, kills: int, between: tuple[float, float]) -> Storm:
    storm = Storm(home, await crowd(home, count), SEED, kills, an_offer, between=between)
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
