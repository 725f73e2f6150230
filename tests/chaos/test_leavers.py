"""Whatever is killed and whenever, a customer leaves once: one invoice, one refund, one closure letter, one certificate."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from parts import open_parts
from settings import Settings
from tests.chaos.stories import a_leaving, a_leaving_for_good
from tests.chaos.storm import Storm
from tests.company import found, moved_in
from tests.leavers import ONCE, Registers, customers

MANY = 200
SEED = 20_261_127


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("leavers") / "home"

    async def settle() -> None:
        async with open_parts(await found(home)) as parts:
            await customers(parts, MANY)

    asyncio.run(settle())
    return home


def ids(count: int) -> tuple[str, ...]:
    return tuple(f"out-{n:03}" for n in range(count))


def assert_left_once(settings: Settings, accounts: tuple[str, ...], *, deleted: bool) -> None:
    """``deleted``: what was kept of them is gone, and so are the letters in the outbox."""
    wanted = ONCE.model_copy(update={"certificates": int(deleted)})
    registers = Registers(settings.home)
    assert {account: registers.left(account) for account in accounts} == dict.fromkeys(accounts, wanted)
    assert {registers.letters(account) for account in accounts} == {int(not deleted)}
    assert registers.certificates() == (len(accounts) if deleted else 0)


@pytest.mark.timeout(600)
async def test_two_kills_change_nothing_of_three_whole_cancellations(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(3), SEED, 2, a_leaving_for_good, between=(8, 20))
    await storm.play()
    assert storm.killed == 2
    assert_left_once(storm.settings, storm.accounts, deleted=True)


@pytest.mark.timeout(600)
async def test_ten_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(10), SEED, 0, a_leaving)
    await storm.play()
    assert_left_once(storm.settings, storm.accounts, deleted=False)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_fifty_kills_change_nothing_of_whole_cancellations(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(12), SEED, 50, a_leaving_for_good, between=(3, 10))
    await storm.play()
    assert storm.killed == 50
    assert_left_once(storm.settings, storm.accounts, deleted=True)


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_two_hundred_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(MANY), SEED, 0, a_leaving)
    await storm.play()
    assert_left_once(storm.settings, storm.accounts, deleted=False)
