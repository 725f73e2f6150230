"""The small marks of a page: a chart of a line's length, dates, figures, and other people's words on one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from adapters.letters.templates import zone
from adapters.letters.wording import flat
from models.account import Money
from models.calendar import Offset
from models.usage import Week

_BARS = "▁▂▃▄▅▆▇█"
_NOT_MEASURED = "·"
_LONGEST_LINE = 140
_FEW = 10


def chart(weeks: Iterable[Week]) -> str:
    """A bar for each week, its height counted from zero; a dot where too little was measured."""
    kept = tuple(weeks)
    top = max((week.level for week in kept if week.level), default=0.0)
    return "".join(_bar(week.level, top) for week in kept)


def _bar(level: float | None, top: float) -> str:
    if level is None:
        return _NOT_MEASURED
    return _BARS[round(level / top * (len(_BARS) - 1))] if top else _BARS[0]


def line(text: str, longest: int = _LONGEST_LINE) -> str:
    """What somebody wrote, on one line, shortened, and without meaning to Markdown or HTML."""
    one = flat(text)
    short = one if len(one) <= longest else one[: longest - 1].rstrip() + "…"
    return re.sub(r"([\\`*\[\]<>|#~]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", short)


def span(offset: Offset) -> str:
    """A length of time in English."""
    hours, minutes = divmod(offset.minutes, 60)
    counted = ((offset.months, "month"), (offset.days, "day"), (hours, "hour"), (minutes, "minute"))
    return " ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in counted if count) or "no time"


def name(code: str) -> str:
    """A code as words: ``active_users`` becomes ``active users``."""
    return line(code.replace("_", " "))


@pass_context
def on(context: Context, day: date, form: str = "medium") -> str:
    """A day as the reader's calendar writes it."""
    return format_date(day, form, locale=context["reader_locale"])


@pass_context
def clock(context: Context, moment: datetime) -> str:
    """A moment on the reader's clock as our own pages write it: ``27 Nov 2026, 20:39 CET``, ``28 Nov 2026, 03:39 +08``."""
    local = moment.astimezone(zone(context["reader_zone"]))
    return f"{format_datetime(local, 'd MMM y, HH:mm', locale=context['reader_locale'])} {local.tzname()}"


@pass_context
def figure(context: Context, value: float | Decimal) -> str:
    """A number as the reader writes it; small ones keep one decimal."""
    exact = Decimal(str(value))
    shown = round(exact, 1 if abs(exact) < _FEW else 0)
    return format_decimal(shown, locale=context["reader_locale"])


@pass_context
def exact(context: Context, value: Decimal) -> str:
    """A number as the reader writes it, with all that it has."""
    return format_decimal(value.normalize(), locale=context["reader_locale"], decimal_quantization=False)


def negative(amount: Money) -> Money:
    """The amount with the other sign."""
    return amount.model_copy(update={"minor": -amount.minor})


def counted(number: int, thing: str) -> str:
    """A number with its English noun: ``1 week``, ``3 weeks``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


FILTERS: dict[str, Callable[..., Any]] = {
    "negative": negative,
    "chart": chart,
    "line": line,
    "span": span,
    "name": name,
    "on": on,
    "clock": clock,
    "figure": figure,
    "exact": exact,
    "counted": counted,
}
"""What the templates of documents may use beside those of letters."""
