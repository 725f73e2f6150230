"""The calendar of a simulation as people and programs read it: days are counted from the opening, dates do not matter."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from cli import words
from cli.diary import Fate, Telling, is_escalation, is_reminder
from cli.sim_company import ZONE, short_name
from cli.simulation import Run
from models.base import Record
from models.case import TimelineEvent
from models.effects import Word

_SAID = {
    Word.WARN.value: "reminder",
    Word.OVERDUE.value: "overdue",
    Word.ESCALATE.value: "escalated",
    "notice": "notice",
}
_STYLE = {"overdue": "yellow", "escalated": "bold red", "late": "yellow", "done": "green", "closed": "bold"}
_LATE_BY = re.compile(r", (\d+) h late$")
_NUMBER = re.compile(r"[a-z]+ [A-Z]?-?\d+(?= and|:)|email \d+", re.IGNORECASE)
_MOST_NAMED = 8
_ENDS = {"opened": -1, "closed": 1}
_SILENT = ("account", "plan_adopted", "message_drafted", "told", "playbook_runs")


class Line(Record):
    """One line of the calendar. ``day`` 1 is the day of the opening; the time is the customer's."""

    day: int
    weekday: str
    time: str
    steps: tuple[str, ...] = ()
    owner: str = ""
    happened: str
    told: tuple[str, ...] = ()


class Summary(Record):
    """A simulation in figures."""

    stage: str
    outcome: str | None
    days: int
    steps_on_time: int
    steps_late: int
    steps_never: int
    reminders: int
    escalations: int
    messages: int


def lines(run: Run) -> list[Line]:
    """Everything that happened, in order; what happened together to several steps is one line."""
    happened = [(event.at, _of_event(run, event)) for event in _in_order(run)]
    merged = [_merged(list(same)) for _, same in groupby(happened, key=lambda each: _alike(*each))]
    told = [line for at, group in _by_minute(run.told) for line in _of_tellings(run, at, group)]
    return sorted(merged + told, key=lambda line: (line.day, line.time))


def summary(run: Run) -> Summary:
    """What a manager asks first."""
    fates = Counter(step.fate(run.ended_at) for step in run.steps)
    return Summary(
        stage=run.stage,
        outcome=run.outcome,
        days=_day(run, run.ended_at),
        steps_on_time=fates[Fate.ON_TIME],
        steps_late=fates[Fate.LATE],
        steps_never=fates[Fate.NEVER],
        reminders=sum(is_reminder(telling) for telling in run.told),
        escalations=sum(is_escalation(telling) for telling in run.told),
        messages=run.messages_sent,
    )


def view(run: Run) -> RenderableType:
    """The calendar as a table, and the summary below it."""
    table = words.table("day", "when", "step", "owner", "what happened", "told")
    for column, width in ((0, 4), (1, 9), (3, 16)):
        table.columns[column].no_wrap = True
        table.columns[column].min_width = width
    last = 0
    for line in lines(run):
        table.add_row(*_cells(line, first=line.day != last))
        last = line.day
    return Group(table, _figures(run), *(Text(note, style="yellow") for note in (*run.notes, *run.refused)))


def _cells(line: Line, *, first: bool) -> tuple[str, ...]:
    style = next((_STYLE[word] for word in _STYLE if word in line.happened), "")
    happened = escape(line.happened)
    return (
        f"[bold]{line.day}[/bold]" if first else "",
        f"{line.weekday} {line.time}",
        ", ".join(line.steps) if len(line.steps) <= _MOST_NAMED else f"{len(line.steps)} steps",
        line.owner,
        f"[{style}]{happened}[/{style}]" if style else happened,
        ", ".join(line.told),
    )


def _figures(run: Run) -> Table:
    found = summary(run)
    table = Table.grid(padding=(0, 2))
    ended = f"{found.outcome or 'still open'} on day {found.days}, stage {found.stage}"
    steps = f"{found.steps_on_time} on time, {found.steps_late} late, {found.steps_never} never"
    told = f"{found.reminders} reminders, {found.escalations} escalations, {found.messages} messages to the customer"
    for name, value in (("ended", ended), ("steps", steps), ("told", told)):
        table.add_row(f"[dim]{name}[/dim]", value)
    table.add_row("[dim]played[/dim]", f"{run.playbook} with {run.manner} people, seed {run.seed}")
    return table


