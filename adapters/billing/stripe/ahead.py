"""What the coming periods cost, as Stripe is to charge them: each renewal in full, less, or not at all.

Stripe discounts whole invoices. So a period that is discounted or paused in part gets an amount off that makes it cost,
to the minor unit, what its days cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from adapters.billing.prorating import Terms, charge, period_of
from models.base import Record


class Renewals(Record):
    """Renewals from ``starts`` until before ``ends`` with the same off their price: percent where whole, else an amount."""

    starts: date
    ends: date
    pct: int = 0
    off: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing is off."""
        return not self.pct and not self.off


def renewals(terms: Terms, first: date) -> tuple[Renewals, ...]:
    """The renewals from a day on, until the last one of which something is off; those of one price together."""
    last = max([first, *(part.ends for part in terms.discounts), *(part.ends for part in terms.pauses)])
    found: list[Renewals] = []
    for each in _each(terms, first, last):
        if found and (found[-1].pct, found[-1].off) == (each.pct, each.off):
            each = each.model_copy(update={"starts": found.pop().starts})
        found.append(each)
    while found and found[-1].full:
        found.pop()
    return tuple(found)


def free_until(ahead: tuple[Renewals, ...]) -> date | None:
    """The day from which renewals are charged, where those before it are free and those from it on in full."""
    return ahead[0].ends if len(ahead) == 1 and ahead[0].pct == 100 else None


def _each(terms: Terms, first: date, last: date) -> Iterator[Renewals]:
    while first < last:
        end = period_of(terms, first)[1]
        lines = charge(terms, first, end)
        off = terms.price.minor - sum(line.amount.minor for line in lines)
        if not lines:
            yield Renewals(starts=first, ends=end, pct=100)
        elif len(lines) == 1 and lines[0].starts == first and lines[0].ends == end:
            yield Renewals(starts=first, ends=end, pct=lines[0].discount_pct)
        else:
            yield Renewals(starts=first, ends=end, off=off)
        first = end
