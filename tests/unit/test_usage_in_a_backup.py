"""The history of product use is part of a backup."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from adapters.backup import backup, restore
from adapters.usage.embedded import USAGE, EmbeddedUsage
from models.facts import Origin, UsageDay

CSV = Origin(source="csv:usage.csv", received_at=datetime(2026, 3, 20, tzinfo=UTC))


def used(home: Path, day: int, logins: int) -> None:
    days = [UsageDay(account_id=f"acc-{n}", day=date(2026, 3, day), logins=logins) for n in range(5)]
    asyncio.run(EmbeddedUsage(home / USAGE).put(days, CSV))


def logins(home: Path, account: str) -> list[int | None]:
    days = asyncio.run(EmbeddedUsage(home / USAGE).days(account, date(2026, 1, 1), date(2027, 1, 1)))
    return [day.logins for day in days]


def test_a_backup_brings_the_use_back_and_what_came_later_does_not_stay(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    sqlite3.connect(home / "followthrough.db").close()
    (home / "followthrough.db").touch()
    used(home, 1, 7)
    used(home, 2, 8)
    taken = backup(home, tmp_path / "b.zip")
    assert any(file.path.startswith("usage/bucket=") for file in taken.files)
    used(home, 3, 9)
    used(home, 1, 1)
    restore(tmp_path / "b.zip", home, force=True)
    assert logins(home, "acc-3") == [7, 8]
    restore(tmp_path / "b.zip", tmp_path / "new")
    assert logins(tmp_path / "new", "acc-4") == [7, 8]
