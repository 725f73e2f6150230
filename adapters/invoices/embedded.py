"""Invoices of the ledger, printed from what billing shows of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.billing.port import BillingPort
from adapters.clock import utc_now
from adapters.crm.port import CrmPort
from adapters.exports.report import printed
from adapters.invoices.wording import WORDS, Wording
from adapters.letters.templates import Templates
from models.base import Record
from models.billing import Invoice
from models.crm import AccountRecord
from models.faults import PermanentFault

_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm, numbering: "1 / 1")
#set text(size: 10.5pt, lang: data.language)
#set par(justify: false, leading: 0.75em)
#text(size: 22pt, weight: "bold", data.title)
#v(0.2em)
#text(fill: luma(90), data.number)
#v(1em)
#grid(columns: (1fr, 1fr), column-gutter: 1cm,
  [#strong(data.from_title) \\ #data.from.join(linebreak())],
  [#strong(data.to_title) \\ #data.to.join(linebreak())],
)
#v(1.2em)
#table(
  columns: (1fr, auto), inset: 8pt, stroke: 0.4pt + luma(180),
  align: (x, _) => if x == 1 { right } else { left }, fill: (_, y) => if y == 0 { luma(235) },
  table.header(..data.head.map(cell => strong(cell))), ..data.rows.flatten(),
  ..data.sums.map(row => row.map(cell => strong(cell))).flatten(),
)
#v(0.8em)
#data.note
"""


class Party(Record):
    """Who bills or is billed: the name, how they are reached or known, and what is left out where it is not known.

    The lines of ``address`` have a semicolon between.
    """

    name: str
    known_by: str
    address: str = ""
    tax_number: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The name, the lines of the address, and how they are reached."""
        address = (line.strip() for line in self.address.split(";"))
        return (self.name, *filter(None, address), self.known_by)


class PrintedInvoices:
    """InvoicesPort over billing and the CRM, in the words of the messages folder; ``supplier`` is who bills."""

    def __init__(self, billing: BillingPort, crm: CrmPort, messages: Path, supplier: Party) -> None:
        self._billing = billing
        self._crm = crm
        self._templates = Templates(messages)
        self._supplier = supplier

    async def pdf(self, account_id: str, invoice_id: str, locale: str) -> bytes:
        """See InvoicesPort."""
        account = await self._crm.account(account_id)
        invoice = await self._found(account_id, invoice_id)
        return await asyncio.to_thread(printed, _PAGE, self._told(invoice, account, locale))

    async def _found(self, account_id: str, invoice_id: str) -> Invoice:
        known = (await self._billing.read_back(account_id, utc_now().date())).invoices
        found = next((one for one in known if one.id == invoice_id), None)
        if found is None:
            there = ", ".join(one.id for one in known) or "none"
            raise PermanentFault("UnknownInvoice", f"{account_id} has no invoice '{invoice_id}'; there are: {there}")
        return found

    def _told(self, invoice: Invoice, account: AccountRecord, locale: str) -> dict[str, object]:
        reader = self._templates.reader(WORDS, locale, account.works.time_zone)
        said = Wording(self._templates, reader)
        return {
            "language": reader.language,
            "title": said.title(invoice),
            "number": said.word("number", number=invoice.id, day=invoice.issued_for, issued_at=invoice.issued_at),
            "from_title": said.word("supplier"),
            "from": _lines(self._supplier, said),
            "to_title": said.word("customer"),
            "to": _lines(_customer(account), said),
            "head": [said.word("what"), said.word("amount", currency=invoice.total.currency)],
            "rows": [[said.line(line), said.figure(line.amount)] for line in invoice.lines]
            or [[said.word("nothing"), ""]],
            "sums": said.sums(invoice),
            "note": said.note(invoice),
        }


def _customer(account: AccountRecord) -> Party:
    return Party(name=account.name, known_by=account.id, address=account.postal_address, tax_number=account.tax_number)


def _lines(party: Party, said: Wording) -> list[str]:
    """A party as its block of the paper shows it."""
    tax = [said.word("tax_number", number=party.tax_number)] if party.tax_number else []
    return [*party.lines, *tax]
