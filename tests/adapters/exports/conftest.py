"""A product with some rows of a known account, and its exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.exports.embedded import EmbeddedExports
from adapters.exports.port import ExportsPort
from models.crm import AccountRecord
from models.directory import WorkingTime
from tests.adapters.conftest import WallClock
from tests.exports import ACCOUNT, MESSAGES, Product, Watched


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


@pytest.fixture(params=["embedded"])
async def exports(
    request: pytest.FixtureRequest, database: Database, crm: CrmPort, source: Watched, folder: Path, clock: WallClock
) -> ExportsPort:
    works = WorkingTime(time_zone="Asia/Jakarta")
    await crm.put_account(AccountRecord(id=ACCOUNT, name="Kopi Puncak Group", locale="id", works=works))
    return EmbeddedExports(database, source, crm, folder, MESSAGES, clock)
