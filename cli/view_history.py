"""How the history of a case looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.markup import escape

from cli.desk import Names
from cli.words import counted, table, when
from models.case import TimelineEvent


def of_history(events: Iterable[TimelineEvent], names: Names) -> RenderableType:
    """The history of a case, the oldest line first; what happened alike to many steps at once is one line."""
    rows = table("when (UTC)", "what", "")
    rows.columns[0].no_wrap = rows.columns[1].no_wrap = True
    for alike in _folded(events):
        event = alike[0]
        who = f"[dim] · {escape(names.of(event.by))}[/]" if event.by else ""
        rows.add_row(when(event.at), event.kind, f"{_steps(alike)}{escape(names.in_text(event.text))}{who}")
    return rows


def _folded(events: Iterable[TimelineEvent]) -> Iterable[list[TimelineEvent]]:
    """Lines that differ in nothing but their step, together where the first of them stands."""
    groups: dict[tuple[object, ...], list[TimelineEvent]] = {}
    for event in events:
        alike = (event.at, event.kind, event.text, event.by) if event.step else (event.n,)
        groups.setdefault(alike, []).append(event)
    return groups.values()


def _steps(alike: list[TimelineEvent]) -> str:
    ids = [event.step for event in alike if event.step]
    if len(ids) > 1:
        return f"{counted(len(ids), 'step')} ([cyan]{', '.join(ids)}[/]): "
    return f"[cyan]{ids[0]}[/]: " if ids else ""
