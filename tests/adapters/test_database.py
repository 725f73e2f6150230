"""The database: migrated or refused, whole or not at all, patient with a lock."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from adapters import database as module
from adapters import postgres
from adapters.database import MIGRATIONS, Database, check_migrated, migrate, newest_version, open_database
from adapters.email.embedded import EmbeddedEmail
from adapters.rows import once
from models.faults import PermanentFault, TransientFault
from models.letter import Letter, Mailbox
from models.tables import NoteRow, ReceiptRow, SeatRow

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def note(key: str, at: datetime = AT) -> NoteRow:
    return NoteRow(key=key, account_id="acc-1", case_id="case-1", text="x", at=at)


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def second(address: str, database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    opened = open_database(address)
    yield opened
    await opened.close()


async def test_migrating_twice_is_fine_and_creates_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "home" / "deep" / "followthrough.db"
    await migrate(url(path))
    first = path.read_bytes()
    await migrate(url(path))
    assert path.read_bytes() == first
    await check_migrated(url(path))


def test_the_newest_version_is_read_from_the_names_of_the_files_as_alembic_reads_it_from_within_them() -> None:
    assert newest_version() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def test_a_missing_database_is_answered_with_what_to_do_and_not_created(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(PermanentFault, match=r"there is no database at .*none\.db; run: ") as fault:
        await check_migrated(url(path))
    assert fault.value.kind == "NotMigrated"
    assert "\n" not in fault.value.sentence
    assert not path.exists()


async def test_a_database_without_tables_is_answered_with_what_to_do(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").execute("create table other (id integer)").connection.close()
    with pytest.raises(PermanentFault, match="has no tables, 0032 is needed; run: "):
        await check_migrated(url(tmp_path / "empty.db"))


async def test_a_database_of_another_version_is_answered_with_what_to_do(address: str, database: Database) -> None:
    async def noted(version: str) -> None:
        async with database.writing() as session:
            await session.execute(text("update alembic_version set version_num = :version"), {"version": version})

    await noted("0000")
    with pytest.raises(PermanentFault, match="is at version 0000"):
        await check_migrated(address)
    await noted(newest_version())
    await check_migrated(address)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is not a database, but it is long enough to be read as a header")
    with pytest.raises(PermanentFault, match="cannot be opened") as fault:
        await check_migrated(url(tmp_path / "text.db"))
    assert fault.value.kind == "NoDatabase"


async def test_the_migrations_make_the_tables_that_the_code_means(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_sqlite_writes_ahead(migrated_file: Path, tmp_path: Path) -> None:
    opened = open_database(url(Path(shutil.copy(migrated_file, tmp_path / "own.db"))))
    async with opened.reading() as session:
        assert (await session.execute(text("pragma journal_mode"))).scalar() == "wal"
    await opened.close()


async def test_a_row_of_an_account_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(SeatRow(account_id="acc-none", role="csm", person="per-1"))


async def test_who_reads_sees_one_state_whatever_is_written_meanwhile(database: Database, second: Database) -> None:
    async with database.reading() as session:
        assert (await session.scalars(select(NoteRow))).all() == []
        async with second.writing() as other:
            other.add(note("n-1"))
        assert (await session.scalars(select(NoteRow))).all() == []
    async with database.reading() as session:
        assert len((await session.scalars(select(NoteRow))).all()) == 1


async def test_text_is_ordered_as_python_orders_it(database: Database) -> None:
    keys = ["Z-1", "a-1", "a1", "é-1", "a-10", "A-2", "客-1", "_x"]
    async with database.writing() as session:
        session.add_all([note(key) for key in keys])
    async with database.reading() as session:
        assert list(await session.scalars(select(NoteRow.key).order_by(NoteRow.key))) == sorted(keys)


async def test_a_moment_comes_back_as_aware_utc(database: Database) -> None:
    kuala_lumpur = timezone(timedelta(hours=8))
    async with database.writing() as session:
        session.add(note("n-1", at=AT.astimezone(kuala_lumpur)))
    async with database.reading() as session:
        found = await session.get_one(NoteRow, "n-1")
    assert found.at == AT
    assert found.at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        async with database.writing() as session:
            session.add(note("n-1", at=AT.replace(tzinfo=None)))


async def test_what_fails_midway_leaves_nothing(database: Database) -> None:
    async def fail() -> str:
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError):
        async with database.writing() as session:
            session.add(note("n-1"))
            await session.flush()
            await once(session, "key-1", AT, fail)
    async with database.reading() as session:
        assert (await session.scalars(select(NoteRow))).all() == []
        assert (await session.scalars(select(ReceiptRow))).all() == []


async def test_two_processes_with_one_key_have_one_effect(database: Database, second: Database) -> None:
    effects: list[int] = []

    async def attempt(where: Database, number: int) -> bool:
        async def effect() -> str:
            effects.append(number)
            await asyncio.sleep(0.01)
            return f"receipt-{number}"

        async with where.writing() as session:
            return (await once(session, "key-1", AT, effect)).replayed

    replayed = await asyncio.gather(*(attempt((database, second)[n % 2], n) for n in range(10)))
    assert len(effects) == 1
    assert replayed.count(False) == 1


async def test_what_is_read_and_then_written_waits_its_turn(database: Database, second: Database) -> None:
    async with database.writing() as session:
        row = note("n-1")
        row.text = ""
        session.add(row)

    async def append(where: Database) -> None:
        async with where.writing() as session:
            row = await session.get_one(NoteRow, "n-1")
            await asyncio.sleep(0.01)
            row.text += "x"

    await asyncio.gather(*(append((database, second)[n % 2]) for n in range(6)))
    async with database.reading() as session:
        assert (await session.get_one(NoteRow, "n-1")).text == "xxxxxx"


async def test_a_lock_that_passes_is_waited_for(database: Database, second: Database) -> None:
    letter = Letter(
        to=Mailbox(address="a@b.example"), sender=Mailbox(address="c@d.example"), subject="Hello", text="Hello."
    )
    async with second.writing() as session:
        session.add(note("n-1"))
        await session.flush()
        sending = asyncio.create_task(EmbeddedEmail(database).send(letter, "key-1"))
        await asyncio.wait([sending], timeout=0.3)
        assert not sending.done()
    assert not (await sending).replayed


async def test_a_lock_that_stays_is_a_fault_to_try_again(
    address: str, second: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_MS", 50)
    monkeypatch.setitem(postgres.SESSION, "lock_timeout", "50")
    impatient = open_database(address)
    async with second.writing() as other:
        other.add(note("n-2"))
        await other.flush()
        with pytest.raises(TransientFault, match="busy"):
            async with impatient.writing() as session:
                session.add(note("n-1"))
        async with impatient.reading() as session:  # readers go on
            assert (await session.scalars(select(NoteRow))).all() == []
    await impatient.close()
