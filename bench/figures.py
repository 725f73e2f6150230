"""The figures of a run: one line each, as a table for the terminal, as Markdown for docs/bench.md, and as JSON."""

from __future__ import annotations

from rich import box
from rich.table import Table

from bench.at_once import MOST_SECONDS, AtOnce
from bench.detection import MOST_MB as MOST_SWEEP_MB
from bench.detection import MOST_SECONDS as MOST_SWEEP_SECONDS
from bench.detection import MOST_TIMES as MOST_SCANS
from bench.detection import Compared
from bench.export import MOST_MB, MOST_TIMES, ExportCost
from bench.histories import Cost
from bench.leaving import Leaving
from bench.load import Lateness, Memory, Throughput
from bench.replays import Replay
from bench.year import Year
from models.base import Record, Utc

EVENTS_BUDGET, ACTIVITIES_BUDGET, YEAR_SECONDS = 800, 50, 5
LEAVING_ACTIVITIES, LEAVING_SECONDS = 60, 2
HEADS = ("what", "Followthrough", "compared with", "ratio", "budget")


class Save(Record):
    """A played save: how many steps people did, what its history costs, and how long a replay of it takes."""

    human_steps: int
    cost: Cost
    replay: Replay


class Figures(Record):
    """Everything that one run measured. ``daily`` is the whole playbook with its daily standup, ``plain`` is without."""

    at: Utc
    machine: str
    plain: Save
    plain_naive: Save
    daily: Save
    daily_naive: Save
    neglected: Save
    corpus: Replay | None = None
    year: Year | None = None
    leaving: Leaving | None = None
    export: ExportCost | None = None
    detection: Compared | None = None
    at_once: AtOnce | None = None
    throughput: Throughput
    lateness: Lateness
    memory: Memory