def _in_order(run: Run) -> list[TimelineEvent]:
    """Minute by minute. Within one the machine decides which of several effects ends first, so it does not order them.

    The lines of one step stay in their order; before what opens comes what ended, and in each the plan's order holds.
    """
    place = {step.id: n for n, step in enumerate(run.steps)}
    seen: Counter[object] = Counter()
    keyed: list[tuple[tuple[object, ...], TimelineEvent]] = []
    for event in (event for event in run.events if event.kind not in _SILENT):
        minute = event.at.replace(second=0, microsecond=0)
        about = (minute, event.step or event.kind, "" if event.step or event.kind == "stage" else event.text)
        seen[about] += 1
        opens, of = event.kind == "step_opened", place.get(event.step or "", len(place))
        key = (minute, _ENDS.get(event.kind, 0), seen[about], opens, of, event.step or "", event.kind, event.text)
        keyed.append((key, event))
    return [event for _, event in sorted(keyed, key=lambda each: each[0])]


def _of_event(run: Run, event: TimelineEvent) -> Line:
    owner = next((step.owner for step in run.steps if step.id == event.step), "")
    by = f" by {short_name(event.by)}" if event.by else ""
    said = {"step_opened": "opens", "step_done": _done(event, by), "rerouted": event.text}
    said |= {"contact": f"contact{by}, {event.text}", "step_failed": event.text, "step_skipped": event.text}
    said["message_sent"] = event.text.split(" (")[0] + by
    said["root_cause"] = f"root cause{by}: {event.text.split(':')[0]}"
    if event.kind.endswith("_started"):
        said[event.kind] = event.text.split(" (")[0]
    text = said.get(event.kind) or f"{event.kind.replace('_', ' ')}{by}: {event.text}"
    steps = (event.step,) if event.step else ()
    return _line(run, event.at, steps, owner, _with_names(text))


def _done(event: TimelineEvent, by: str) -> str:
    """Who did it, how late, and the number of what proves it; the whole evidence is in the case."""
    late = _LATE_BY.search(event.text)
    number = _NUMBER.match(event.text)
    proof = f" ({number[0].strip()})" if number else ""
    return f"done{by or ' by the system'}{proof}" + (f", {late[1]} h late" if late and late[1] != "0" else "")


def _with_names(text: str) -> str:
    return " ".join(short_name(word) if word.startswith("sim-") and short_name(word) else word for word in text.split())


def _line(
    run: Run, at: datetime, steps: tuple[str, ...], owner: str, happened: str, told: tuple[str, ...] = ()
) -> Line:
    local = at.astimezone(ZoneInfo(ZONE))
    clock = local.strftime("%H:%M")
    return Line(
        day=_day(run, at),
        weekday=local.strftime("%a"),
        time=clock,
        steps=steps,
        owner=owner,
        happened=happened,
        told=told,
    )


def _day(run: Run, at: datetime) -> int:
    zone = ZoneInfo(ZONE)
    return (at.astimezone(zone).date() - run.opened_at.astimezone(zone).date()).days + 1


def _alike(at: datetime, line: Line) -> tuple[object, ...]:
    """Lines that are shown as one: the same thing, at the same minute, said in the same words of several steps."""
    return (line.day, line.time, line.happened, bool(line.steps) or at)


def _merged(same: list[tuple[datetime, Line]]) -> Line:
    first = same[0][1]
    owners = tuple(dict.fromkeys(line.owner for _, line in same if line.owner))
    steps = tuple(step for _, line in same for step in line.steps)
    return first.model_copy(update={"steps": steps, "owner": ", ".join(owners) if len(owners) < 3 else "several"})


def _by_minute(told: Iterable[Telling]) -> list[tuple[datetime, list[Telling]]]:
    minutes: dict[datetime, list[Telling]] = defaultdict(list)
    for telling in told:
        minutes[telling.at.replace(second=0, microsecond=0)].append(telling)
    return sorted(minutes.items())


def _of_tellings(run: Run, at: datetime, told: list[Telling]) -> list[Line]:
    """Steps of which the same people were told the same are one line."""
    of_step: dict[str, list[Telling]] = defaultdict(list)
    for telling in told:
        of_step[telling.step or telling.subject].append(telling)
    alike: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for step, each in of_step.items():
        alike[tuple(sorted({(telling.person, telling.word) for telling in each}))].append(step)
    return [_telling_line(run, at, tuple(sorted(steps)), who) for who, steps in sorted(alike.items())]


def _telling_line(run: Run, at: datetime, steps: tuple[str, ...], who: tuple[tuple[str, str], ...]) -> Line:
    owners = dict.fromkeys(step.owner for step in run.steps if step.id in steps)
    said = dict.fromkeys(_SAID.get(word, word) for _, word in sorted(who, key=lambda each: each[1] != Word.OVERDUE))
    known = tuple(step for step in steps if any(story.id == step for story in run.steps))
    about = "" if known else f": {', '.join(steps)}"
    people = tuple(f"{short_name(person)} ({person.removeprefix('sim-')})" for person, _ in who)
    return _line(run, at, known, ", ".join(owners), ", ".join(said) + about, tuple(dict.fromkeys(people)))
