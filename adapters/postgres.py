"""What PostgreSQL needs that SQLite does not: one writer at a time, a reader's one state, patience, and named faults."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVER = "postgresql+asyncpg"
CONNECT_SECONDS, STATEMENT_SECONDS = 5, 60
_WRITERS = 0x666F6C6C6F77
"""The advisory lock of whoever writes: "follow" in ASCII. It counts within one database of a server only."""
SESSION = {
    "application_name": "followthrough",
    "lock_timeout": "5000",
    # Who holds the lock and is gone, or stands still, must not hold it for ever.
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""What each session runs with."""
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""A reading transaction sees one state, as it does on SQLite, and cannot write."""
_PASSING = ("08", "40", "53", "57", "0A000", "25P03", "55P03", "42P01", "42703", "28", "3D000", "42501")
"""SQLSTATEs after which the same call may go through later: out of reach, stopping, full, locked, or not yet set up."""
_UNLIKE_PYTHON = """
SELECT quote_ident(table_name), string_agg(
    format('ALTER COLUMN %I TYPE %s COLLATE "C"', column_name, data_type), ', ' ORDER BY ordinal_position)
FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')
  AND collation_name IS DISTINCT FROM 'C'
GROUP BY table_name ORDER BY table_name
"""
_OF_SQLALCHEMY = ("prepared_statement_cache_size", "prepared_statement_name_func")


def is_postgres(url: URL) -> bool:
    """Whether a database URL names a PostgreSQL."""
    return url.get_backend_name() == "postgresql"


def open_engine(url: URL, statement_seconds: float | None = STATEMENT_SECONDS) -> AsyncEngine:
    """An engine on a PostgreSQL; nothing is connected yet. What libpq knows may stand in the URL (``sslmode``, ...)."""
    plain = url.set(drivername="postgresql").difference_update_query(_OF_SQLALCHEMY)
    dsn = plain.render_as_string(hide_password=False)

    async def connect(*_args: Any, **_of_url: Any) -> Any:
        import asyncpg  # only who has a PostgreSQL waits for its driver to load

        try:
            return await asyncpg.connect(
                dsn=dsn, timeout=CONNECT_SECONDS, command_timeout=statement_seconds, server_settings=SESSION
            )
        except OSError as error:
            raise ConnectionError(f"no connection to the database ({type(error).__name__})") from error

    arguments = {"async_creator_fn": connect}
    engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments)
    event.listen(engine.sync_engine, "begin", _take_turn)
    return engine


def _take_turn(connection: Connection) -> None:
    """Who writes waits for the others from the start, so that what it reads before it writes is still so then."""
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")


def compare_by_code_point(connection: Connection) -> None:
    """Let text columns compare as Python and SQLite compare, whatever the language of the server is."""
    for table, changes in connection.execute(text(_UNLIKE_PYTHON)).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} {changes}")


def is_passing(error: DBAPIError) -> bool:
    """Whether the same call may go through later."""
    return _is_lost(error) or _state(error).startswith(_PASSING)


def what_to_do(url: URL, error: Exception) -> str:
    """One sentence for who set the URL, without its password."""
    shown, state = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True), _state(error)
    if state.startswith("28"):
        return f"the database {shown} refuses this user or this password; check both, and what its pg_hba.conf lets in"
    if state == "3D000":
        create = f"createdb --owner {url.username} {url.database}"
        return f"there is no database '{url.database}' on {url.host}; create it: {create}"
    if state == "42501":
        return f"the user of {shown} may not do that; make it the owner of the database"
    if _is_lost(error) or state.startswith(("08", "57")):
        return f"the database {shown} does not answer; start it, or check its host, port and sslmode"
    return f"the database {shown} cannot be opened; check its address"


def _is_lost(error: Exception) -> bool:
    """Whether the connection broke; what its driver finds out by itself has no state."""
    lost = isinstance(error, DBAPIError) and (error.connection_invalidated or "connection is closed" in str(error.orig))
    return lost or isinstance(error, ConnectionError)


def _state(error: Exception) -> str:
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
