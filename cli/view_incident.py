"""How incidents look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from cli.desk import Names
from cli.words import table, when
from models.incident import Incident


def of_incidents(found: Sequence[Incident]) -> RenderableType:
    """A list of them, one in a line."""
    if not found:
        return Text("no incident and no product gap is on record", style="dim")
    rows = table("id", "kind", "what", "cases", "last progress", "estimate (UTC)")
    for one in found:
        last = one.progress[-1] if one.progress else None
        said = f"[green]closed:[/] {escape(last.text)}" if last and last.closes else escape(last.text) if last else "-"
        kind = one.kind.value.replace("_", " ")
        estimate = when(last.estimate) if last else "-"
        rows.add_row(one.id, kind, escape(one.title), str(len(one.links)), said, estimate)
    return rows


def of_incident(found: Incident, names: Names) -> RenderableType:
    """One of them with all its progress and its cases."""
    state = f"closed on {when(found.closed_at)} UTC" if found.closed_at else "open"
    head = Text.assemble((f"{found.id}: {found.title}", "bold"), f"\n{found.kind.value.replace('_', ' ')}, {state}")
    rows = table("", "at (UTC)", "by", "progress", "estimate (UTC)")
    for note in found.progress:
        rows.add_row(str(note.number), when(note.at), escape(names.of(note.by)), escape(note.text), when(note.estimate))
    shared = ", ".join(link.account_id for link in found.links)
    left = [
        Text(f"left on {when(one.left_at)} UTC: {one.account_id}, {one.left_because} ({names.of(one.left_by or '')})")
        for one in found.former
    ]
    said = rows if found.progress else Text("no progress yet", style="dim")
    return Group(head, said, Text(f"shared by: {shared or '-'}"), *left)


def of_told(found: Incident, told: Sequence[str], names: Names) -> RenderableType:
    """The incident after a change, and which cases heard of it."""
    heard = f"open cases told: {', '.join(told)}" if told else "no open case shares it yet"
    return Group(of_incident(found, names), Text(heard, style="dim"))
