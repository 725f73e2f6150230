"""``python -m bench.export``: the export of a large account: its memory, and its time against cp and zip of the same bytes.

It needs the program ``zip``, and disk for three times the data (about 12 GB for ten million rows).
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from adapters.crm.embedded import EmbeddedCrm
from adapters.database import migrate, open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.exports.embedded import EmbeddedExports
from adapters.product_data.sql import SqlProductData
from models.base import Record
from models.crm import AccountRecord
from models.export import ExportProgress, PrepareExport
from settings import CHECKOUT

MESSAGES = CHECKOUT / "playbooks" / "messages"
ROWS = 10_000_000
ACCOUNT, OTHER = "acc-0001", "acc-0002"
MOST_MB, MOST_TIMES = 200, 3.0
Spent = tuple[float, float]
_BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
_WORDS = [
    line for line in (Path(__file__).parent.parent / "docs" / "architecture.md").read_text("utf-8").split() if line
]
_TABLE = """
create table if not exists content_records (
  id text primary key, account_id text, title text, body text, author text, amount integer, state text, updated_at text
) without rowid
"""


class ExportCost(Record):
    """What one export costs; the ratio is to ``cp`` and ``zip`` of the files that are in it.

    Beside the seconds on the clock it has those of the processor, which say more where others work on the machine.
    """

    rows: int
    bytes: int
    archive_bytes: int
    seconds: float
    cpu_seconds: float
    copied_and_zipped_seconds: float
    copied_and_zipped_cpu_seconds: float
    peak_mb: int
    early_mb: int

    @property
    def ratio(self) -> float:
        """How many times as long as cp and zip."""
        return self.seconds / self.copied_and_zipped_seconds

    @property
    def cpu_ratio(self) -> float:
        """How many times as much of the processor as cp and zip."""
        return self.cpu_seconds / self.copied_and_zipped_cpu_seconds

    @property
    def as_promised(self) -> bool:
        """Memory below 200 MB and at most three times as long."""
        return self.peak_mb < MOST_MB and self.ratio <= MOST_TIMES


def fill(file: Path, rows: int) -> None:
    """A product database with ``rows`` records of an account, and some of another; the same each time."""
    with closing(sqlite3.connect(file)) as product:
        product.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLE}")
        with product:
            product.executemany("insert into content_records values (?, ?, ?, ?, ?, ?, ?, ?)", _records(rows))


def _records(rows: int) -> Iterator[tuple[object, ...]]:
    luck = random.Random(7)
    for number in range(rows + rows // 100):
        moment = _BEGUN + timedelta(seconds=7 * number)
        words = " ".join(luck.choices(_WORDS, k=9))
        owner = ACCOUNT if number < rows else OTHER
        author = f"user-{luck.randrange(900)}"
        state = luck.choice(("draft", "sent", "paid"))
        yield (
            f"rec-{number:09}",
            owner,
            f"Record {number}",
            words,
            author,
            luck.randrange(10**6),
            state,
            moment.isoformat(),
        )


class _Memory(threading.Thread):
    """The resident memory of this process while it works, in MB, ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[int] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self.seen.append(pages * resource.getpagesize() >> 20)


async def export(product: Path, home: Path) -> tuple[Spent, Path]:
    """What the export takes, from the first row to the receipt, and its archive."""
    url = f"sqlite+aiosqlite:///{home / 'followthrough.db'}"
    await migrate(url)
    database = open_database(url)
    crm = EmbeddedCrm(database, EmbeddedDirectory(database))
    await crm.put_account(AccountRecord(id=ACCOUNT, name="Kopi Puncak Group"))
    exports = EmbeddedExports(
        database, SqlProductData(f"sqlite:///{product}"), crm, home / "exports", CHECKOUT / "playbooks" / "messages"
    )
    now = datetime.now(UTC)
    asked = PrepareExport(key="bench", case_id="bench", account_id=ACCOUNT, at=now, link_until=now + timedelta(days=90))
    spent = _spending()
    receipt = await exports.prepare(asked, _silent)
    took = spent()
    archive = home / "fetched.zip"
    await exports.fetch((await exports.find(receipt.id)).code, now, archive)
    await database.close()
    return took, archive


def _spending() -> Callable[[], Spent]:
    """From now on: seconds on the clock, and of the processor for this process and for those that it ran."""

    def present() -> Spent:
        uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return time.perf_counter(), sum(use.ru_utime + use.ru_stime for use in uses)

    clock, cpu = present()

    def spent() -> Spent:
        clock_now, cpu_now = present()
        return clock_now - clock, cpu_now - cpu

    return spent


def _silent(progress: ExportProgress) -> None:
    """Nobody listens."""


def copied_and_zipped(folder: Path, work: Path) -> Spent:
    """What cp of the files of a folder and zip of the copy take, as anybody would do it by hand."""
    spent = _spending()
    subprocess.run(["cp", "-r", str(folder), str(work / "copy")], check=True)
    subprocess.run(["zip", "-q", "-r", str(work / "by_hand.zip"), "copy"], check=True, cwd=work)
    return spent()


def measure(product: Path, work: Path, rows: int) -> ExportCost:
    """One export of ``product``, then cp and zip of what it holds."""
    memory = _Memory()
    memory.start()
    (seconds, cpu_seconds), archive = asyncio.run(export(product, work))
    memory.done.set()
    memory.join()
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(work / "files")
        size = sum(info.file_size for info in packed.infolist())
    by_hand, by_hand_cpu = copied_and_zipped(work / "files", work)
    return ExportCost(
        rows=rows,
        bytes=size,
        archive_bytes=archive.stat().st_size,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        copied_and_zipped_seconds=by_hand,
        copied_and_zipped_cpu_seconds=by_hand_cpu,
        peak_mb=max(memory.seen),
        early_mb=memory.seen[len(memory.seen) // 10],
    )


async def apart(rows: int) -> ExportCost:
    """The same in a process of its own, whose memory is that of the export alone."""
    run = (sys.executable, "-m", "bench.export", "--rows", str(rows))
    process = await asyncio.create_subprocess_exec(*run, stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT)
    printed, _ = await process.communicate()
    found = json.loads(printed)
    return ExportCost.model_validate({name: found[name] for name in ExportCost.model_fields})


def main(
    rows: Annotated[int, typer.Option(help="How many rows the account has.", min=1_000)] = ROWS,
    folder: Annotated[Path | None, typer.Option(help="Where there is room; a temporary folder if left out.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Use and keep this product database.")] = None,
) -> None:
    """Measure one export and say whether it is as promised (exit code 1 where it is not)."""
    if shutil.which("zip") is None:
        raise typer.BadParameter("the program zip is not there to compare with")
    with tempfile.TemporaryDirectory(dir=folder, prefix="bench-export-") as made:
        work = Path(made)
        product = keep or work / "product.db"
        if not product.exists():
            print(f"writing a product of {rows:,} rows ...", file=sys.stderr)
            fill(product, rows)
        cost = measure(product, work, rows)
    promised = {"ratio": round(cost.ratio, 2), "cpu_ratio": round(cost.cpu_ratio, 2), "as_promised": cost.as_promised}
    print(json.dumps(cost.model_dump() | promised, indent=2))
    raise SystemExit(0 if cost.as_promised else 1)


if __name__ == "__main__":
    typer.run(main)
