"""A simulation as a picture: one lane per step, grouped by owner, from the opening to the end of the case. Plain SVG.

It has a background of its own, so that it reads the same on a light and on a dark page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from cli.calendar_view import Summary, summary
from cli.diary import Fate, StepStory, is_escalation, is_reminder
from cli.sim_company import ZONE, short_name
from cli.simulation import Run

_LEFT, _RIGHT, _TOP, _BOTTOM = 342.0, 28.0, 124.0, 52.0
_DAY, _LANE, _HEAD = 27.0, 23.0, 32.0
_BAR, _DOT = 9.0, 5.0
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_INK, _SOFT, _FAINT, _RULE, _PAPER = "#1d2733", "#5b6877", "#8a96a3", "#e4e8ed", "#ffffff"
_WEEKEND, _BAND, _EDGE, _REMIND, _ESCALATE = "#f3f5f8", "#fafbfc", "#cfd6de", "#5a78b8", "#8c2f6f"
_LONGEST = 52


_COLOUR = {Fate.ON_TIME: "#2b8a63", Fate.LATE: "#d9822b", Fate.NEVER: "#c8413b", Fate.MOOT: "#aab4bf"}
_TINT = {Fate.ON_TIME: "#cfe8dc", Fate.LATE: "#f8dfc0", Fate.NEVER: "#f4cfcc", Fate.MOOT: "#e3e7ec"}


@dataclass(frozen=True)
class Frame:
    """Where moments lie on the picture. ``start`` is midnight of the first day, for the customer."""

    start: datetime
    days: int
    height: float

    @property
    def width(self) -> float:
        """The width of the whole picture."""
        return _LEFT + self.days * _DAY + _RIGHT

    def x(self, at: datetime) -> float:
        """The place of a moment, kept inside the picture."""
        share = (at - self.start) / timedelta(days=1)
        return round(_LEFT + min(max(share, 0.0), float(self.days)) * _DAY, 1)


def draw(run: Run) -> str:
    """The picture as the text of an SVG file."""
    lanes = _lanes(run)
    height = _TOP + sum(_HEAD + len(rows) * _LANE for rows in lanes.values()) + _BOTTOM
    frame = Frame(_midnight(run.opened_at), _days(run), height)
    picture = _picture(frame, f"{run.playbook} with {run.manner} people")
    picture.extend(_paper(frame))
    picture.extend(_heading(run, frame))
    picture.extend(_axis(frame))
    top = _TOP
    for owner, rows in lanes.items():
        picture.extend(_group(owner, rows, frame, top))
        top += _HEAD
        for steps in rows.values():
            picture.append(_lane(steps, run, frame, top))
            top += _LANE
    picture.extend(_end(run, frame))
    ElementTree.indent(picture)
    return ElementTree.tostring(picture, encoding="unicode") + "\n"


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


def _picture(frame: Frame, name: str) -> Element:
    size = {"width": f"{frame.width:.0f}", "height": f"{frame.height:.0f}"}
    box = f"0 0 {frame.width:.0f} {frame.height:.0f}"
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "role": "img", **size})
    picture.set("font-family", _FONT)
    title = Element("title")
    title.text = name
    picture.append(title)
    return picture


def _paper(frame: Frame) -> Iterable[Element]:
    yield _box(0.5, 0.5, frame.width - 1, frame.height - 1, _PAPER, rx=10, stroke=_EDGE)


def _heading(run: Run, frame: Frame) -> Iterable[Element]:
    found = summary(run)
    yield _text(24, 36, f"{run.playbook.split('@')[0]}: {run.manner} people", size=20, weight="600")
    yield _text(24, 58, _in_words(found), size=12.5, fill=_SOFT)
    yield _text(frame.width - 28, 36, f"{run.playbook}, seed {run.seed}", size=11, fill=_FAINT, anchor="end")
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
        yield _box(x, y - 9, 22, _BAR, _TINT[kind], rx=3)
        if kind is not Fate.MOOT:
            yield _mark(x + 16, y - 9 + _BAR / 2, kind)
        yield _text(x + 29, y, kind.value, size=11.5, fill=_SOFT)
        x += 46 + 6.1 * len(kind.value)
    yield _tick(x + 4, y - 10)
    yield _text(x + 14, y, "reminder", size=11.5, fill=_SOFT)
    yield _triangle(x + 84, y - 5)
    yield _text(x + 94, y, "escalation", size=11.5, fill=_SOFT)


def _axis(frame: Frame) -> Iterable[Element]:
    top, low = _TOP - 4, frame.height - _BOTTOM + 6
    for day in range(frame.days):
        x = _LEFT + day * _DAY
        date = frame.start + timedelta(days=day)
        if date.weekday() >= 5:
            yield _box(x, top, _DAY, low - top, _WEEKEND)
        if day % 7 == 0:
            yield _line(x, top - 12, x, low, _EDGE)
            yield _text(x + 5, top - 14, f"Week {day // 7 + 1}", size=11, fill=_SOFT, weight="600")
        shade = _FAINT if date.weekday() >= 5 else _SOFT
        yield _text(x + _DAY / 2, top - 1, str(day + 1), size=9.5, fill=shade, anchor="middle")
        yield _text(x + _DAY / 2, low + 12, f"{date:%a}"[:2], size=9, fill=_FAINT, anchor="middle")


def _group(owner: str, rows: dict[str, list[StepStory]], frame: Frame, top: float) -> Iterable[Element]:
    people = dict.fromkeys(short_name(step.person) for steps in rows.values() for step in steps if step.person)
    name = " ".join(word.upper() if word in ("cs", "csm") else word for word in owner.split("_"))
    label = name[:1].upper() + name[1:]
    yield _line(14, top + 8, frame.width - 14, top + 8, _RULE)
    yield _text(24, top + 24, label, size=12.5, weight="700")
    yield _text(_LEFT - 14, top + 24, ", ".join(people), size=11, fill=_FAINT, anchor="end")


def _lane(steps: list[StepStory], run: Run, frame: Frame, top: float) -> Element:
    lane = Element("g")
    middle = top + _LANE / 2
    title = steps[0].title
    shown = title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip(" ,:;") + "…"
    lane.append(_text(24, middle + 4, shown, size=11.5))
    lane.append(_line(_LEFT, top + _LANE, frame.width - _RIGHT, top + _LANE, _RULE, width=0.5))
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
    group.append(_box(left, middle - _BAR / 2, max(right - left - gap, 3), _BAR, _TINT[what], rx=3))
    if what in (Fate.LATE, Fate.NEVER) and not often:
        over = frame.x(step.done_at or run.ended_at)
        group.append(_line(right, middle, over, middle, _COLOUR[what], width=1.6, dash=what is Fate.NEVER))
    return group


def _marks(step: StepStory, run: Run, frame: Frame, middle: float, *, often: bool) -> Element:
    """When it was done or missed, and when somebody was reminded or told."""
    what, group = step.fate(run.ended_at), Element("g")
    group.append(_named(step, what))
    for telling in step.told:
        if is_escalation(telling):
            group.append(_triangle(frame.x(telling.at), middle - _BAR / 2 - 1))
        elif is_reminder(telling):
            group.append(_tick(frame.x(telling.at), middle - _BAR / 2 - 2))
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
    yield _line(x, _TOP - 4, x, frame.height - _BOTTOM + 24, _INK, width=1.2)
    label = run.outcome.replace("_", " ")
    wide = 14 + 6.3 * len(label)
    left = min(x - wide / 2, frame.width - _RIGHT - wide)
    yield _box(left, frame.height - _BOTTOM + 22, wide, 18, _INK, rx=4)
    middle = left + wide / 2
    yield _text(middle, frame.height - _BOTTOM + 34.5, label, size=10.5, fill=_PAPER, anchor="middle", weight="600")


def _mark(x: float, y: float, what: Fate, *, small: bool = False) -> Element:
    """A dot where the step was done; a cross where it never was."""
    size = _DOT - 1.6 if small else _DOT
    if what is not Fate.NEVER:
        dot = {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{size:g}", "fill": _COLOUR[what]}
        return Element("circle", dot | {"stroke": _PAPER, "stroke-width": "1.2"})
    arm = size - 1.4
    path = f"M{x - arm:g} {y - arm:g}L{x + arm:g} {y + arm:g}M{x + arm:g} {y - arm:g}L{x - arm:g} {y + arm:g}"
    return Element("path", {"d": path, "stroke": _COLOUR[what], "stroke-width": "2", "stroke-linecap": "round"})


def _tick(x: float, y: float) -> Element:
    return _line(x, y, x, y + _BAR + 4, _REMIND, width=1.6)


def _triangle(x: float, y: float) -> Element:
    return Element("path", {"d": f"M{x - 4.2:g} {y - 5:g}h8.4l-4.2 6.6z", "fill": _ESCALATE})


def _box(x: float, y: float, w: float, h: float, fill: str, *, rx: float = 0, stroke: str = "") -> Element:
    shape = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{w:g}", "height": f"{h:g}", "fill": fill}
    return Element("rect", shape | ({"rx": f"{rx:g}"} if rx else {}) | ({"stroke": stroke} if stroke else {}))


def _line(
    x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1.0, dash: bool = False
) -> Element:
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    dashes = {"stroke-dasharray": "2 3"} if dash else {}
    return Element("line", ends | {"stroke": stroke, "stroke-width": f"{width:g}"} | dashes)


def _text(
    x: float, y: float, text: str, *, size: float, fill: str = _INK, anchor: str = "start", weight: str = "400"
) -> Element:
    look = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "fill": fill}
    element = Element("text", look | {"text-anchor": anchor, "font-weight": weight})
    element.text = text
    return element
