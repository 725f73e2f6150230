"""Backup and restore of the embedded state under the home folder, in one file with checksums."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import ValidationError

from adapters.clock import utc_now
from adapters.health.embedded import HEALTH
from adapters.usage.embedded import USAGE
from adapters.usage.partition import bucket_folders, bucket_lock, current_files
from models.base import Record, Utc
from models.faults import PermanentFault

LOCK = "lock"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_EXPORTS, _CERTIFICATES = "exports", "certificates"
"""Archives that customers may still fetch with the secret of their codes, and the proofs of deletion."""
_HISTORIES = (USAGE, HEALTH)
_FOLDERS = (_EXPORTS, _CERTIFICATES, *_HISTORIES)


class BackupFile(Record):
    """A file of an instance in a backup: its path below the home folder, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


class BackupManifest(Record):
    """What a backup holds, and when it was taken (UTC)."""

    format: int = 1
    taken_at: Utc
    files: tuple[BackupFile, ...]


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Share ``home/lock`` with every process that works on the home folder; the lock ends with the process.

    Raises ``PermanentFault("HomeInUse")`` while a restore has the folder for itself.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a") as file:
        _take(file, home, fcntl.LOCK_SH)
        yield


@contextmanager
def _nobody_works_on(home: Path) -> Iterator[None]:
    """Hold every lock of the home folder: ours, and those of parts such as the local Temporal server (``*.lock``)."""
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as others:
        for path in (home / LOCK, *sorted(home.glob("*.lock"))):
            _take(others.enter_context(path.open("a")), home, fcntl.LOCK_EX)
        yield


def _take(file: IO[str], home: Path, kind: int) -> None:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError as error:
        raise PermanentFault("HomeInUse", f"another process works on {home}; stop it first") from error


def backup(home: Path, to_file: Path) -> BackupManifest:
    """Copy every ``*.db``, every export and the usage history under ``home`` into one zip file, also beside a worker.

    Each database is copied as of one moment, the files after it; ``to_file`` appears whole or not at all. A PostgreSQL
    is not in it. Raises ``PermanentFault("NothingToBackUp")`` where nothing of an instance is there, and
    ``PermanentFault("FileExists")``.
    """
    databases = sorted(path for path in home.rglob("*.db") if path.is_file())
    if not databases and not _folders(home):
        raise PermanentFault("NothingToBackUp", f"there is no instance under {home}; name the home of one")
    if to_file.exists():
        raise PermanentFault("FileExists", f"{to_file} is there already; name a file that is not")
    to_file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to_file.parent, prefix=".backup-") as folder:
        work = Path(folder)
        files = tuple(_copy_database(home, path, work) for path in databases)
        files += tuple(_copy_file(home, path, work) for path in _exports(home))
        files += tuple(_copy_histories(home, work))
        manifest = BackupManifest(taken_at=utc_now(), files=files)
        _pack(work, manifest, work / "whole.zip")
        (work / "whole.zip").chmod(0o600)
        (work / "whole.zip").replace(to_file)
    return manifest


def restore(from_file: Path, home: Path, force: bool = False) -> BackupManifest:
    """Put the databases and exports of a backup into ``home``, after every checksum was checked, and say what it held.

    Raises ``PermanentFault``: ``BadBackup`` for a file that is no whole backup, ``HomeNotEmpty`` where an instance is
    there and ``force`` is not given (with it, it is replaced), ``HomeInUse`` while another process works there.
    """
    with _nobody_works_on(home), tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        work = Path(folder)
        manifest = _unpack(from_file, work)
        present = [path for path in home.rglob("*.db") if work not in path.parents]
        if (present or _folders(home)) and not force:
            sentence = f"{home} holds an instance already; name an empty folder, or use force to replace it"
            raise PermanentFault("HomeNotEmpty", sentence)
        for path in present:
            _remove_database(path)
        for folder in _FOLDERS:
            shutil.rmtree(home / folder, ignore_errors=True)
        for file in manifest.files:
            (home / file.path).parent.mkdir(parents=True, exist_ok=True)
            (work / file.path).replace(home / file.path)
    return manifest


def _folders(home: Path) -> list[Path]:
    """What an instance keeps beside its databases."""
    return [home / name for name in _FOLDERS if (home / name).is_dir() and any((home / name).iterdir())]


def _copy_database(home: Path, path: Path, work: Path) -> BackupFile:
    name = path.relative_to(home).as_posix()
    copy = work / "files" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    read_only = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(read_only, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.DatabaseError as error:
        raise PermanentFault("BadDatabase", f"{path} cannot be copied ({error}); look at this file first") from error
    return BackupFile(path=name, size=copy.stat().st_size, sha256=_digest(copy))


def _exports(home: Path) -> list[Path]:
    """The finished archives, the secret, and the certificates.

    An export that is still being written is made again by its case.
    """
    folder = home / _EXPORTS
    return sorted([*folder.glob("*/*.zip"), *folder.glob(".secret"), *(home / _CERTIFICATES).glob("*.pdf")])


def _copy_histories(home: Path, work: Path) -> Iterator[BackupFile]:
    """The histories of use and of health, bucket after bucket, while nobody writes to it."""
    for bucket in (bucket for history in _HISTORIES for bucket in bucket_folders(home / history)):
        with bucket_lock(bucket):
            for path in current_files(bucket):
                yield _copy_file(home, path, work)


def _copy_file(home: Path, path: Path, work: Path) -> BackupFile:
    name = path.relative_to(home).as_posix()
    copy = work / "files" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, copy)
    return BackupFile(path=name, size=copy.stat().st_size, sha256=_digest(copy))


def _pack(work: Path, manifest: BackupManifest, to_file: Path) -> None:
    with zipfile.ZipFile(to_file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
        for file in manifest.files:
            archive.write(work / "files" / file.path, file.path)


def _unpack(from_file: Path, work: Path) -> BackupManifest:
    try:
        with zipfile.ZipFile(from_file) as archive:
            manifest = BackupManifest.model_validate_json(archive.read(_MANIFEST))
            for file in manifest.files:
                _extract(archive, file, work)
    except FileNotFoundError as error:
        raise PermanentFault("BadBackup", f"there is no file {from_file}; name a backup") from error
    except (OSError, KeyError, EOFError, zipfile.BadZipFile, ValidationError) as error:
        raise PermanentFault("BadBackup", f"{from_file} is not a whole backup; take another one") from error
    return manifest


def _extract(archive: zipfile.ZipFile, file: BackupFile, work: Path) -> None:
    path = PurePosixPath(file.path)
    ours = path.suffix == ".db" or path.parts[0] in _FOLDERS
    if path.is_absolute() or ".." in path.parts or not ours:
        sentence = f"the backup names {file.path}, which is no file of an instance below a home folder"
        raise PermanentFault("BadBackup", sentence)
    target = work / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(file.path) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, _CHUNK)
        os.fsync(copy.fileno())
    if _digest(target) != file.sha256:
        raise PermanentFault("BadBackup", f"{file.path} in the backup is damaged; take another backup")


def _remove_database(path: Path) -> None:
    # The write-ahead log of the old database would otherwise be played into the restored one.
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
