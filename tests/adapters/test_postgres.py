"""What only a PostgreSQL can do wrong is answered with one sentence on what to do, and never with its password."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from adapters.database import Database, check_migrated, migrate, newest_version, open_database
from adapters.rows import insert_new
from models.faults import PermanentFault, TransientFault
from models.tables import NoteRow
from settings import CHECKOUT
from tests.adapters.test_database import note
from tests.postgres import PASSWORD, PostgresServer, some_name


@pytest.fixture
async def database(postgres_copy: str) -> AsyncIterator[Database]:
    opened = open_database(postgres_copy)
    yield opened
    await opened.close()


@pytest.fixture
def empty(postgres_server: PostgresServer) -> Iterator[str]:
    """A database without a table."""
    name = some_name()
    yield postgres_server.database(name)
    postgres_server.drop(name)


async def refusal(url: str) -> str:
    with pytest.raises(PermanentFault) as fault:
        await check_migrated(url)
    assert fault.value.kind == "NoDatabase"
    assert PASSWORD not in fault.value.sentence
    assert "\n" not in fault.value.sentence
    return fault.value.sentence


async def test_a_wrong_password_is_said_to_be_one(postgres_address: str) -> None:
    said = await refusal(postgres_address.replace(PASSWORD, "guessed"))
    assert "refuses this user or this password" in said
    assert "guessed" not in said


async def test_a_database_that_nobody_created_is_answered_with_how_to(postgres_address: str) -> None:
    said = await refusal(f"{postgres_address}_not")
    assert "createdb --owner followthrough migrated_not" in said


async def test_a_server_that_is_not_there_is_said_not_to_answer(postgres_address: str, unused_tcp_port: int) -> None:
    host, _, name = postgres_address.rpartition("/")
    said = await refusal(f"{host.rpartition(':')[0]}:{unused_tcp_port}/{name}")
    assert "does not answer; start it, or check its host, port and sslmode" in said


async def test_what_libpq_knows_may_stand_in_the_url(postgres_address: str) -> None:
    await check_migrated(f"{postgres_address}?sslmode=prefer")
    assert "check its host, port and sslmode" in await refusal(f"{postgres_address}?sslmode=require")


async def test_an_empty_database_is_migrated_by_its_owner_alone(empty: str) -> None:
    with pytest.raises(PermanentFault, match=r"has no tables, .* is needed; run: "):
        await check_migrated(empty)
    await migrate(empty)
    await migrate(empty)
    await check_migrated(empty)


async def test_two_who_migrate_at_once_migrate_once(empty: str, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("FOLLOWTHROUGH_")}
    env |= {"FOLLOWTHROUGH_DATABASE": empty, "FOLLOWTHROUGH_HOME": str(tmp_path)}
    program = (sys.executable, str(CHECKOUT / "starter.py"), "migrate")
    both = [await asyncio.create_subprocess_exec(*program, env=env) for _ in range(2)]
    assert [await one.wait() for one in both] == [0, 0]
    await check_migrated(empty)


async def test_who_may_not_create_tables_is_told_to_be_the_owner(postgres_server: PostgresServer) -> None:
    name = some_name()
    postgres_server.sql(f'create database "{name}"')
    with pytest.raises(PermanentFault, match="make it the owner of the database"):
        await migrate(postgres_server.url(name))
    postgres_server.drop(name)


async def test_every_text_compares_by_code_point_whatever_the_server_speaks(
    postgres_server: PostgresServer, postgres_address: str
) -> None:
    unlike = "select count(*) from information_schema.columns where table_schema = 'public' and collation_name <> 'C'"
    assert postgres_server.sql(unlike, "migrated") == "0"
    assert int(postgres_server.sql(unlike.replace("<>", "="), "migrated")) > 200


async def test_a_connection_that_is_lost_midway_is_a_fault_to_try_again(
    postgres_server: PostgresServer, database: Database
) -> None:
    name = database.engine.url.database
    ends = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    with pytest.raises(TransientFault):
        async with database.writing() as session:
            await insert_new(session, [note("n-1")])
            await asyncio.to_thread(postgres_server.sql, ends)
            await insert_new(session, [note("n-2")])
    async with database.writing() as session:
        assert (await session.scalars(select(NoteRow))).all() == []
        await insert_new(session, [note("n-1")])


async def test_a_table_that_is_not_there_yet_is_a_fault_to_try_again(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("drop table crm_notes"))
    with pytest.raises(TransientFault, match="not migrated"):
        async with database.reading() as session:
            await session.scalars(select(NoteRow))


async def test_who_reads_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="read-only"):
        async with database.reading() as session:
            await insert_new(session, [note("n-1")])


async def test_a_writer_that_stands_still_does_not_hold_the_others_for_ever(database: Database) -> None:
    async with database.reading() as session:
        asked = await session.execute(text("select current_setting('idle_in_transaction_session_timeout')"))
        assert asked.scalar() == "1min"


def test_the_newest_version_is_what_the_template_has(postgres_server: PostgresServer) -> None:
    assert postgres_server.sql("select version_num from alembic_version", "migrated") == newest_version()


async def test_a_server_that_crashes_again_and_again_loses_nothing_it_acknowledged_and_is_tried_again(
    migrated_cluster: Path,
) -> None:
    server = PostgresServer(migrated_cluster, durable=True)
    server.start()
    opened = open_database(server.url("migrated"))
    acknowledged: list[str] = []

    def crash() -> None:
        for _ in range(4):
            time.sleep(0.2)
            server.kill()
            server.start()

    crashing = asyncio.create_task(asyncio.to_thread(crash))
    tries = 0
    while not crashing.done():
        tries += 1
        with suppress(TransientFault):
            async with opened.writing() as session:
                await insert_new(session, [note(f"n-{tries}")])
            acknowledged.append(f"n-{tries}")
    await crashing
    async with opened.reading() as session:
        kept = set(await session.scalars(select(NoteRow.key)))
    await opened.close()
    server.close()
    assert 0 < len(acknowledged) < tries
    assert set(acknowledged) <= kept
