"""The database: SQLite by default, PostgreSQL where there is one. Opens it, migrates it, and says what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from adapters import postgres
from models.faults import PermanentFault, TransientFault

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
BUSY_MS = 5000


class Database:
    """Sessions on one database. What a writing session did is there at once and whole, or not at all."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = async_sessionmaker(engine.execution_options(writing=True), expire_on_commit=False)
        reading = engine.execution_options(**postgres.READING) if postgres.is_postgres(engine.url) else engine
        self._reading = async_sessionmaker(reading, expire_on_commit=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction that takes the write lock at its start; committed unless something is raised.

        Raises ``TransientFault`` where the database stays locked for longer than five seconds or is out of reach.
        """
        with _faults_named():
            async with self._writing() as session, session.begin():
                yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that reads one consistent state and takes no lock. Raises ``TransientFault`` like ``writing``."""
        with _faults_named():
            async with self._reading() as session:
                yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout, ConnectionError, TimeoutError) as error:
        if isinstance(error, DBAPIError) and not _passes(error):
            raise
        sentence = "the database is busy, out of reach or not migrated; the same call may go through later"
        raise TransientFault(sentence) from error


def _passes(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError) or error.connection_invalidated or postgres.is_passing(error)


def open_database(url: str, statement_seconds: float | None = postgres.STATEMENT_SECONDS) -> Database:
    """Open a database by its SQLAlchemy URL, such as ``sqlite+aiosqlite:////var/lib/followthrough/state.db``.

    Nothing is connected yet. SQLite runs in WAL mode with foreign keys; both it and PostgreSQL wait five seconds for a
    lock. A statement on PostgreSQL may take ``statement_seconds``.
    """
    if postgres.is_postgres(make_url(url)):
        return Database(postgres.open_engine(make_url(url), statement_seconds))
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _tune_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return Database(engine)


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions itself: it begins late, and a read that turns into a write then fails at
    # once instead of waiting for the lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {BUSY_MS}", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def alembic_config(url: str) -> Config:
    """Alembic's settings for a database, without a file."""
    from alembic.config import Config  # Alembic takes its time to load, and only who migrates needs it

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


async def migrate(url: str) -> None:
    """Bring the tables to the present version; also creates the folder of a SQLite file. Running it twice is fine.

    Raises ``PermanentFault("NoDatabase")`` where the database does not let it.
    """
    from alembic import command

    path = make_url(url).database if _is_sqlite(url) else None
    if path and path != ":memory:":
        await asyncio.to_thread(Path(path).parent.mkdir, parents=True, exist_ok=True)
    try:
        await asyncio.to_thread(command.upgrade, alembic_config(url), "head")
    except (DBAPIError, OSError) as error:
        raise PermanentFault("NoDatabase", postgres.what_to_do(make_url(url), error)) from error


async def check_migrated(url: str) -> None:
    """Pass where the tables are at the present version.

    Raises ``PermanentFault("NotMigrated")`` with the command to run, and ``PermanentFault("NoDatabase")`` where the
    database cannot be opened.
    """
    path = make_url(url).database if _is_sqlite(url) else None
    if path and not await asyncio.to_thread(Path(path).exists):
        raise PermanentFault("NotMigrated", f"there is no database at {path}; run: python starter.py migrate")
    wanted = await asyncio.to_thread(newest_version)
    found = await _present_revision(url)
    if found != wanted:
        state = f"is at version {found}" if found else "has no tables"
        raise PermanentFault("NotMigrated", f"the database {state}, {wanted} is needed; run: python starter.py migrate")


async def has_tables(url: str) -> bool:
    """Whether somebody's tables are there. Raises ``PermanentFault("NoDatabase")`` where it cannot be opened."""
    return await _present_revision(url) is not None


def newest_version() -> str:
    """The version that the newest migration leads to: each file is named by its own, and they follow one another."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


async def _present_revision(url: str) -> str | None:
    database = open_database(url)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_noted_version)
    except (SQLAlchemyError, OSError) as error:
        raise PermanentFault("NoDatabase", postgres.what_to_do(make_url(url), error)) from error
    finally:
        await database.close()


def _noted_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
