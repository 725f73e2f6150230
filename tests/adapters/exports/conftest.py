"""A product with some rows of a known account, and its exports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.exports.embedded import EmbeddedExports
from adapters.exports.port import ExportsPort
from adapters.exports.s3 import S3Archives
from adapters.exports.store import ArchiveStore, FolderArchives
from models.crm import AccountRecord
from models.directory import WorkingTime
from tests.adapters.conftest import WallClock
from tests.exports import ACCOUNT, MESSAGES, Product, Watched
from tests.object_server import ObjectDesk, object_desk


@pytest.fixture
def product(tmp_path: Path) -> Product:
    made = Product(tmp_path)
    made.put("account_users", ("u1", ACCOUNT, "Sri Wahyuni", "2026-02-01T00:00:00"))
    made.put("account_users", ("u2", "acc-0002", "Somebody Else", "2026-02-01T00:00:00"))
    made.put("content_notes", *((f"n{n}", ACCOUNT, f"note {n}", n, f"2026-02-0{n}T00:00:00") for n in range(1, 6)))
    made.put("content_shares", ("s1", ACCOUNT, "the auditors"))
    made.put("usage_days", ("d1", ACCOUNT, 7, "2026-02-03T00:00:00"))
    return made


@pytest.fixture
def source(product: Product) -> Watched:
    return Watched(product.url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports"


@pytest.fixture
def objects() -> Iterator[ObjectDesk]:
    with object_desk() as service:
        yield service


@pytest.fixture(params=[("sqlite", "folder"), ("postgresql", "folder"), ("sqlite", "s3")], ids="-".join)
def places(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The kind of database, and where archives lie, which do not depend on each other."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def address(request: pytest.FixtureRequest, places: tuple[str, str], migrated_file: Path, tmp_path: Path) -> str:
    if places[0] == "postgresql":
        return str(request.getfixturevalue("postgres_address"))
    path = tmp_path / "followthrough.db"
    shutil.copy(migrated_file, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def store(request: pytest.FixtureRequest, places: tuple[str, str], folder: Path) -> ArchiveStore:
    if places[1] == "folder":
        return FolderArchives(folder)
    return S3Archives(request.getfixturevalue("objects").at())


@pytest.fixture
async def exports(
    database: Database, crm: CrmPort, source: Watched, folder: Path, clock: WallClock, store: ArchiveStore
) -> ExportsPort:
    works = WorkingTime(time_zone="Asia/Jakarta")
    await crm.put_account(AccountRecord(id=ACCOUNT, name="Kopi Puncak Group", locale="id", works=works))
    return EmbeddedExports(database, source, crm, folder, MESSAGES, clock, store)
