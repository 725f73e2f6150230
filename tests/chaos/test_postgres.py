"""A PostgreSQL that crashes under two workers in the middle of cases: the same effects as in a calm run, once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tests.chaos.stories import a_save
from tests.chaos.storm import Effects, Storm, effects_of
from tests.chaos.test_kills import FEW, MANY, SEED, assert_once_each
from tests.company import moved_in
from tests.postgres import PostgresServer


@pytest.fixture
def server(founded_on_postgres: Path) -> Iterator[PostgresServer]:
    """A server that keeps what it has acknowledged."""
    started = PostgresServer(founded_on_postgres / "data", durable=True)
    started.start()
    yield started
    started.close()


async def played(storm: Storm) -> Effects:
    await storm.play()
    return await effects_of(storm.settings)


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("accounts", "outages", "kills"), [(FEW, 1, 0), (MANY, 3, 6)])
async def test_a_database_that_crashes_in_the_middle_of_cases_changes_no_effect(
    founded_on_postgres: Path,
    server: PostgresServer,
    tmp_path: Path,
    accounts: tuple[str, ...],
    outages: int,
    kills: int,
):
    def storm(name: str, outages: int, kills: int) -> Storm:
        own = moved_in(founded_on_postgres / "home", tmp_path / name, database=server.database(name, "founded"))
        disturbed = {"outages": outages, "database": server, "between": (4.0, 6.0)}
        return Storm(own, accounts, SEED, kills, a_save, workers=2, **disturbed)

    wanted = await played(storm("calm", 0, 0))
    stormy = storm("stormy", outages, kills)
    left = await played(stormy)
    assert len(stormy.extra) == outages
    assert_once_each(left)
    for kind in fields(Effects):
        assert getattr(left, kind.name) == getattr(wanted, kind.name), kind.name
