"""A simulation as a picture: one lane per step, grouped by owner, from the opening to the end of the case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from adapters.documents.drawing import FAINT, INK, PAPER, RULE, SOFT, box, dot, line, sheet, shortened, text, written
from cli.calendar_view import Summary, summary
from cli.diary import Fate, StepStory, is_escalation, is_reminder
from cli.drawing import BAR, BOTTOM, HEAD, LANE, RIGHT, TOP, Frame, axis, head, role_name
from cli.sim_company import ZONE, short_name
from cli.simulation import Run

_LEFT, _DOT = 342.0, 5.0
_REMIND, _ESCALATE = "#5a78b8", "#8c2f6f"
_LONGEST = 52


_COLOUR = {Fate.ON_TIME: "#2b8a63", Fate.LATE: "#d9822b", Fate.NEVER: "#c8413b", Fate.MOOT: "#aab4bf"}
_TINT = {Fate.ON_TIME: "#cfe8dc", Fate.LATE: "#f8dfc0", Fate.NEVER: "#f4cfcc", Fate.MOOT: "#e3e7ec"}


def draw(run: Run) -> str:
    """The picture as the text of an SVG file."""
    lanes = _lanes(run)
    height = TOP + sum(HEAD + len(rows) * LANE for rows in lanes.values()) + BOTTOM
    frame = Frame(_midnight(run.opened_at), _days(run), height, _LEFT)
    picture = sheet(frame.width, frame.height, f"{run.playbook} with {run.manner} people")
    picture.extend(_heading(run, frame))
    picture.extend(axis(frame, frame.height - BOTTOM + 6))
    top = TOP
    for owner, rows in lanes.items():
        picture.extend(_group(owner, rows, frame, top))
        top += HEAD
        for steps in rows.values():
            picture.append(_lane(steps, run, frame, top))
            top += LANE
    picture.extend(_end(run, frame))
    return written(picture)


def _lanes(run: Run) -> dict[str, dict[str, list[StepStory]]]:
    """The steps that came up by owner, each with its occurrences; the owner of the first step comes first."""
    lanes: dict[str, dict[str, list[StepStory]]] = {}
    until = run.ended_at
    for step in run.steps:
        if step.opens and step.opens <= until:
            lanes.setdefault(step.owner, {}).setdefault(step.id.split("/")[0], []).append(step)
    return lanes


def _midnight(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)


def _days(run: Run) -> int:
    """A whole number of weeks that holds the case."""
    length = (run.ended_at - _midnight(run.opened_at)).days + 1
    return max(14, -(-length // 7) * 7)


def _heading(run: Run, frame: Frame) -> Iterable[Element]:
    found = summary(run)
    yield text(24, 36, f"{run.playbook.split('@')[0]}: {run.manner} people", size=20, weight="600")
    yield text(24, 58, _in_words(found), size=12.5, fill=SOFT)
    yield text(frame.width - 28, 36, f"{run.playbook}, seed {run.seed}", size=11, fill=FAINT, anchor="end")
    yield from _legend(24.0, 84.0)


def _in_words(found: Summary) -> str:
    outcome = (found.outcome or f"still open ({found.stage})").replace("_", " ")
    steps = f"{found.steps_on_time} steps on time, {found.steps_late} late, {found.steps_never} never"
    told = f"{found.reminders} reminders, {found.escalations} escalations, {found.messages} messages sent"
    return (
        f"Ended as {outcome} on day {found.days}  ·  {steps}  ·  {told}"
        if found.outcome
        else f"{outcome}  ·  {steps}  ·  {told}"
    )


def _legend(x: float, y: float) -> Iterable[Element]:
    for kind in Fate:
        yield box(x, y - 9, 22, BAR, _TINT[kind], rx=3)
        if kind is not Fate.MOOT:
            yield _mark(x + 16, y - 9 + BAR / 2, kind)
        yield text(x + 29, y, kind.value, size=11.5, fill=SOFT)
        x += 46 + 6.1 * len(kind.value)
    yield _tick(x + 4, y - 10)
    yield text(x + 14, y, "reminder", size=11.5, fill=SOFT)
    yield _triangle(x + 84, y - 5)
    yield text(x + 94, y, "escalation", size=11.5, fill=SOFT)


def _group(owner: str, rows: dict[str, list[StepStory]], frame: Frame, top: float) -> Iterable[Element]:
    people = dict.fromkeys(short_name(step.person) for steps in rows.values() for step in steps if step.person)
    yield from head(frame.width, top, role_name(owner))
    yield text(_LEFT - 14, top + 24, ", ".join(people), size=11, fill=FAINT, anchor="end")


def _lane(steps: list[StepStory], run: Run, frame: Frame, top: float) -> Element:
    lane = Element("g")
    middle = top + LANE / 2
    title = steps[0].title
    lane.append(text(24, middle + 4, shortened(title, _LONGEST), size=11.5))
    lane.append(line(_LEFT, top + LANE, frame.width - RIGHT, top + LANE, RULE, width=0.5))
    often = len(steps) > 6
    for draw_part in (_span, _marks):  # marks lie above the bars of the next occurrence
        for step in steps:
            lane.append(draw_part(step, run, frame, middle, often=often))
    return lane


def _span(step: StepStory, run: Run, frame: Frame, middle: float, *, often: bool) -> Element:
    """The time that a step was given, and how long it was owed after that."""
    assert step.opens
    what, group = step.fate(run.ended_at), Element("g")
    left, right = frame.x(step.opens), frame.x(step.due or run.ended_at)
    gap = 1.5 if "/" in step.id else 0.0
    group.append(_named(step, what))
    group.append(box(left, middle - BAR / 2, max(right - left - gap, 3), BAR, _TINT[what], rx=3))
    if what in (Fate.LATE, Fate.NEVER) and not often:
        over = frame.x(step.done_at or run.ended_at)
        group.append(line(right, middle, over, middle, _COLOUR[what], width=1.6, dash=what is Fate.NEVER))
    return group


def _marks(step: StepStory, run: Run, frame: Frame, middle: float, *, often: bool) -> Element:
    """When it was done or missed, and when somebody was reminded or told."""
    what, group = step.fate(run.ended_at), Element("g")
    group.append(_named(step, what))
    for telling in step.told:
        if is_escalation(telling):
            group.append(_triangle(frame.x(telling.at), middle - BAR / 2 - 1))
        elif is_reminder(telling):
            group.append(_tick(frame.x(telling.at), middle - BAR / 2 - 2))
    if what is not Fate.MOOT:
        group.append(_mark(frame.x(step.done_at or step.due or run.ended_at), middle, what, small=often))
    return group


def _named(step: StepStory, what: Fate) -> Element:
    title = Element("title")
    told = ", ".join(dict.fromkeys(f"{short_name(t.person)} ({t.word})" for t in step.told))
    title.text = f"{step.id}: {what.value}" + (f"; told: {told}" if told else "")
    return title


def _end(run: Run, frame: Frame) -> Iterable[Element]:
    if run.outcome is None:
        return
    x = frame.x(run.ended_at)
    yield line(x, TOP - 4, x, frame.height - BOTTOM + 24, INK, width=1.2)
    label = run.outcome.replace("_", " ")
    wide = 14 + 6.3 * len(label)
    left = min(x - wide / 2, frame.width - RIGHT - wide)
    yield box(left, frame.height - BOTTOM + 22, wide, 18, INK, rx=4)
    middle = left + wide / 2
    yield text(middle, frame.height - BOTTOM + 34.5, label, size=10.5, fill=PAPER, anchor="middle", weight="600")


def _mark(x: float, y: float, what: Fate, *, small: bool = False) -> Element:
    """A dot where the step was done; a cross where it never was."""
    size = _DOT - 1.6 if small else _DOT
    if what is not Fate.NEVER:
        return dot(x, y, size, _COLOUR[what])
    arm = size - 1.4
    path = f"M{x - arm:g} {y - arm:g}L{x + arm:g} {y + arm:g}M{x + arm:g} {y - arm:g}L{x - arm:g} {y + arm:g}"
    return Element("path", {"d": path, "stroke": _COLOUR[what], "stroke-width": "2", "stroke-linecap": "round"})


def _tick(x: float, y: float) -> Element:
    return line(x, y, x, y + BAR + 4, _REMIND, width=1.6)


def _triangle(x: float, y: float) -> Element:
    return Element("path", {"d": f"M{x - 4.2:g} {y - 5:g}h8.4l-4.2 6.6z", "fill": _ESCALATE})
