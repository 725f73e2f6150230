"""``python -m bench``: measure, print one table, and keep the figures in bench/last.json (``--write``: docs/bench.md)."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from bench import at_once, detection, export, leaving, load, stories, year
from bench.figures import Figures, Save, markdown, table
from bench.histories import cost_of
from bench.load import Lateness, Memory, Throughput
from bench.replays import longest_of, replay
from bench.site import site
from bench.stories import Played
from settings import CHECKOUT

LAST = CHECKOUT / "bench" / "last.json"
PAGE = CHECKOUT / "docs" / "bench.md"
CASES, MINIMAL, OPEN = 40, 200, 1000
_WARM = 4
_EASIER = 1.5  # a lean case is opened at least so much faster than a whole one is worked

log = Console(stderr=True)


async def measure(open_cases: int, export_rows: int, swept: int) -> Figures:
    """Everything, in about half an hour on two cores."""
    log.print("playing a save of thirty days, as it is and the naive way ...")
    plain, plain_naive = await _pair(without=stories.PLAIN)
    daily, daily_naive = await _pair(without=())
    log.print("playing a save that nobody works on for 35 days ...")
    neglected = await _measured(await stories.neglected())
    longest = longest_of()
    corpus = await replay(longest) if longest else None
    log.print("playing a year of a case on the rules alone ...")
    whole = await year.measure()
    log.print("playing a cancellation by the standard plan ...")
    left = await leaving.measure()
    log.print(f"exporting {export_rows:,} rows, then cp and zip of the same bytes ...")
    exported = await export.apart(export_rows)
    log.print(f"opening, working and closing {CASES} cases, then opening {open_cases} ...")
    throughput, lateness, memory = await _under_load(open_cases)
    log.print(f"sweeping {swept:,} accounts, after a bare scan of the same files ...")
    compared = await asyncio.to_thread(detection.measure, swept)
    log.print(f"opening {open_cases} cases, then giving {at_once.FACTS} facts ...")
    answered = await at_once.measure(open_cases)
    return Figures(
        at=datetime.now(UTC),
        machine=f"Python {platform.python_version()}, {os.cpu_count()} cores",
        plain=plain,
        plain_naive=plain_naive,
        daily=daily,
        daily_naive=daily_naive,
        neglected=neglected,
        corpus=corpus,
        year=whole,
        leaving=left,
        export=exported,
        detection=compared,
        at_once=answered,
        throughput=throughput,
        lateness=lateness,
        memory=memory,
    )


async def _pair(without: tuple[str, ...]) -> tuple[Save, Save]:
    played = await stories.on_time(without=without)
    naive = await stories.naively(played)
    return await _measured(played), await _measured(naive)


async def _measured(played: Played) -> Save:
    return Save(
        human_steps=stories.human_steps(played),
        cost=cost_of(played.history.events),
        replay=await replay(played.history),
    )


async def _under_load(open_cases: int) -> tuple[Throughput, Lateness, Memory]:
    used = CASES + _WARM
    async with site(used + open_cases) as here:
        throughput = await load.throughput(here, CASES, MINIMAL)
        speed = throughput.cases_per_second * _EASIER
        lateness, memory = await load.open_cases(here, here.accounts[used:], speed)
    return throughput, lateness, memory


def _be_quiet() -> None:
    """Only errors of workers and of Temporal's core; the table shall stand alone."""
    logging.disable(logging.WARNING)
    only_errors = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=only_errors)))


def main(
    write: Annotated[bool, typer.Option("--write", help="Write docs/bench.md too.")] = False,
    open_cases: Annotated[int, typer.Option(help="How many cases are open for lateness and memory.", min=10)] = OPEN,
    export_rows: Annotated[int, typer.Option(help="How many rows are exported.", min=1_000)] = export.ROWS,
    swept: Annotated[int, typer.Option(help="How many accounts are swept.", min=1_000)] = detection.ACCOUNTS,
) -> None:
    """Measure Followthrough on this machine and print one table."""
    _be_quiet()
    figures = asyncio.run(measure(open_cases, export_rows, swept))
    LAST.write_text(figures.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if write:
        PAGE.write_text(markdown(figures), encoding="utf-8")
    Console(width=None if sys.stdout.isatty() else 150).print(table(figures))


if __name__ == "__main__":
    typer.run(main)
