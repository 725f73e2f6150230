"""One account and its facts, written in a line or two, and what is found of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from adapters.playbooks.folder import FolderPlaybooks
from rules.detection import frames
from rules.detection.frames import Facts
from rules.detection.sweep import Detected, detect

RULES = asyncio.run(FolderPlaybooks(Path("playbooks")).detection())
TODAY = date(2026, 11, 17)  # a Tuesday
NAME = "acc-1"


def accounts(*changes: dict[str, Any]) -> pl.DataFrame:
    plain = {
        "account_id": NAME,
        "arr_minor": 5_000_000,
        "currency": "USD",
        "renewal_date": None,
        "customer_since": None,
        "strategic": False,
        "stakeholders": 5,
        "has_sponsor": True,
        "payment": None,
        "churned": False,
        "case_open": False,
    }
    return pl.DataFrame([plain | change for change in changes or ({},)], schema=frames.ACCOUNTS)


def day(ago: int, today: date = TODAY) -> date:
    return today - timedelta(days=ago)


def at(ago: int, today: date = TODAY) -> datetime:
    return datetime.combine(day(ago, today), time(12), UTC)


def scores(by_ago: dict[int, float | None], today: date = TODAY) -> pl.DataFrame:
    return pl.DataFrame(
        [(NAME, day(ago, today), score) for ago, score in by_ago.items()], schema=frames.SCORES, orient="row"
    )


def usage(levels: Iterable[tuple[int, int | None]]) -> pl.DataFrame:
    """By days before yesterday, the last whole day; None for a day that was not measured."""
    rows = [(NAME, day(ago + 1), level, level, level) for ago, level in levels if level is not None]
    return pl.DataFrame(rows, schema=frames.USAGE, orient="row")


def tickets(*rows: tuple[int, str, int | None], today: date = TODAY) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"t{n}", NAME, at(ago, today), tone, csat) for n, (ago, tone, csat) in enumerate(rows)],
        schema=frames.TICKETS,
        orient="row",
    )


def nps(*rows: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame([(NAME, at(ago), score) for ago, score in rows], schema=frames.NPS, orient="row")


def signals(*rows: str | tuple[str, int]) -> pl.DataFrame:
    dated = [row if isinstance(row, tuple) else (row, 1) for row in rows]
    return pl.DataFrame([(NAME, at(ago), kind, "csm") for kind, ago in dated], schema=frames.SIGNALS, orient="row")


def given(values: dict[str, float], ago: int = 0) -> pl.DataFrame:
    rows = [(NAME, day(ago), metric, value) for metric, value in values.items()]
    return pl.DataFrame(rows, schema=frames.GIVEN, orient="row")


def seen(today: date = TODAY, last_ticket: date | None = None, **tables: pl.DataFrame) -> Detected:
    facts = Facts(**({"accounts": accounts()} | tables), last_ticket=last_ticket)
    return detect(facts, RULES, today)


def rules_of(detected: Detected) -> set[str]:
    return set(detected.found["rule"])


def row_of(detected: Detected, rule: str) -> dict[str, Any]:
    return detected.found.row(by_predicate=pl.col("rule") == rule, named=True)


def unjudged(detected: Detected) -> dict[str, str]:
    return dict(detected.unjudged.select("rule", "why").iter_rows())


def steady(until: int = 0, level: int = 10, days: int = 110) -> Sequence[tuple[int, int]]:
    return [(ago, level) for ago in range(until, days)]
