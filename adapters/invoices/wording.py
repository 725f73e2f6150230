"""What an invoice says, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, get_currency_precision

from adapters.letters.templates import Reader, Templates
from models.account import Money
from models.billing import Invoice, InvoiceLine

WORDS = "_invoice"
"""The file of the messages folder that has the words."""


class Wording:
    """The words for one reader."""

    def __init__(self, templates: Templates, reader: Reader) -> None:
        self._templates, self._reader = templates, reader

    def word(self, block: str, **values: Any) -> str:
        """A word or a sentence by its name."""
        return self._templates.block(block, WORDS, self._reader, values)

    def title(self, invoice: Invoice) -> str:
        """An invoice by its kind; one that is the customer's is a credit note."""
        return self.word("title", kind=invoice.kind.value, credit=invoice.total.minor < 0)

    def line(self, line: InvoiceLine) -> str:
        """A stretch of days, the last one included, with its discount."""
        return self.word("line", line=line, last=line.ends - timedelta(days=1), credit=line.amount.minor < 0)

    def sums(self, invoice: Invoice) -> list[list[str]]:
        """What the lines come to, the tax on them, and the total."""
        rows = [[self.word("total"), self.figure(invoice.total)]]
        if invoice.tax is None:
            return rows
        net = Money(minor=invoice.total.minor - invoice.tax.amount.minor, currency=invoice.total.currency)
        rate = format_decimal(Decimal(invoice.tax.tax.bp) / 100, locale=self._reader.locale)
        tax = [self.word("tax", name=invoice.tax.tax.name, rate=rate), self.figure(invoice.tax.amount)]
        return [[self.word("net"), self.figure(net)], tax, *rows]

    def note(self, invoice: Invoice) -> str:
        """What follows: whether there is anything to pay."""
        return self.word(
            "note", credit=invoice.total.minor < 0, due=invoice.total.minor > 0, tax=invoice.tax is not None
        )

    def figure(self, amount: Money) -> str:
        """An amount without its currency, which the head of the table names."""
        places = get_currency_precision(amount.currency)
        pattern = "#,##0." + "0" * places if places else "#,##0"
        return format_decimal(Decimal(amount.minor).scaleb(-places), pattern, locale=self._reader.locale)
