"""How a stand-up looks on a terminal: a table for each section, in it each owner with the most pressing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from cli.desk import Names
from cli.words import apart, counted, keep_whole, table, when
from models.standup import Section, Standup, StandupLine

if TYPE_CHECKING:
    from cli.standup import CaseConfirmed

_HEADINGS = {
    Section.LATE: ("Late", "red"),
    Section.TODAY: ("Due today", "yellow"),
    Section.BLOCKED: ("Blocked, or waiting for others", "magenta"),
    Section.PROMISED: ("Promised to customers", "cyan"),
}


def of_standup(found: Standup, names: Names, accounts: Mapping[str, str], most: int) -> RenderableType:
    """The whole digest by owner, ``most`` lines for each under a heading; a section with nothing in it is left out."""
    head = Text(f"open cases: {len(found.cases)}, day until {when(found.until)} UTC: ", style="bold")
    counts = (f"{len(found.of(section))} {section.value}" for section in Section)
    head.append(", ".join(counts), style="not bold")
    blocks: list[RenderableType] = [_inbox(found)] if found.inbox.waiting else []
    blocks += [_section(found, section, names, accounts, most) for section in Section if found.of(section)]
    return Group(head, *blocks)


def _inbox(found: Standup) -> RenderableType:
    """What came in and is nobody's yet, in one line."""
    waits = found.inbox
    said = f"inbox: {counted(waits.waiting, 'arrival')} to be sorted, the oldest came {apart(waits.oldest, found.at)}"
    late = ", late" if waits.late else ""
    return Text.assemble((said + late, "red" if waits.late else "yellow"), ("   see: cancel inbox", "dim"))


def _section(found: Standup, section: Section, names: Names, accounts: Mapping[str, str], most: int) -> RenderableType:
    title, colour = _HEADINGS[section]
    rows = table("what", "account", "due (UTC)", "since, and why", title=f"[{colour}]{title}[/]", title_justify="left")
    keep_whole(rows, 2)
    for owner, lines in _by_owner(found.of(section), names):
        rows.add_row(f"[bold]{escape(owner)}[/]")
        for line in lines[:most]:
            account = f"{escape(accounts.get(line.account_id, ''))} ({line.account_id})"
            rows.add_row(_what(line), account, *_due(line))
        if len(lines) > most:
            rows.add_row(f"[dim]and {len(lines) - most} more[/]")
        rows.add_section()
    return rows


def _by_owner(lines: Sequence[StandupLine], names: Names) -> list[tuple[str, list[StandupLine]]]:
    """The lines of each owner in their order; whoever owes the most comes first."""
    groups: dict[str, list[StandupLine]] = {}
    for line in lines:
        groups.setdefault(_who(line, names), []).append(line)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def _what(line: StandupLine) -> str:
    return escape(line.subject) + (f"\n[dim]{escape(line.step)}[/]" if line.step else "")


def _who(line: StandupLine, names: Names) -> str:
    return names.of(line.person) if line.person else line.role or "-"


def _due(line: StandupLine) -> tuple[str, str]:
    gap = apart(line.due, line.at)
    return when(line.due), ", ".join(part for part in (gap, escape(line.why)) if part)


def of_confirmed(done: Sequence[CaseConfirmed], accounts: Mapping[str, str]) -> RenderableType:
    """What one confirmation did in each case."""
    if not done:
        return Text("no case of this team has a stand-up step open; nothing was changed", style="dim")
    rows = table("account", "step", "", "answer")
    keep_whole(rows, 1, 2)
    for case in done:
        mark = "[green]done[/]" if case.done else "[red]refused[/]"
        rows.add_row(
            f"{escape(accounts.get(case.account_id, ''))} ({case.account_id})", case.step, mark, escape(case.said)
        )
    count = sum(case.done for case in done)
    return Group(rows, Text(f"stand-up confirmed in {count} of {len(done)} cases", style="bold"))
