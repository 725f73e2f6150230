"""Moments, lengths of time and tables as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rich import box
from rich.table import Table

from models.account import Money
from models.calendar import Clock
from models.plan import OPENED, When


def when(at: datetime | None) -> str:
    """A moment in UTC, to the minute; a dash for none."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "-"


def apart(at: datetime | None, now: datetime) -> str:
    """How far a moment is from ``now``: ``in 2 d 4 h``, ``3 h ago``; nothing for none."""
    if at is None:
        return ""
    gap = at - now
    return f"in {span(gap)}" if gap >= timedelta(0) else f"{span(-gap)} ago"


def span(gap: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes = int(gap.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def lasted(gap: timedelta) -> str:
    """How long something took that may be over within seconds: ``7 s``, ``under 1 s``, else its two largest units."""
    seconds = int(gap.total_seconds())
    return span(gap) if seconds >= 60 else f"{seconds} s" if seconds else "under 1 s"


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: ``1 week``, ``3 weeks``; ``things`` where the plural is no mere ``s``."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def money(amount: Money) -> str:
    """An amount in whole units with its currency."""
    return f"{amount.currency} {amount.major:,.0f}"


def of_when(moment: When | None) -> str:
    """A moment of a playbook: ``P3D after step:kickoff, business``."""
    if moment is None:
        return "-"
    offset = "at once" if not (moment.offset.months or moment.offset.days or moment.offset.minutes) else moment.offset
    anchor = "" if moment.after == OPENED else f" after {moment.after}"
    clock = "" if moment.clock is Clock.ELAPSED else f", {moment.clock.value.replace('_', ' ')}"
    return f"{offset}{anchor}{clock}"


def keep_whole(rows: Table, *columns: int) -> None:
    """Never break an id in its middle: these columns are as wide as what stands in them."""
    for column in columns:
        rows.columns[column].no_wrap = True


def table(*columns: str, **options: Any) -> Table:
    """An empty table without frames, its heads in grey."""
    made = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, **options)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
