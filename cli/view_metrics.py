"""How the metrics and the reports look on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.patterns import Sent
from cli.words import span, table, when
from models.metrics import Board, LoopEntry, Metric, Period, Reading, StepDuration, Theme, Themes
from models.metrics_policy import UNVERIFIED
from rules.metrics.board import NOTHING
from rules.metrics.digest import amounts


def of_board(found: Board) -> RenderableType:
    """Every metric under its own heading: its figures, its target, and the lines to compare with."""
    blocks: list[RenderableType] = [Text(f"{_days(found.period)}, as of {when(found.at)} UTC", style="bold")]
    stages = ", ".join(f"{one.count} {one.stage}" for one in found.open_cancellations)
    blocks.append(Text(f"open cancellations: {stages or 'none'}"))
    reasons = ", ".join(f"{one.count} {one.reason}" for one in found.churn_reasons)
    blocks.append(Text(f"churn reasons: {reasons or 'nobody left in the period'}"))
    former = ", ".join(f"{one.account_id} ({one.reason}, gone {one.left_at:%Y-%m-%d})" for one in found.candidates)
    blocks.append(Text(f"re-engagement candidates: {former or 'none'}"))
    for metric in found.metrics:
        blocks += [Text(""), *_metric(metric)]
    return Group(*blocks)


def _metric(metric: Metric) -> Iterator[RenderableType]:
    yield Text(f"{metric.id}  {metric.title}", style="bold")
    if metric.target:
        yield Padding(Text(f"target: {metric.target.says}", style="dim"), (0, 0, 0, 2))
    shown = [read for read in metric.readings if read.whole or any(other.whole for other in metric.readings)]
    if shown:
        yield Padding(_readings(shown), (0, 0, 0, 2))
    if metric.said:
        yield Padding(Text(metric.said, style="yellow" if metric.said.startswith("not") else ""), (0, 0, 0, 2))
    for line in metric.references:
        yield Padding(Text(f"{line.id} ({line.src}): {line.says} [{UNVERIFIED}]", style="dim"), (0, 0, 0, 2))


def _readings(readings: Sequence[Reading]) -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(width=48, overflow="fold")
    for read in readings:
        rows.add_row(escape(read.name), _figure(read), _meets(read))
    return rows


def _figure(read: Reading) -> str:
    if not read.whole:
        return f"[dim]{NOTHING}[/]"
    if read.median is not None and read.p90 is not None:
        kept = f", {read.part} of {read.whole} within the target" if read.part is not None else f", of {read.whole}"
        return f"median {span(read.median)}, 90 % within {span(read.p90)}{kept}"
    if read.mean is not None:
        return f"{read.mean:.1f} ({read.whole} answers, {read.part} at the target or above)"
    return f"{_percent(read.share)} ({read.part} of {read.whole})"


def _meets(read: Reading) -> str:
    return {True: "[green]on target[/]", False: "[red]off target[/]", None: ""}[read.meets]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}".replace("%", " %")


def _days(period: Period) -> str:
    if not (period.since or period.until):
        return "all time"
    since = f"{period.since:%Y-%m-%d}" if period.since else "the beginning"
    until = f"{period.until - timedelta(days=1):%Y-%m-%d}" if period.until else "now"
    return f"{since} to {until}"


def of_durations(rows: Sequence[StepDuration], period: Period) -> RenderableType:
    """The steps by plan, those that are late most often first."""
    if not rows:
        return Text(NOTHING, style="dim")
    shown = table("plan", "step", "ended", "median", "90 % within", "time given", "late")
    last = ""
    for row in rows:
        plan = "" if row.plan == last else row.plan
        last = row.plan
        late = f"{_percent(row.late_share)} ({row.late} of {row.with_due})" if row.with_due else "-"
        style = "red" if row.late else ""
        figures = [_time(row.median), _time(row.p90), _time(row.allowed)]
        shown.add_row(plan, row.step, str(row.ended), *figures, Text(late, style=style))
    return Group(Text(f"steps that ended ({_days(period)}), or are open", style="bold"), shown)


def _time(length: timedelta | None) -> str:
    return "-" if length is None else span(length)


def of_themes(found: Themes) -> RenderableType:
    """Why customers left, by reason and by what they named."""
    head = Text(
        f"{found.leavers} left, {_days(found.period)}; a pattern from {found.threshold} customers", style="bold"
    )
    if not found.leavers:
        return Group(head, Text(NOTHING, style="dim"))
    told = "told" if found.sent else "to be told"
    blocks: list[RenderableType] = [head, _themes("stated reason", found.reasons, told)]
    if found.named:
        blocks.append(_themes("incident or product gap", found.named, told))
    return Group(*blocks)


def of_sent(found: Sent) -> RenderableType:
    """To whom the patterns of a period went, and what was kept back."""
    lines = [f"written to {', '.join(found.sent)}" if found.sent else "nobody was written to"]
    lines += [f"[yellow]not to {escape(one)}[/]" for one in found.kept_back]
    return Text.from_markup("\n".join(lines))


def _themes(title: str, themes: Sequence[Theme], heading: str) -> RenderableType:
    rows = table(title, "left", "ARR a year", "quotes", heading)
    for theme in themes:
        name = f"{theme.name} {theme.title}".strip()
        told = ", ".join(theme.told) if theme.pattern else "[dim]nobody yet, below the threshold[/]"
        rows.add_row(escape(name), str(theme.customers), amounts(theme.arr), str(len(theme.quotes)), told)
    return rows


def of_loop(found: Sequence[LoopEntry]) -> RenderableType:
    """Who may be told that what they named is fixed, and who is left in peace."""
    if not found:
        return Text("nobody who left named something that is fixed by now", style="dim")
    rows = table("account", "named", "fixed", "letter", "")
    for entry in found:
        named = f"{escape(entry.named)} [dim]{entry.incident_id}[/]".strip()
        free = "[green]may be written to[/]" if not entry.blocked else f"[yellow]{escape(entry.blocked)}[/]"
        fixed = f"{entry.fixed_at:%Y-%m-%d}: {escape(entry.fixed)}"
        rows.add_row(entry.account_id, named, fixed, "-" if entry.blocked else entry.letter, free)
    return rows
