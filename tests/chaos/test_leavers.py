"""Whatever is killed and whenever, a customer leaves once: one invoice, one refund, one closure letter, one certificate."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from settings import Settings
from tests.chaos.stories import a_leaving, a_leaving_for_good
from tests.chaos.storm import Storm, Story
from tests.company import moved_in
from tests.leavers import ONCE, Left, Registers, crowd

MANY = 200
SEED = 20_261_127


async def leavers(
    home: Settings, count: int, kills: int, story: Story, *, between: tuple[float, float] = (0, 0)
) -> Storm:
    """A storm over so many customers, all of whom are about to leave."""
    return Storm(home, await crowd(home, count), SEED, kills, story, between=between)


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
    storm = await leavers(moved_in(founded, tmp_path / "home"), 3, 2, a_leaving_for_good, between=(8, 20))
    await storm.play()
    assert storm.killed == 2
    assert aftermath(storm) == deleted_once(storm.accounts)


@pytest.mark.timeout(600)
async def test_ten_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = await leavers(moved_in(founded, tmp_path / "home"), 10, 0, a_leaving)
    await storm.play()
    assert aftermath(storm) == left_once(storm.accounts)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_fifty_kills_change_nothing_of_whole_cancellations(founded: Path, tmp_path: Path):
    storm = await leavers(moved_in(founded, tmp_path / "home"), 12, 50, a_leaving_for_good, between=(3, 10))
    await storm.play()
    assert storm.killed == 50
    assert aftermath(storm) == deleted_once(storm.accounts)


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_two_hundred_cancellations_at_once_all_end_right(founded: Path, tmp_path: Path):
    storm = await leavers(moved_in(founded, tmp_path / "home"), MANY, 0, a_leaving)
    await storm.play()
    assert aftermath(storm) == left_once(storm.accounts)
