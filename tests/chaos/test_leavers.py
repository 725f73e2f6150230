"""Whatever is killed and whenever, a customer leaves once: one invoice, one refund, one closure letter, one certificate."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

import pytest

from parts import open_parts
from tests.chaos.stories import a_leaving, a_leaving_for_good
from tests.chaos.storm import Storm
from tests.company import found, moved_in
from tests.leavers import ONCE, Left, Registers, customers

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


class Aftermath(NamedTuple):
    """What is left of customers who left: the registers of each, the letters in the outbox, and the certificates."""

    registers: dict[str, Left]
    letters: dict[str, int]
    certificates: int


def aftermath(storm: Storm) -> Aftermath:
    found = Registers(storm.settings.home)
    return Aftermath(
        {account: found.left(account) for account in storm.accounts},
        {account: found.letters(account) for account in storm.accounts},
        found.certificates(),
    )


def left_once(accounts: tuple[str, ...]) -> Aftermath:
    """Everybody left, and all is kept."""
    return Aftermath(dict.fromkeys(accounts, ONCE), dict.fromkeys(accounts, 1), 0)


def deleted_once(accounts: tuple[str, ...]) -> Aftermath:
    """Everybody left, what was kept of them is gone, and so are the letters in the outbox."""
    certified = ONCE.model_copy(update={"certificates": 1})
    return Aftermath(dict.fromkeys(accounts, certified), dict.fromkeys(accounts, 0), len(accounts))


@pytest.mark.timeout(600)
async def test_two_kills_change_nothing_of_three_whole_cancellations(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(3), SEED, 2, a_leaving_for_good, between=(8, 20))
    await storm.play()
    assert storm.killed == 2
    assert aftermath(storm) == deleted_once(storm.accounts)


@pytest.mark.timeout(600)
async def test_ten_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(10), SEED, 0, a_leaving)
    await storm.play()
    assert aftermath(storm) == left_once(storm.accounts)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_fifty_kills_change_nothing_of_whole_cancellations(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(12), SEED, 50, a_leaving_for_good, between=(3, 10))
    await storm.play()
    assert storm.killed == 50
    assert aftermath(storm) == deleted_once(storm.accounts)


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_two_hundred_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = Storm(moved_in(founded, tmp_path / "home"), ids(MANY), SEED, 0, a_leaving)
    await storm.play()
    assert aftermath(storm) == left_once(storm.accounts)
