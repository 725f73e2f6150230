"""``python -m bench.detection``: a sweep of a portfolio against a bare scan of the same files, in time and memory.

Each part runs in a process of its own, so that its peak memory is its own. The bare scan reads every column of every file
and sums per account, which is the least that any answer per account can do. It needs about 1.5 GB of disk for a million.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from adapters.playbooks.folder import FolderPlaybooks
from models.base import Record
from models.detection import DetectionRules
from models.policy import TriageRules
from rules.detection import frames
from rules.detection.frames import Facts
from rules.detection.judging import judged
from rules.detection.sweep import detect, news
from settings import CHECKOUT

TODAY = date(2026, 11, 17)
ACCOUNTS = 1_000_000
SIZE, DAYS, SCORED_DAYS = 15_625, 90, 36
PROCESSES = os.cpu_count() or 1
MOST_SECONDS, MOST_MB, MOST_TIMES = 60, 2_000, 3.0
TABLES = ("accounts", "usage", "scores", "tickets", "nps", "signals")
KINDS = ("champion_left", "email_unanswered", "competitor_named", "data_export_requested", "layoffs", "qbr_cancelled")
_NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)

app = typer.Typer(add_completion=False)


@app.command()
def make(folder: Path, accounts: int = ACCOUNTS) -> None:
    """Write the files of a portfolio, one folder for each table, one file for each bucket of accounts."""
    for table in TABLES:
        (folder / table).mkdir(parents=True, exist_ok=True)
    rules, _ = asyncio.run(_policies())
    for bucket, first in enumerate(range(0, accounts, SIZE)):
        for table, frame in _bucket(first, min(SIZE, accounts - first), bucket, rules).items():
            frame.write_parquet(folder / table / f"{bucket:05}.parquet")


def _bucket(first: int, size: int, seed: int, rules: DetectionRules) -> dict[str, pl.DataFrame]:
    """Accounts of which most are steady, 3 % fall, 1 % fell silent, and 2 % miss days."""
    name = pl.format("acc-{}", pl.col("n").cast(pl.String).str.zfill(9))
    people = pl.DataFrame({"n": range(first, first + size)}).with_columns(account_id=name, fate=_dice(seed, 100, "n"))
    days = pl.DataFrame({"day": [TODAY - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]})
    grid = people.join(days, how="cross").with_row_index("i")
    ago = (pl.lit(TODAY) - pl.col("day")).dt.total_days()
    weight = pl.when(pl.col("day").dt.weekday() > 5).then(0.3).otherwise(1.0)
    fallen = pl.when((pl.col("fate") < 3) & (ago < 14)).then(0.4).otherwise(1.0)
    silent = pl.when((pl.col("fate") == 3) & (ago < 20)).then(0.0).otherwise(1.0)
    size_of = 5 + _dice(seed, 200, "n")
    use = size_of * weight * fallen * silent
    usage = grid.filter((pl.col("fate") < 98) | (_dice(seed + 1, 10, "i") > 0)).select(
        "account_id",
        "day",
        active_users=_noisy(use, seed + 2),
        logins=_noisy(use * 2, seed + 3),
        key_feature_events=_noisy(use * 5, seed + 4),
    )
    made = {"accounts": _accounts(people, seed), "usage": usage, **_events(people, seed)}
    drift = pl.when(pl.col("fate") < 3).then((20 - ago).clip(0, 20) * -2.0 + 40).otherwise(0.0)
    noise = pl.when(pl.col("fate") > 89).then(_dice(seed + 6, 5, "i")).otherwise(0)
    counted = detect(Facts(**made), rules, TODAY).scored.health.select("account_id", "score")
    scores = (
        grid.join(counted, on="account_id", how="inner", maintain_order="left")
        .filter(ago.is_between(1, SCORED_DAYS) & pl.col("score").is_not_null())
        .select("account_id", "day", score=(pl.col("score") + drift + noise).clip(0, 100))
    )
    return {**made, "scores": scores}


def _dice(seed: int, sides: int, column: str) -> pl.Expr:
    return (pl.col(column).hash(seed) % sides).cast(pl.Int64)


def _noisy(level: pl.Expr, seed: int) -> pl.Expr:
    return (level * (80 + _dice(seed, 40, "i")) / 100).round().cast(pl.Int64)


def _accounts(people: pl.DataFrame, seed: int) -> pl.DataFrame:
    return people.select(
        "account_id",
        arr_minor=(_dice(seed + 7, 150, "n") + 1) * 100_000,
        currency=pl.lit("USD"),
        renewal_date=pl.lit(TODAY) + pl.duration(days=_dice(seed + 8, 365, "n")),
        customer_since=pl.lit(date(2023, 1, 1)),
        strategic=_dice(seed + 9, 100, "n") == 0,
        stakeholders=_dice(seed + 10, 30, "n") + 2,
        has_sponsor=_dice(seed + 11, 20, "n") > 0,
        payment=pl.lit("current"),
        churned=pl.lit(value=False),
        case_open=pl.lit(value=False),
    ).select(list(frames.ACCOUNTS))


def _events(people: pl.DataFrame, seed: int) -> dict[str, pl.DataFrame]:
    thrice = people.join(pl.DataFrame({"k": range(3)}), how="cross").with_row_index("i")
    at = (pl.lit(_NOON) - pl.duration(days=_dice(seed + 12, 120, "i"))).cast(frames.NPS["at"])
    bad = _dice(seed + 13, 8, "i") == 0
    tickets = thrice.select(
        "account_id",
        id=pl.format("t-{}-{}", "n", "k"),
        opened_at=at,
        sentiment=pl.when(bad).then(pl.lit("negative")).otherwise(pl.lit("neutral")),
        csat=pl.when(_dice(seed + 14, 3, "i") == 0).then(_dice(seed + 15, 7, "i") + 4),
    ).select(list(frames.TICKETS))
    few = thrice.filter(_dice(seed + 16, 60, "i") == 0)
    kind = _dice(seed + 17, len(KINDS), "i").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String)
    return {
        "tickets": tickets,
        "nps": thrice.filter(pl.col("k") == 0).select("account_id", at=at, score=6 + _dice(seed + 18, 5, "i")),
        "signals": few.select("account_id", at=at, kind=kind, source=pl.lit("bench")),
    }


@app.command()
def scan(folder: Path) -> None:
    """Read every column of every file, summed per account where it is a number."""
    begun, rows = time.perf_counter(), 0
    for table in TABLES:
        for file in sorted((folder / table).glob("*.parquet")):
            frame = pl.scan_parquet(file).group_by("account_id")
            rows += frame.agg(pl.len(), pl.exclude("account_id").max()).collect()["len"].sum()
    _say({"rows": rows, "seconds": time.perf_counter() - begun})


@app.command()
def sweep(folder: Path) -> None:
    """Detect, judge and tell what is new, as on a first day when nothing is known yet: a process for each core.

    Each has buckets of its own, which it takes one by one. The seconds count from when the processes run, as those of the
    scan do; the CPU is with their start, and the megabytes are the peaks of all of them together.
    """
    rules, triage = asyncio.run(_policies())
    names = [file.name for file in sorted((folder / "accounts").glob("*.parquet"))]
    os.environ["POLARS_MAX_THREADS"] = "1"
    apart = get_context("spawn")
    running = apart.Barrier(PROCESSES + 1)
    with ProcessPoolExecutor(PROCESSES, mp_context=apart, initializer=running.wait) as pool:
        tasks = [pool.submit(_share, folder, names[n::PROCESSES], rules, triage) for n in range(PROCESSES)]
        running.wait()
        begun = time.perf_counter()
        shares = [task.result() for task in tasks]
        seconds = time.perf_counter() - begun
    found, unjudged, at_risk = (sum(each) for each in zip(*(share.counts for share in shares), strict=True))
    figures = {"found": found, "unjudged": unjudged, "at_risk": at_risk, "seconds": seconds}
    _say(figures, sum(share.megabytes for share in shares))


class Share(Record):
    """What was found, not judged and at risk in the buckets of one process, and its peak of memory."""

    counts: tuple[int, int, int]
    megabytes: float


def _share(folder: Path, names: list[str], rules: DetectionRules, triage: TriageRules) -> Share:
    swept = [_swept(folder, name, rules, triage) for name in names]
    found, unjudged, at_risk = (sum(each) for each in zip((0, 0, 0), *swept, strict=True))
    return Share(counts=(found, unjudged, at_risk), megabytes=_peak())


def _swept(folder: Path, name: str, rules: DetectionRules, triage: TriageRules) -> tuple[int, int, int]:
    facts = Facts(**{table: pl.read_parquet(folder / table / name) for table in TABLES})
    detected = detect(facts, rules, TODAY)
    fresh = news(detected.found, frames.KNOWN.to_frame())
    risks = judged(fresh.filter(pl.col("level") != "none"), facts.accounts, rules, triage, TODAY)
    return detected.found.height, detected.unjudged.height, len(risks)


async def _policies() -> tuple[DetectionRules, TriageRules]:
    playbooks = FolderPlaybooks(CHECKOUT / "playbooks")
    return await playbooks.detection(), (await playbooks.policy()).triage


def _say(figures: dict[str, float], others_megabytes: float = 0) -> None:
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in spent)
    print(json.dumps({**figures, "cpu": cpu, "megabytes": _peak() + others_megabytes}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(command: str, folder: Path, *more: str) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.detection", command, str(folder), *more]
    told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=CHECKOUT).stdout
    return json.loads(told.splitlines()[-1]) if told.strip() else {}


class Part(Record):
    """What a part of the comparison takes."""

    seconds: float
    cpu: float
    megabytes: float


class Scan(Part):
    """The bare scan, and how many rows it read."""

    rows: int


class Sweep(Part):
    """The sweep, and what it came to."""

    found: int
    at_risk: int
    unjudged: int


class Compared(Record):
    """A sweep of so many accounts beside the bare scan of the same files in the same run."""

    accounts: int
    scan: Scan
    sweep: Sweep

    @property
    def times(self) -> float:
        """How many times as long as the scan."""
        return self.sweep.seconds / self.scan.seconds

    @property
    def missed(self) -> tuple[str, ...]:
        """The budgets that were not kept."""
        over = {
            f"under {MOST_SECONDS} s": self.sweep.seconds >= MOST_SECONDS,
            f"under {MOST_MB} MB": self.sweep.megabytes >= MOST_MB,
            f"at most {MOST_TIMES:g} times the scan": self.times > MOST_TIMES,
        }
        return tuple(name for name, is_over in over.items() if is_over)


def measure(accounts: int, folder: Path | None = None) -> Compared:
    """Write the files unless there are some, scan them, and sweep them."""
    with tempfile.TemporaryDirectory(prefix="bench-detection-") as own:
        there = folder or Path(own)
        if folder is None:
            _apart("make", there, "--accounts", str(accounts))
        scanned, swept = Scan.model_validate(_apart("scan", there)), Sweep.model_validate(_apart("sweep", there))
    return Compared(accounts=accounts, scan=scanned, sweep=swept)


@app.command()
def compare(
    accounts: Annotated[int, typer.Option(help="How many accounts, each with 90 days.")] = ACCOUNTS,
    folder: Annotated[Path | None, typer.Option(help="Files that 'make' wrote before.")] = None,
) -> None:
    """Write the files, scan them, sweep them, and say how the two compare (exit code 1 where a budget is missed)."""
    found = measure(accounts, folder)
    for name, part in (("bare scan", found.scan), ("sweep", found.sweep)):
        print(f"{name}: {part.seconds:.1f} s, {part.cpu:.1f} s of CPU, {part.megabytes:.0f} MB at the peak")
    print(f"{found.scan.rows:,} rows; the sweep takes {found.times:.1f} times the scan")
    swept = found.sweep
    print(f"found: {swept.found:,} on {swept.at_risk:,} accounts; not judged: {swept.unjudged:,}")
    print("missed: " + "; ".join(found.missed) if found.missed else "every budget kept")
    raise SystemExit(1 if found.missed else 0)


if __name__ == "__main__":
    app()
