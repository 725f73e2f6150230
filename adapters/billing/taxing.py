"""The tax on an invoice: one line on the sum of its lines, so that lines and tax together are its total."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.billing.prorating import half_up
from models.account import Money
from models.billing import InvoiceLine, Tax, TaxLine

_WHOLE = 10_000


def tax_line(lines: Iterable[InvoiceLine], tax: Tax | None, currency: str) -> TaxLine | None:
    """The tax on these lines; None for a customer who pays none. A credit gives its tax back."""
    if tax is None:
        return None
    net = sum(line.amount.minor for line in lines)
    return TaxLine(tax=tax, amount=Money(minor=half_up(net * tax.bp, _WHOLE), currency=currency))


def total(lines: Iterable[InvoiceLine], tax: TaxLine | None) -> int:
    """What lines and tax come to, in minor units."""
    return sum(line.amount.minor for line in lines) + (tax.amount.minor if tax else 0)


def tax_of(name: str, bp: int) -> Tax | None:
    """The tax as the tables keep it; an empty name is none."""
    return Tax(name=name, bp=bp) if name else None
