"""The bench compares like with like: the naive save and the real one leave the same world behind."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bench import stories
from bench.histories import Cost, cost_of
from bench.stories import Played

pytestmark = pytest.mark.xdist_group("stories")  # the saves are played once for all tests


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real() -> Played:
    return await stories.on_time(without=stories.PLAIN)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def uninformed() -> Played:
    return await stories.on_time(without=stories.PLAIN, informing=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def naive(uninformed: Played) -> Played:
    return await stories.naively(uninformed)


def cost(played: Played) -> Cost:
    return cost_of(played.history.events)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_naive_save_does_the_same_for_the_same_people(uninformed: Played, naive: Played) -> None:
    assert naive.world == uninformed.world
    assert len(naive.world.letters) > 5


@pytest.mark.asyncio(loop_scope="module")
async def test_the_real_save_also_tells_those_whom_the_raci_names(real: Played, uninformed: Played) -> None:  # SAVE-26
    assert len(real.world.letters) > len(uninformed.world.letters)


@pytest.mark.asyncio(loop_scope="module")
async def test_everybody_in_the_story_is_on_time_and_the_account_is_saved(real: Played) -> None:
    assert real.status.outcome == "saved_full"
    assert stories.late_words(real) == 0
    assert stories.human_steps(real) == 25


@pytest.mark.asyncio(loop_scope="module")
async def test_a_save_on_time_keeps_its_budget_and_is_smaller_than_the_naive_one(real: Played, naive: Played) -> None:
    assert cost(real).events <= 800
    assert cost(real).activities <= 50
    assert cost(naive).events > cost(real).events
