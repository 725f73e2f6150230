"""What sweeps came to: kept by their id, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.database import Database
from adapters.sweeps.embedded import EmbeddedSweeps
from models.faults import PermanentFault
from models.sweep import SweepReport, Swept

AT = datetime(2026, 11, 17, 2, tzinfo=UTC)


def report(day: int, **more: object) -> SweepReport:
    return SweepReport.model_validate({"id": f"sweep-{day}", "at": AT + timedelta(days=day)} | more)


async def test_a_sweep_is_kept_while_it_goes_on_and_once_it_is_over(database: Database) -> None:
    sweeps = EmbeddedSweeps(database)
    await sweeps.put(report(1, parts=2))
    over = report(1, parts=2, finished_at=AT, swept=Swept(accounts=3, insufficient=1), became={"open_case": 1})
    await sweeps.put(over)
    assert await sweeps.report("sweep-1") == over
    await sweeps.put(report(3))
    await sweeps.put(report(2))
    assert [one.id for one in await sweeps.latest(2)] == ["sweep-3", "sweep-2"]


async def test_a_sweep_that_nobody_knows_is_named(database: Database) -> None:
    with pytest.raises(PermanentFault, match="'detection sweeps' lists them"):
        await EmbeddedSweeps(database).report("sweep-9")
