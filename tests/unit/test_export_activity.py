"""The export as Temporal sees it: beats that say how far it is, an end where nobody waits, a going on after a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.exports import ExportActivities
from adapters.crm.embedded import EmbeddedCrm
from adapters.database import open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.exports.embedded import EmbeddedExports
from adapters.product_data.port import ProductTable, Row
from models.crm import AccountRecord
from models.export import ExportProgress, ExportReceipt
from tests.exports import ACCOUNT, MESSAGES, Product, Watched, asked

ROWS = 12_000


class Slow(Watched):
    """A product that takes its time for the notes."""

    seconds = 0.0

    def rows(self, table: ProductTable, account_id: str, since: datetime | None) -> Iterator[Row]:
        for number, row in enumerate(super().rows(table, account_id, since)):
            if self.seconds and number % 1_000 == 0:
                time.sleep(self.seconds)
            yield row


@pytest.fixture
def source(tmp_path: Path) -> Slow:
    product = Product(tmp_path)
    product.put("account_users", ("u1", ACCOUNT, "Sri Wahyuni", "2026-02-01T00:00:00"))
    product.put("content_notes", *((f"n{n:06}", ACCOUNT, f"note {n}", n, None) for n in range(ROWS)))
    return Slow(product.url)


@pytest.fixture
async def exporting(tmp_path: Path, address: str, source: Slow) -> AsyncIterator[ExportActivities]:
    database = open_database(address)
    crm = EmbeddedCrm(database, EmbeddedDirectory(database))
    await crm.put_account(AccountRecord(id=ACCOUNT, name="Kopi Puncak Group"))
    yield ExportActivities(EmbeddedExports(database, source, crm, tmp_path / "exports", MESSAGES), beat_seconds=0.02)
    await database.close()


def environment(heard: Callable[[ExportProgress], None]) -> ActivityEnvironment:
    made = ActivityEnvironment()
    made.on_heartbeat = heard
    return made


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 a thread does it, which sets no event of ours
            await asyncio.sleep(0.01)


async def test_beats_say_which_table_is_under_way_and_how_many_rows_there_are(
    exporting: ExportActivities, source: Slow
) -> None:
    source.seconds = 0.03
    beats: list[ExportProgress] = []
    receipt = await environment(beats.append).run(exporting.prepare_export, asked())
    assert sum(section.rows for section in receipt.sections) == ROWS + 1
    assert ExportProgress(finished=1, tables=5, under_way="content_notes", rows=5_000) in beats


async def test_the_event_loop_stays_free_while_rows_are_read(exporting: ExportActivities, source: Slow) -> None:
    source.seconds = 0.03
    beats: list[float] = []
    await environment(lambda progress: beats.append(time.monotonic())).run(exporting.prepare_export, asked())
    assert len(beats) > 5


# OFFB-14: never half
async def test_an_attempt_that_nobody_waits_for_ends_and_the_next_goes_on_from_there(
    exporting: ExportActivities, source: Slow, tmp_path: Path
) -> None:
    source.seconds = 0.03
    attempt = asyncio.create_task(ActivityEnvironment().run(exporting.prepare_export, asked()))
    await eventually(lambda: "content_notes" in source.read)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    source.seconds = 0.0
    receipt = await _once_it_is_free(exporting)
    assert source.read.count("account_users") == 1
    assert source.read.count("content_notes") == 2
    assert sum(section.rows for section in receipt.sections) == ROWS + 1


async def _once_it_is_free(exporting: ExportActivities) -> ExportReceipt:
    while True:
        try:
            return await ActivityEnvironment().run(exporting.prepare_export, asked())
        except ApplicationError as busy:
            assert (busy.type, busy.non_retryable) == ("Transient", False)
            await asyncio.sleep(0.05)


async def test_the_same_key_gives_the_first_receipt(exporting: ExportActivities) -> None:
    first = await ActivityEnvironment().run(exporting.prepare_export, asked())
    again = await ActivityEnvironment().run(exporting.prepare_export, asked())
    assert (again.id, again.sha256, again.replayed) == (first.id, first.sha256, True)


async def test_an_unknown_account_is_final(exporting: ExportActivities) -> None:
    with pytest.raises(ApplicationError) as failed:
        await ActivityEnvironment().run(exporting.prepare_export, asked(account_id="acc-9999"))
    assert (failed.value.type, failed.value.non_retryable) == ("UnknownAccount", True)


async def test_a_product_that_is_out_of_reach_is_asked_again(exporting: ExportActivities, source: Slow) -> None:
    source.dies_at = ("content_notes", 7)
    with pytest.raises(ApplicationError) as failed:
        await ActivityEnvironment().run(exporting.prepare_export, asked())
    assert not failed.value.non_retryable
