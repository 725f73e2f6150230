"""What the charts of plans and cases share: a sheet of days with weekends and weeks, and headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from adapters.documents.drawing import EDGE, FAINT, RULE, SOFT, box, line, text
from models.people import RoleId

RIGHT, TOP, BOTTOM = 28.0, 124.0, 52.0
DAY, LANE, HEAD, BAR = 27.0, 23.0, 32.0, 9.0
_WEEKEND = "#f3f5f8"


@dataclass(frozen=True)
class Frame:
    """Where moments lie on the picture. ``start`` is midnight of the first day, for the customer."""

    start: datetime
    days: int
    height: float
    left: float

    @property
    def width(self) -> float:
        """The width of the whole picture."""
        return self.left + self.days * DAY + RIGHT

    def x(self, at: datetime) -> float:
        """The place of a moment, kept inside the picture."""
        share = (at - self.start) / timedelta(days=1)
        return round(self.left + min(max(share, 0.0), float(self.days)) * DAY, 1)


def axis(frame: Frame, low: float) -> Iterable[Element]:
    """The days from the top down to ``low``: weekends, weeks, and the number and name of every day."""
    top = TOP - 4
    for day in range(frame.days):
        x = frame.left + day * DAY
        date = frame.start + timedelta(days=day)
        if date.weekday() >= 5:
            yield box(x, top, DAY, low - top, _WEEKEND)
        if day % 7 == 0:
            yield line(x, top - 12, x, low, EDGE)
            yield text(x + 5, top - 14, f"Week {day // 7 + 1}", size=11, fill=SOFT, weight="600")
        shade = FAINT if date.weekday() >= 5 else SOFT
        yield text(x + DAY / 2, top - 1, str(day + 1), size=9.5, fill=shade, anchor="middle")
        yield text(x + DAY / 2, low + 12, f"{date:%a}"[:2], size=9, fill=FAINT, anchor="middle")


def head(width: float, top: float, label: str) -> Iterable[Element]:
    """The line and the heading above a group of lanes."""
    yield line(14, top + 8, width - 14, top + 8, RULE)
    yield text(24, top + 24, label, size=12.5, weight="700")


def role_name(role: RoleId) -> str:
    """A role as a heading: ``CS manager``, ``Product manager``."""
    name = " ".join(word.upper() if word in ("cs", "csm") else word for word in role.split("_"))
    return name[:1].upper() + name[1:]