class Line(Record):
    """One line of the table."""

    what: str
    ours: str
    beside: str = ""
    ratio: str = ""
    budget: str = ""
    missed: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells in the order of the heads."""
        return (self.what, self.ours, self.beside, self.ratio, self.budget)


def lines(figures: Figures) -> list[Line]:
    """The table of a run."""
    return [
        *_saves(figures.plain, figures.plain_naive, "30-day save"),
        *_saves(figures.daily, figures.daily_naive, "with daily standups", bound=False),
        *_replays(figures),
        *_year(figures.year),
        *_leaving(figures.leaving),
        *_export(figures.export),
        *_detection(figures.detection),
        *_at_once(figures.at_once),
        *_load(figures),
    ]


def _saves(ours: Save, naive: Save, name: str, *, bound: bool = True) -> list[Line]:
    mine, other = ours.cost, naive.cost
    what = f"{name}, {ours.human_steps} steps by people, on time"
    return [
        _counted(f"{what}: events", mine.events, other.events, EVENTS_BUDGET if bound else None),
        _counted(f"{what}: activities without book", mine.activities, other.activities, ACTIVITIES_BUDGET),
        _counted(f"{what}: book writes", mine.book_writes, other.book_writes, None),
        Line(
            what=f"{what}: history",
            ours=f"{mine.kilobytes:.0f} kB",
            beside=f"naive {other.kilobytes:.0f} kB",
            ratio=_ratio(mine.kilobytes, other.kilobytes),
        ),
    ]


def _counted(what: str, ours: int, naive: int, budget: int | None) -> Line:
    missed = budget is not None and ours > budget
    verdict = "" if budget is None else f"at most {budget}: {'missed' if missed else 'kept'}"
    return Line(
        what=what, ours=str(ours), beside=f"naive {naive}", ratio=_ratio(ours, naive), budget=verdict, missed=missed
    )


def _replays(figures: Figures) -> list[Line]:
    shown = [
        ("replay of the save on time", figures.daily.replay, figures.daily_naive.replay),
        ("replay of the neglected 35-day save", figures.neglected.replay, None),
        ("replay of the longest in the corpus", figures.corpus, None),
    ]
    return [_replay(what, replay, naive) for what, replay, naive in shown if replay is not None]


def _replay(what: str, ours: Replay, naive: Replay | None) -> Line:
    each = ours.seconds_per_thousand
    beside = f"naive {naive.seconds_per_thousand:.2f} s" if naive else f"{ours.events} events in {ours.seconds:.2f} s"
    ratio = _ratio(each, naive.seconds_per_thousand) if naive else ""
    return Line(what=f"{what}, per 1,000 events", ours=f"{each:.2f} s", beside=beside, ratio=ratio)


def _year(year: Year | None) -> list[Line]:
    """One line, where the year was played."""
    if year is None:
        return []
    missed = year.seconds > YEAR_SECONDS
    line = Line(
        what="a 30-day save and its year of recovery, on the rules alone",
        ours=f"{year.seconds:.1f} s",
        beside=f"{year.steps} steps, {year.effects} effects",
        budget=f"at most {YEAR_SECONDS} s: {'missed' if missed else 'kept'}",
        missed=missed,
    )
    return [line]


def _leaving(leaving: Leaving | None) -> list[Line]:
    """Its lines, where a cancellation was played."""
    if leaving is None:
        return []
    cost, what = leaving.cost, "standard cancellation, day 1 to 16"
    return [
        _bound(f"{what}: events", cost.events, EVENTS_BUDGET, f"{cost.kilobytes:.0f} kB"),
        _bound(
            f"{what}: activities without book", cost.activities, LEAVING_ACTIVITIES, f"{cost.book_writes} book writes"
        ),
        _bound(f"{what}: seconds on the rules alone", round(leaving.seconds, 1), LEAVING_SECONDS, ""),
    ]


def _export(cost: ExportCost | None) -> list[Line]:
    """Its lines, where an account was exported."""
    if cost is None:
        return []
    what = f"export of {cost.rows:,} rows, {cost.bytes / 1e9:.1f} GB"
    speed = Line(
        what=f"{what}: seconds",
        ours=f"{cost.seconds:.0f} s",
        beside=f"cp and zip {cost.copied_and_zipped_seconds:.0f} s",
        ratio=_ratio(cost.seconds, cost.copied_and_zipped_seconds),
        budget=f"at most {MOST_TIMES:.0f} times: {'kept' if cost.ratio <= MOST_TIMES else 'missed'}",
        missed=cost.ratio > MOST_TIMES,
    )
    memory = _bound(f"{what}: memory in MB", cost.peak_mb, MOST_MB, f"{cost.early_mb} MB after a tenth of the time")
    return [speed, memory]


def _detection(found: Compared | None) -> list[Line]:
    """Its lines, where a portfolio was swept."""
    if found is None:
        return []
    what, swept, scan = f"sweep of {found.accounts:,} accounts, {found.scan.rows:,} rows", found.sweep, found.scan
    times = Line(
        what=f"{what}: against a bare scan",
        ours=f"{swept.cpu:.0f} s of CPU",
        beside=f"{scan.seconds:.1f} s, {scan.cpu:.1f} s of CPU",
        ratio=f"{found.times:.2f}",
        budget=f"at most {MOST_SCANS:.0f} times: {'kept' if found.times <= MOST_SCANS else 'missed'}",
        missed=found.times > MOST_SCANS,
    )
    seconds = _bound(f"{what}: seconds", round(swept.seconds, 1), MOST_SWEEP_SECONDS, f"{swept.at_risk:,} at risk")
    return [seconds, _bound(f"{what}: memory in MB", round(swept.megabytes), MOST_SWEEP_MB, ""), times]


def _at_once(found: AtOnce | None) -> list[Line]:
    """Its line, where facts were given."""
    if found is None:
        return []
    line = Line(
        what=f"from a fact to the open case and its owner's task, {found.open_cases} cases open, {found.facts} facts",
        ours=f"p50 {found.median:.2f} s, p95 {found.p95:.2f} s",
        beside=f"the latest {found.worst:.2f} s",
        budget=f"p95 under {MOST_SECONDS:.0f} s: {'kept' if found.as_promised else 'missed'}",
        missed=not found.as_promised,
    )
    return [line]


def _bound(what: str, found: float, budget: int, beside: str) -> Line:
    missed = found > budget
    verdict = f"at most {budget}: {'missed' if missed else 'kept'}"
    return Line(what=what, ours=str(found), beside=beside, budget=verdict, missed=missed)


def _load(figures: Figures) -> list[Line]:
    speed, late, memory = figures.throughput, figures.lateness, figures.memory
    return [
        Line(
            what="cases opened, worked and closed per second",
            ours=f"{speed.cases_per_second:.2f}",
            beside=f"one-activity workflow {speed.minimal_per_second:.1f}",
            ratio=_ratio(speed.cases_per_second, speed.minimal_per_second),
        ),
        Line(
            what=f"lateness of {late.wakes} wake-ups in {late.window_seconds:.0f} s, {late.cases} cases open",
            ours=f"p50 {late.p50:.2f} s, p95 {late.p95:.2f} s",
            beside=f"the latest {late.worst:.2f} s",
        ),
        Line(
            what=f"worker memory with {memory.cases} open cases",
            ours=f"{memory.full_megabytes:.0f} MB",
            beside=f"empty {memory.empty_megabytes:.0f} MB; {memory.kilobytes_per_case:.0f} kB a case",
            ratio=_ratio(memory.full_megabytes, memory.empty_megabytes),
        ),
    ]


def _ratio(ours: float, other: float) -> str:
    return f"{ours / other:.2f}" if other else ""


def table(figures: Figures) -> Table:
    """The table for a terminal; a missed budget is red."""
    made = Table(title="Followthrough, measured", box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for head in HEADS:
        made.add_column(head, overflow="fold")
    for line in lines(figures):
        made.add_row(*line.cells, style="red" if line.missed else None)
    return made


def markdown(figures: Figures) -> str:
    """The page docs/bench.md."""
    rows = "\n".join(f"| {' | '.join(line.cells)} |" for line in lines(figures))
    head = f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}"
    dearest = ", ".join(f"{name} {count}" for name, count in figures.daily.cost.by_event.items())
    effects = ", ".join(f"{name} {count}" for name, count in figures.daily.cost.by_activity.items())
    return (
        "# Measured\n\n"
        f"Written by `python -m bench --write` on {figures.at:%Y-%m-%d}, {figures.machine}. Seconds depend on the machine;\n"
        "ratios are of one run. The naive save is `bench/naive.py`: the same commands at the same moments and the same\n"
        "letters, tasks and notes, with one activity per effect and one per row of the book. The sweep is that of a first\n"
        "day, on which everything that holds is new; the bare scan reads every column of the same files and takes the\n"
        "highest of each per account. Both have all cores, the scan by the threads of polars, the sweep by a process for\n"
        "each core that reads, scores and judges buckets of its own and keeps nothing; the seconds of either count from\n"
        "when its processes run, the CPU includes their start, and the memory is of all together. The product sweeps part\n"
        "after part in one worker and keeps what it found, which is not measured here. A fact counts from before it is\n"
        "kept until the case is in the book and its owner\n"
        "has a task; facts come at a steady pace, answered or not.\n\n"
        f"{head}\n{rows}\n\n"
        f"Where the events of the save with standups go: {dearest}.\n\n"
        f"Its activities: {effects}.\n"
    )
