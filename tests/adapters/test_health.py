"""The history of health: a score a day, with what it was made of."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from adapters.health.port import HealthPort
from models.health import ScoreState

FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)
PARTS = pl.Schema(
    {
        "account_id": pl.String(),
        "day": pl.Date(),
        "component": pl.String(),
        "weight": pl.Float64(),
        "value": pl.Float64(),
    }
)


def scored(day: int, score: float | None, account: str = "acc-1", month: int = 3) -> pl.DataFrame:
    row: dict[str, Any] = {
        "account_id": account,
        "day": date(2026, month, day),
        "score": score,
        "state": (ScoreState.INSUFFICIENT_DATA if score is None else ScoreState.SCORED).value,
        "available_percent": 60.0,
        "band": "warning",
    }
    return pl.DataFrame([row], schema_overrides={"score": pl.Float64})


def parts(day: int, account: str = "acc-1", month: int = 3, **values: float) -> pl.DataFrame:
    rows = [(account, date(2026, month, day), name, 50.0, value) for name, value in values.items()]
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def place(account: str) -> list[int]:
    return list(range(32)) if account else []


async def test_who_has_no_score_is_listed_with_how_much_is_known(health: HealthPort) -> None:  # AMB-6
    for account, score in (("acc-2", None), ("acc-1", 61.5), ("acc-3", None)):
        await health.put(scored(1, score, account), parts(1, account, usage=70.0))
    await health.put(scored(1, 50.0, "acc-3"), parts(1, "acc-3", usage=50.0))  # judged once more that day
    await health.put(scored(2, None, "acc-1"), parts(2, usage=70.0))
    assert await health.unscored(date(2026, 3, 1)) == {"acc-2": 60.0}


async def test_a_score_is_kept_with_its_components(health: HealthPort) -> None:
    await health.put(scored(1, 61.5), parts(1, usage=70.0, commercial=53.0))
    (one,) = await health.history("acc-1", FIRST, LAST)
    assert (one.day, one.score, one.band, one.state) == (date(2026, 3, 1), 61.5, "warning", ScoreState.SCORED)
    assert {part.name: (part.weight, part.value) for part in one.components} == {
        "commercial": (50.0, 53.0),
        "usage": (50.0, 70.0),
    }


async def test_days_come_in_order_across_months_and_the_last_day_is_not_part_of_it(health: HealthPort) -> None:
    for day, month, score in ((2, 4, 50.0), (31, 3, 60.0), (1, 4, 55.0)):
        await health.put(scored(day, score, month=month), parts(day, month=month, usage=score))
    found = await health.history("acc-1", FIRST, date(2026, 4, 2))
    assert [one.score for one in found] == [60.0, 55.0]


async def test_a_day_that_is_judged_anew_has_its_last_score_and_none_where_too_little_is_known(
    health: HealthPort,
) -> None:
    await health.put(scored(1, 61.5), parts(1, usage=70.0))
    await health.put(scored(1, 40.0), parts(1, usage=45.0))
    assert [one.score for one in await health.history("acc-1", FIRST, LAST)] == [40.0]
    await health.put(scored(1, None), parts(1))
    (one,) = await health.history("acc-1", FIRST, LAST)
    assert (one.score, one.state) == (None, ScoreState.INSUFFICIENT_DATA)
    assert (await health.scores(place("acc-1"), FIRST, LAST)).is_empty()


async def test_scores_are_read_by_bucket_in_order(health: HealthPort) -> None:
    for account in ("acc-2", "acc-1"):
        for day in (2, 1):
            await health.put(scored(day, 50.0 + day, account), parts(day, account, usage=1.0))
    rows = (await health.scores(place("all"), FIRST, LAST)).rows()
    assert rows == [(account, date(2026, 3, day), 50.0 + day) for account in ("acc-1", "acc-2") for day in (1, 2)]
    assert (await health.scores((), FIRST, LAST)).is_empty()


async def test_an_account_is_deleted_for_good(health: HealthPort) -> None:
    await health.put(scored(1, 61.5), parts(1, usage=70.0))
    await health.put(scored(1, 33.0, "acc-2"), parts(1, "acc-2", usage=70.0))
    assert await health.erase("acc-1") == 1
    assert await health.remains("acc-1") == 0
    assert await health.history("acc-1", FIRST, LAST) == ()
    assert len(await health.history("acc-2", FIRST, LAST)) == 1
