"""Backup and restore of the embedded state."""

from __future__ import annotations

import fcntl
import sqlite3
import zipfile
from pathlib import Path

import pytest

from adapters.backup import backup, home_lock, restore
from models.faults import PermanentFault


def fill(path: Path, *words: str) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = wal")
    connection.execute("create table if not exists words (word text)")
    connection.executemany("insert into words values (?)", [(word,) for word in words])
    connection.commit()
    return connection


def words(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    found = [row[0] for row in connection.execute("select word from words order by rowid")]
    connection.close()
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path / "home" / "followthrough.db", "a case").close()
    fill(tmp_path / "home" / "temporal" / "temporal.db", "a history").close()
    (tmp_path / "home" / "worker.log").write_text("not state")
    return tmp_path / "home"


def test_a_backup_comes_back_whole_in_another_place(home: Path, tmp_path: Path) -> None:
    taken = backup(home, tmp_path / "out" / "b.zip")
    restored = restore(tmp_path / "out" / "b.zip", tmp_path / "new")
    assert restored == taken
    assert [file.path for file in taken.files] == ["followthrough.db", "temporal/temporal.db"]
    assert words(tmp_path / "new" / "followthrough.db") == ["a case"]
    assert words(tmp_path / "new" / "temporal" / "temporal.db") == ["a history"]


def test_exports_come_back_with_the_secret_of_their_codes_and_what_was_there_does_not_stay(
    home: Path, tmp_path: Path
) -> None:
    made = {"exports/acc-1/exp-1.zip": b"archive", "exports/.secret": b"s" * 32}
    (home / "certificates").mkdir()
    (home / "certificates/cert-1.pdf").write_bytes(b"%PDF-")
    for name, data in made.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    (home / "exports/acc-1/exp-2").mkdir()
    (home / "exports/acc-1/exp-2/half.csv").write_text("being written")
    backup(home, tmp_path / "b.zip")
    (home / "exports/acc-1/exp-9.zip").write_bytes(b"of a later day")
    restore(tmp_path / "b.zip", home, force=True)
    found = {p.relative_to(home).as_posix(): p.read_bytes() for p in (home / "exports").rglob("*") if p.is_file()}
    assert found == made
    assert (home / "certificates/cert-1.pdf").read_bytes() == b"%PDF-"


def test_a_backup_beside_a_running_worker_holds_what_was_committed(home: Path, tmp_path: Path) -> None:
    worker = fill(home / "followthrough.db", "in the write-ahead log")
    worker.execute("insert into words values ('not committed')")
    with home_lock(home):
        backup(home, tmp_path / "b.zip")
    worker.close()
    restore(tmp_path / "b.zip", tmp_path / "new")
    assert words(tmp_path / "new" / "followthrough.db") == ["a case", "in the write-ahead log"]


def test_a_home_with_databases_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    fill(home / "followthrough.db", "newer").close()
    with pytest.raises(PermanentFault, match="holds an instance already") as fault:
        restore(tmp_path / "b.zip", home)
    assert fault.value.kind == "HomeNotEmpty"
    assert words(home / "followthrough.db") == ["a case", "newer"]


def test_with_force_it_is_replaced_and_its_old_log_is_not_played_in(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    crashed = fill(home / "followthrough.db", "newer")  # its write-ahead log stays behind
    assert (home / "followthrough.db-wal").stat().st_size > 0
    fill(home / "extra.db", "of another instance").close()
    restore(tmp_path / "b.zip", home, force=True)
    assert words(home / "followthrough.db") == ["a case"]
    assert not (home / "extra.db").exists()
    crashed.close()


@pytest.mark.parametrize("lock", ["lock", "temporal.lock"])
def test_nothing_is_restored_under_a_running_process(home: Path, tmp_path: Path, lock: str) -> None:
    backup(home, tmp_path / "b.zip")
    with (home / lock).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PermanentFault, match="another process works on") as fault:
            restore(tmp_path / "b.zip", home, force=True)
    assert fault.value.kind == "HomeInUse"
    restore(tmp_path / "b.zip", home, force=True)  # the process has ended


def test_several_workers_share_a_home_and_none_of_them_outlives_a_restore(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    with home_lock(home), home_lock(home), pytest.raises(PermanentFault, match="another process works on"):
        restore(tmp_path / "b.zip", home, force=True)


def change_in(archive: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(archive) as source:
        parts = {each: source.read(each) for each in source.namelist()}
    with zipfile.ZipFile(archive, "w") as target:
        for each, old in parts.items():
            target.writestr(each, data if each == name else old)


def test_a_damaged_backup_changes_nothing(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    change_in(tmp_path / "b.zip", "temporal/temporal.db", b"damaged")
    with pytest.raises(PermanentFault, match=r"temporal/temporal\.db in the backup is damaged"):
        restore(tmp_path / "b.zip", home, force=True)
    assert words(home / "followthrough.db") == ["a case"]


def test_a_backup_cannot_write_outside_the_home(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        manifest = archive.read("manifest.json").replace(b'"followthrough.db"', b'"../outside.db"')
    change_in(tmp_path / "b.zip", "manifest.json", manifest)
    with pytest.raises(PermanentFault, match="no file of an instance"):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert not (tmp_path / "outside.db").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"{}"])
def test_a_file_that_is_no_backup_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(PermanentFault, match="is not a whole backup"):
        restore(tmp_path / "b.zip", tmp_path / "new")


def test_a_missing_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(PermanentFault, match="there is no file"):
        restore(tmp_path / "none.zip", tmp_path / "new")


def test_an_existing_file_is_not_overwritten_by_a_backup(home: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("yesterday's")
    with pytest.raises(PermanentFault, match="is there already"):
        backup(home, tmp_path / "b.zip")


def test_an_empty_home_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(PermanentFault, match="there is no instance under"):
        backup(tmp_path, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_readable_by_its_owner_alone(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0


def test_an_instance_whose_database_is_elsewhere_keeps_its_files(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "b.zip"
    (home / "certificates").mkdir(parents=True)
    (home / "certificates" / "one.pdf").write_bytes(b"proof")
    assert [each.path for each in backup(home, file).files] == ["certificates/one.pdf"]
    (home / "certificates" / "one.pdf").write_bytes(b"newer")
    with pytest.raises(PermanentFault, match="holds an instance already"):
        restore(file, home)
    assert (home / "certificates" / "one.pdf").read_bytes() == b"newer"
    restore(file, home, force=True)
    assert (home / "certificates" / "one.pdf").read_bytes() == b"proof"
