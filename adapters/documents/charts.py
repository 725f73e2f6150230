"""The chart of a report: each metric week by week, as bars counted from zero. The same report gives the same text."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from adapters.documents.drawing import FAINT, INK, RULE, SOFT, box, line, sheet, shortened, text, written
from models.brief import Compared
from models.usage import Week
from models.value_report import ValueReport

_LEFT, _HEAD, _PANEL, _BARS = 24.0, 84.0, 132.0, 72.0
_WEEK, _WIDTH = 44.0, 560.0
_BAR = "#2b8a63"
_LONGEST_TITLE = 60


def draw(report: ValueReport, title: str) -> str:
    """The picture as the text of an SVG file; a week with too few measured days is a dot, never a zero."""
    metrics = report.summary.quantitative
    weeks = max((len(each.weeks) for each in metrics), default=0)
    width = max(_WIDTH, 2 * _LEFT + weeks * _WEEK)
    picture = sheet(width, _HEAD + max(len(metrics), 1) * _PANEL, title)
    picture.extend(_heading(report, title))
    for number, each in enumerate(metrics):
        picture.extend(_panel(each, _HEAD + number * _PANEL, width))
    if not metrics:
        picture.append(text(_LEFT, _HEAD + 24, "nothing was measured", size=12.5, fill=SOFT))
    return written(picture)


def _heading(report: ValueReport, title: str) -> Iterator[Element]:
    period = report.summary.period
    yield text(_LEFT, 38, shortened(title, _LONGEST_TITLE), size=18, weight="600")
    yield text(_LEFT, 60, f"{period.since} – {period.last}, by week", size=12.5, fill=SOFT)


def _panel(each: Compared, top: float, width: float) -> Iterator[Element]:
    low = top + 22 + _BARS
    change = f", {each.change_pct:+d} %" if each.change_pct is not None else ""
    name = each.now.metric.replace("_", " ")
    yield text(_LEFT, top + 10, f"{name}{change}", size=12.5, fill=INK, weight="600")
    yield line(_LEFT, low, width - _LEFT, low, RULE)
    most = max((week.level for week in each.weeks if week.level), default=0.0)
    for number, week in enumerate(each.weeks):
        yield from _bar(week, most, _LEFT + number * _WEEK, low)


def _bar(week: Week, most: float, x: float, low: float) -> Iterator[Element]:
    middle = x + _WEEK / 2
    yield text(middle, low + 15, f"{week.since:%m-%d}", size=9.5, fill=FAINT, anchor="middle")
    if week.level is None:
        yield text(middle, low - 5, "·", size=14, fill=FAINT, anchor="middle")
        return
    height = round(week.level / most * (_BARS - 18), 1) if most else 0.0
    yield box(x + 6, low - height, _WEEK - 12, height, _BAR, rx=2)
    yield text(middle, low - height - 4, f"{week.level:g}", size=9.5, fill=SOFT, anchor="middle")
