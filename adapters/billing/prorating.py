"""Prorating to the day: periods, charged days, and what they cost.

A line costs the price of its period times its days over the days of the period, less its discount, rounded half up to
the minor unit.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from models.account import Money
from models.base import Record
from models.billing import DatedDiscount, FutureInvoice, Interval, InvoiceLine

_MONTHS = {Interval.MONTH: 1, Interval.YEAR: 12}
_LOOK_AHEAD = 60


class Pause(Record):
    """Days that are not charged, from ``starts`` until before ``ends``."""

    starts: date
    ends: date


class Terms(Record):
    """What a subscription costs: price per period, the day that anchors the periods, discounts and pauses."""

    price: Money
    interval: Interval
    started: date
    discounts: tuple[DatedDiscount, ...] = ()
    pauses: tuple[Pause, ...] = ()


def boundary(terms: Terms, number: int) -> date:
    """The first day of the period of that number, counted from 0; a month without the day gives its last one."""
    year, month = divmod(terms.started.month - 1 + number * _MONTHS[terms.interval], 12)
    year += terms.started.year
    return date(year, month + 1, min(terms.started.day, monthrange(year, month + 1)[1]))


def period_of(terms: Terms, day: date) -> tuple[date, date]:
    """The period that a day lies in: its first day, and the first day after it."""
    months = (day.year - terms.started.year) * 12 + day.month - terms.started.month
    number = months // _MONTHS[terms.interval]
    if boundary(terms, number) > day:
        number -= 1
    return boundary(terms, number), boundary(terms, number + 1)


def charge(terms: Terms, starts: date, ends: date) -> tuple[InvoiceLine, ...]:
    """What the days from ``starts`` until before ``ends`` cost, a line per stretch of one price; paused days none."""
    stretches = pairwise(_cuts(terms, starts, ends))
    return tuple(_line(terms, first, last) for first, last in stretches if not _paused(terms, first))


def credit(lines: tuple[InvoiceLine, ...], starts: date, ends: date) -> tuple[InvoiceLine, ...]:
    """What was paid for the days from ``starts`` until before ``ends``, as negative lines."""
    return tuple(_returned(line, starts, ends) for line in lines if line.starts < ends and line.ends > starts)


def next_charge(terms: Terms, paid_through: date, ends_on: date | None) -> FutureInvoice | None:
    """The next charge above nothing that happens if nothing changes, or None where there is none within 60 periods."""
    start = paid_through
    for _ in range(_LOOK_AHEAD):
        end = min(period_of(terms, start)[1], ends_on or date.max)
        if end <= start:
            return None
        lines = charge(terms, start, end)
        amount = sum(line.amount.minor for line in lines)
        if amount:
            return FutureInvoice(on=lines[0].starts, amount=Money(minor=amount, currency=terms.price.currency))
        start = end
    return None


def half_up(numerator: int, denominator: int) -> int:
    """A quotient rounded half away from zero, in integers."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _cuts(terms: Terms, starts: date, ends: date) -> Iterator[date]:
    edges = {starts, ends}
    ranges: tuple[DatedDiscount | Pause, ...] = terms.discounts + terms.pauses
    edges.update(day for part in ranges for day in (part.starts, part.ends) if starts < day < ends)
    first = period_of(terms, starts)[1]
    while first < ends:
        edges.add(first)
        first = period_of(terms, first)[1]
    return iter(sorted(edges))


def _paused(terms: Terms, day: date) -> bool:
    return any(part.starts <= day < part.ends for part in terms.pauses)


def _line(terms: Terms, starts: date, ends: date) -> InvoiceLine:
    pct = next((part.pct for part in terms.discounts if part.starts <= starts < part.ends), 0)
    first, last = period_of(terms, starts)
    minor = half_up(terms.price.minor * (100 - pct) * (ends - starts).days, 100 * (last - first).days)
    return InvoiceLine(
        starts=starts, ends=ends, amount=Money(minor=minor, currency=terms.price.currency), discount_pct=pct
    )


def _returned(line: InvoiceLine, starts: date, ends: date) -> InvoiceLine:
    first, last = max(line.starts, starts), min(line.ends, ends)
    minor = half_up(-line.amount.minor * (last - first).days, (line.ends - line.starts).days)
    amount = Money(minor=minor, currency=line.amount.currency)
    return InvoiceLine(starts=first, ends=last, amount=amount, discount_pct=line.discount_pct)
