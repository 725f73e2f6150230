"""The day of whoever works on a case: what is late, what is due today, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from cli.desk import Names
from cli.words import apart, counted, keep_whole, table, when
from models.base import Record
from models.people import PersonId, RoleId
from models.status import Status, StepStatus
from models.step import StepState

_HEADS = (("late", "red"), ("due today", "yellow"), ("next", "dim"))
_MOST = 5
_FEW = 3
"""So many that come next: the day is about what is late or due."""


class Today(Record):
    """The open steps of a case by how they press, each group the most pressing first."""

    late: tuple[StepStatus, ...] = ()
    due: tuple[StepStatus, ...] = ()
    ahead: tuple[StepStatus, ...] = ()


def of_steps(status: Status) -> Today:
    """What is late, what falls due on the rest of this day (UTC), and what is open beyond it."""
    dated = [(step.due, step) for step in status.steps if step.state is StepState.OPEN and step.due]
    still = sorted(dated, key=lambda one: (one[0], one[1].id))
    day = status.as_of.date()
    return Today(
        late=tuple(step for _, step in still if step.overdue),
        due=tuple(step for due, step in still if not step.overdue and due.date() <= day),
        ahead=tuple(step for due, step in still if not step.overdue and due.date() > day),
    )


def of_today(today: Today, status: Status, names: Names, seats: Mapping[RoleId, PersonId]) -> RenderableType:
    """The block itself, a line for each step; nothing where no step is open."""
    rows = table("today", "step", "who owes it", "due")
    keep_whole(rows, 0, 2, 3)
    for (group, most), (head, colour) in zip(_groups(today), _HEADS, strict=True):
        for place, step in enumerate(group[:most]):
            label = "" if place else f"[{colour}]{head}[/]"
            who = escape(names.of(step.person or seats.get(step.owner) or step.owner))
            rows.add_row(label, _what(step), who, apart(step.due, status.as_of))
        if head != "next" and len(group) > most:
            rows.add_row("", f"[dim]and {counted(len(group) - most, 'more step')} below[/]")
    return rows if rows.row_count else Text("")


def _what(step: StepStatus) -> Text:
    """The step on one line; its title is cut where there is no room, and stands whole in the plan below."""
    line = Text(step.id, no_wrap=True, overflow="ellipsis")
    return line.append(f"  {step.title}", style="dim")


def who_owes(step: StepStatus, names: Names, seats: Mapping[RoleId, PersonId]) -> str:
    """The role with the person, or with whoever holds its seat while nobody has the step yet."""
    person = step.person or seats.get(step.owner)
    return f"{step.owner}\n[dim]{escape(names.of(person))}[/]" if person else f"[dim]{step.owner}[/]"


def ahead(status: Status) -> str:
    """How much is overdue since when, and what falls due and wakes the case next; the last two lie ahead."""
    late = [step.due for step in status.steps if step.overdue and step.due]
    said = f"[red]{len(late)} overdue[/], oldest since {when(min(late))}" if late else "[green]nothing overdue[/]"
    coming = _coming(status)
    due = f"   [dim]next due[/] {when(coming)}" if coming else ""
    wakes = status.next_wake if status.next_wake not in (None, coming) and status.next_wake > status.as_of else None
    return f"{said}{due}" + (f"   [dim]next wake-up[/] {when(wakes)}" if wakes else "")


def _coming(status: Status) -> datetime | None:
    dues = (step.due for step in status.steps if step.state is StepState.OPEN and step.due)
    return min((due for due in dues if due > status.as_of), default=None)


def _groups(today: Today) -> tuple[tuple[Sequence[StepStatus], int], ...]:
    return ((today.late, _MOST), (today.due, _MOST), (today.ahead, _FEW))
