"""The history of product use: by account and day, in columns."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.usage.embedded import EmbeddedUsage
from adapters.usage.partition import MOST_ADDED
from adapters.usage.port import UsagePort
from models.facts import Origin, UsageDay, UsageFact
from models.faults import PermanentFault

CSV = Origin(source="csv:usage.csv", received_at=datetime(2026, 3, 20, 8, 30, tzinfo=UTC))
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)
COLUMNS = {
    "account_id": pl.String,
    "day": pl.Date,
    "active_users": pl.Int64,
    "logins": pl.Int64,
    "key_feature_events": pl.Int64,
}


def used(day: int, users: int | None, account: str = "acc-1", **more: int) -> UsageDay:
    return UsageDay(account_id=account, day=date(2026, 3, day), active_users=users, **more)  # type: ignore[arg-type]


def files(folder: Path, kind: str = "parquet") -> list[Path]:
    return sorted(folder.rglob(f"*.{kind}"))


def holds(file: Path, account: str) -> bool:
    return account in pl.read_parquet(file)["account_id"].to_list()


async def everything(usage: UsagePort) -> pl.DataFrame:
    frames = [usage.scan(bucket, FIRST, LAST).collect() for bucket in range(usage.buckets)]
    return pl.concat(frames).sort("account_id", "day")


async def test_the_same_days_twice_are_there_once(usage: UsagePort) -> None:
    for _ in range(2):
        await usage.put([used(1, 10), used(2, 9)], CSV)
    assert await usage.days("acc-1", FIRST, LAST) == (used(1, 10), used(2, 9))
    assert (await everything(usage)).height == 2


async def test_of_what_is_given_twice_for_a_day_the_last_holds(usage: UsagePort) -> None:
    await usage.put([used(1, 10), used(1, 8)], CSV)
    await usage.put([used(1, 4)], CSV)
    assert await usage.days("acc-1", FIRST, LAST) == (used(1, 4),)
    assert (await everything(usage))["active_users"].to_list() == [4]


async def test_a_measure_that_is_not_given_stays(usage: UsagePort) -> None:
    await usage.put([used(1, 10, logins=20)], CSV)
    await usage.put([used(1, None, key_feature_events=5)], CSV)
    assert await usage.days("acc-1", FIRST, LAST) == (used(1, 10, logins=20, key_feature_events=5),)


async def test_a_day_without_a_measure_is_absent_and_no_zero(usage: UsagePort) -> None:  # RISK-83
    await usage.put([used(1, 10), used(4, 0)], CSV)
    assert [(day.day.day, day.active_users) for day in await usage.days("acc-1", FIRST, LAST)] == [(1, 10), (4, 0)]
    assert (await everything(usage))["logins"].to_list() == [None, None]


async def test_the_end_of_a_range_of_days_is_not_in_it(usage: UsagePort) -> None:
    await usage.put([used(day, day) for day in range(1, 6)], CSV)
    assert [day.day.day for day in await usage.days("acc-1", date(2026, 3, 2), date(2026, 3, 4))] == [2, 3]
    narrow = usage.scan(usage.bucket("acc-1"), date(2026, 3, 2), date(2026, 3, 4)).collect()
    assert narrow["day"].to_list() == [date(2026, 3, 2), date(2026, 3, 3)]


async def test_ranges_go_over_the_ends_of_months_and_years(usage: UsagePort) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2028, 2, 29)]
    await usage.put([UsageDay(account_id="acc-1", day=day, logins=1) for day in days], CSV)
    assert [day.day for day in await usage.days("acc-1", days[0], date(2026, 2, 2))] == days[:4]
    assert [day.day for day in await usage.days("acc-1", date(2028, 2, 29), date(2028, 3, 1))] == days[4:]


async def test_a_scan_has_its_columns_also_where_nothing_is(usage: UsagePort) -> None:
    assert dict((await everything(usage)).schema) == COLUMNS
    await usage.put([UsageDay(account_id="acc-1", day=date(2026, 3, 1), more={"uploads": 2.5})], CSV)
    assert dict((await everything(usage)).schema) == COLUMNS


async def test_a_scan_of_every_bucket_holds_every_account_once(usage: UsagePort) -> None:
    accounts = [f"acc-{n}" for n in range(200)]
    await usage.put([used(day, n, account) for n, account in enumerate(accounts) for day in (1, 2)], CSV)
    assert (await everything(usage)).height == 400
    assert len({usage.bucket(account) for account in accounts}) > usage.buckets // 2
    one = await usage.days("acc-7", FIRST, LAST)
    assert [(day.day.day, day.active_users) for day in one] == [(1, 7), (2, 7)]
    assert len(await usage.days_of(accounts[:5], FIRST, LAST)) == 10


async def test_measures_of_ones_own_are_kept_beside_the_others(usage: UsagePort) -> None:
    mine = UsageDay(account_id="acc-1", day=date(2026, 3, 1), logins=3, more={"uploads": 2.5})
    await usage.put([mine], CSV)
    await usage.put([used(2, 9)], CSV)
    assert await usage.days("acc-1", FIRST, LAST) == (mine, used(2, 9))
    assert mine.measures == (
        UsageFact(account_id="acc-1", day=mine.day, metric="logins", value=3),
        UsageFact(account_id="acc-1", day=mine.day, metric="uploads", value=2.5),
    )


async def test_it_is_known_where_the_last_day_came_from(usage: UsagePort) -> None:
    await usage.put([used(1, 10)], CSV)
    stream = Origin(source="segment", received_at=datetime(2026, 3, 21, tzinfo=UTC))
    await usage.put([used(2, 9)], stream)
    assert await usage.latest("acc-1") == (used(2, 9), stream)
    assert await usage.latest("acc-2") is None


async def test_an_erased_account_is_in_no_file_any_more_and_the_others_are(usage: UsagePort, tmp_path: Path) -> None:
    stays = next(f"acc-{n}" for n in range(2, 1000) if usage.bucket(f"acc-{n}") == usage.bucket("acc-1"))
    for n in range(MOST_ADDED + 3):
        await usage.put([used(n + 1, n), used(n + 1, n, stays)], CSV)
    await usage.put([UsageDay(account_id="acc-1", day=date(2026, 5, 1), logins=1)], CSV)
    assert await usage.remains("acc-1") == MOST_ADDED + 4
    assert await usage.erase("acc-1") == MOST_ADDED + 4
    assert (await usage.remains("acc-1"), await usage.days("acc-1", FIRST, LAST)) == (0, ())
    assert not any(holds(file, "acc-1") for file in files(tmp_path))
    assert len(await usage.days(stays, FIRST, LAST)) == MOST_ADDED + 3
    assert await usage.erase("acc-1") == 0


async def test_many_small_writes_are_compacted_and_lose_nothing(usage: UsagePort, tmp_path: Path) -> None:
    for n in range(3 * MOST_ADDED):
        await usage.put([used(n + 1, n)], CSV)
    assert [day.active_users for day in await usage.days("acc-1", FIRST, LAST)] == list(range(3 * MOST_ADDED))
    assert len(files(tmp_path)) <= 3 * MOST_ADDED


async def test_a_reader_at_work_outlives_a_compaction(usage: UsagePort) -> None:
    for n in range(MOST_ADDED):
        await usage.put([used(n + 1, n)], CSV)
    before = usage.scan(usage.bucket("acc-1"), FIRST, LAST)
    await usage.put([used(MOST_ADDED + 1, 0), used(MOST_ADDED + 2, 0)], CSV)
    assert before.collect().height == MOST_ADDED


async def test_what_a_crash_left_half_written_is_not_read(usage: UsagePort, tmp_path: Path) -> None:
    await usage.put([used(1, 10)], CSV)
    (file,) = files(tmp_path)
    (file.parent / "00000002-added.draft").write_bytes(file.read_bytes()[:50])
    assert await usage.days("acc-1", FIRST, LAST) == (used(1, 10),)
    await usage.put([used(2, 9)], CSV)
    assert not files(tmp_path, "draft")


async def test_a_damaged_file_is_named(usage: UsagePort, tmp_path: Path) -> None:
    await usage.put([used(1, 10)], CSV)
    (file,) = files(tmp_path)
    file.write_bytes(b"PAR1 no PAR1")
    with pytest.raises(PermanentFault, match="damaged"):
        await usage.days("acc-1", FIRST, LAST)


async def test_a_frame_goes_in_at_once_and_one_of_another_shape_does_not(usage: UsagePort) -> None:
    days = pl.date_range(date(2026, 1, 1), date(2026, 3, 31), eager=True)
    accounts = pl.DataFrame({"account_id": [f"acc-{n}" for n in range(100)]})
    frame = accounts.join(days.to_frame("day"), how="cross").with_columns(
        pl.lit(5, pl.Int64).alias(name) for name in ("active_users", "logins", "key_feature_events")
    )
    await usage.put_frame(frame, CSV)
    assert (await everything(usage)).height == 9000
    with pytest.raises(ValueError, match="logins"):
        await usage.put_frame(frame.with_columns(pl.col("logins").cast(pl.Float64)), CSV)


def test_use_below_zero_or_not_a_number_is_no_use() -> None:
    for wrong in ({"logins": -1}, {"more": {"uploads": float("nan")}}, {"more": {"source": 1.0}}):
        with pytest.raises(ValidationError):
            UsageDay.model_validate({"account_id": "acc-1", "day": date(2026, 3, 1)} | wrong)


def _write(folder: Path, process: int) -> None:
    async def write() -> None:
        usage = EmbeddedUsage(folder)
        for n in range(20):
            day = date(2026, 3, 1) + timedelta(days=n)
            await usage.put([UsageDay(account_id="acc-1", day=day, **{("logins", "active_users")[process]: n})], CSV)

    asyncio.run(write())


async def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path / "usage", n)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        await asyncio.to_thread(writer.join, 60)
    found = await EmbeddedUsage(tmp_path / "usage").days("acc-1", FIRST, LAST)
    assert [(day.logins, day.active_users) for day in found] == [(n, n) for n in range(20)]


_DAYS = st.lists(
    st.tuples(
        st.sampled_from(["acc-1", "acc-2", "acc-77"]),
        st.dates(date(2026, 1, 30), date(2026, 3, 2)),
        st.sampled_from(["active_users", "logins", "uploads"]),
        st.integers(0, 5),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(puts=st.lists(_DAYS, min_size=1, max_size=12))
def test_whatever_is_put_in_whatever_order_the_last_measure_of_a_day_holds(puts: list[Any]) -> None:
    plain: dict[tuple[str, date], dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        usage = EmbeddedUsage(Path(folder))
        for rows in puts:
            days = [
                UsageDay.model_validate({"account_id": account, "day": day} | as_given(metric, value))
                for account, day, metric, value in rows
            ]
            asyncio.run(usage.put(days, CSV))
            for account, day, metric, value in rows:
                plain.setdefault((account, day), {})[metric] = value
        found = asyncio.run(usage.days_of(("acc-1", "acc-2", "acc-77"), FIRST, LAST))
    told = {(one.account_id, one.day): {fact.metric: fact.value for fact in one.measures} for one in found}
    assert told == plain
    assert len(found) == len(plain)


def as_given(metric: str, value: int) -> dict[str, object]:
    return {"more": {metric: float(value)}} if metric == "uploads" else {metric: value}
