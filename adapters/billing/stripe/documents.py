"""Invoices and credit notes in Stripe, each once for its key."""

from __future__ import annotations

from datetime import date

import stripe

from adapters.billing.statement import refuse
from adapters.billing.stripe import standing as names
from adapters.billing.stripe.service import Plain, StripeService
from adapters.billing.stripe.standing import Bill, Standing, moment_of, stamp_of
from models.account import Money
from models.base import Record
from models.billing import InvoiceKind, InvoiceLine, LineKind, RefundInvoice
from models.faults import TransientFault
from models.work import Receipt

_DRAFT = "draft"
_WORDS = {LineKind.SERVICE: "Subscription", LineKind.EARLY_TERMINATION: "Fee for ending early"}


class Issue(Record):
    """An invoice to be made: what for, and which unpaid invoices it replaces."""

    key: str
    kind: InvoiceKind
    issued_for: date
    lines: tuple[InvoiceLine, ...]
    replaces: tuple[Bill, ...] = ()


class Documents:
    """What is written in Stripe for an account. A draft comes first, whole: what follows can be taken up from it."""

    def __init__(self, service: StripeService) -> None:
        self._service = service

    def drafted(self, standing: Standing, wanted: Issue) -> Bill:
        """The invoice as a draft, or further on; one that a crash left unfinished gets the lines that it lacks."""
        lines = wanted.lines or (self._nothing(standing, wanted.issued_for),)
        found = standing.bill(wanted.key)
        invoice = found.invoice.id if found else self._draft(standing, wanted, len(lines))
        begun = len(found.invoice.lines) if found else 0
        for number, line in list(enumerate(lines))[begun:]:
            self._add(standing, invoice, line, f"{wanted.key}/line/{number}")
        return self._read(standing, wanted.key)

    def complete(self, bill: Bill | None) -> bool:
        """Whether an invoice has all its lines, so that nothing is to be reckoned any more."""
        return bill is not None and len(bill.invoice.lines) >= bill.lines_wanted

    def issued(self, standing: Standing, bill: Bill) -> Bill:
        """The invoice, finalized; those that it replaces are void before it asks for their days."""
        if bill.replaces and bill.status == _DRAFT:
            self._make_room(standing, bill)
        if bill.status == _DRAFT:
            self._finalize(bill)
        after = self._read(standing, bill.key)
        if after.status == _DRAFT:
            raise TransientFault(f"Stripe does not show the invoice of {bill.key} as issued yet; it is looked up again")
        return after

    def known_refund(self, request: RefundInvoice) -> bool:
        """Whether Stripe has the credit note of this key."""
        return self._credit_note(request.invoice_id, request.key) is not None

    def refunded(self, standing: Standing, request: RefundInvoice) -> Receipt:
        """Pay back part of a paid invoice by a credit note, and take it off the credit that the customer has for it."""
        found = self._credit_note(request.invoice_id, request.key)
        note = found or self._service.make(self._service.api.credit_notes, _note(standing, request), request.key)
        self._use_up(standing, request)
        if not self._credit_note(request.invoice_id, request.key):
            raise TransientFault(f"Stripe does not show the credit note of {request.key} yet; it is looked up again")
        return Receipt(id=note["id"], at=moment_of(note["created"]), replayed=bool(found))

    def _make_room(self, standing: Standing, bill: Bill) -> None:
        """Void what the invoice replaces, as it is now. Refused where it was paid meanwhile: it would be charged twice."""
        for each in self._service.again(standing).bills:
            if each.invoice.id not in bill.replaces or each.status == "void":
                continue
            if each.status != "open" or each.received:
                draft = f"delete the draft {bill.invoice.id} and settle in Stripe by hand"
                raise refuse(f"invoice {each.invoice.id} was paid while its days were reckoned anew; {draft}")
            self._service.api.invoices.void_invoice(each.invoice.id)

    def _finalize(self, bill: Bill) -> None:
        collects = {"auto_advance": bill.invoice.total.minor > 0}
        try:
            self._service.api.invoices.finalize_invoice(bill.invoice.id, collects)
        except stripe.InvalidRequestError:
            found = self._service.plain(self._service.api.invoices.retrieve(bill.invoice.id))
            if found["status"] == _DRAFT:  # else another worker has just done it
                raise

    def _draft(self, standing: Standing, wanted: Issue, lines: int) -> str:
        given: Plain = {
            "customer": standing.customer,
            "currency": standing.price.currency.lower(),
            "collection_method": standing.collection,
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "metadata": {
                names.KEY: wanted.key,
                names.ACCOUNT: standing.account_id,
                names.SUBSCRIPTION: standing.id,
                names.KIND: wanted.kind.value,
                names.ISSUED_FOR: wanted.issued_for.isoformat(),
                names.LINES: str(lines),
                names.REPLACES: " ".join(each.invoice.id for each in wanted.replaces),
            },
        }
        if standing.tax_rates:
            given["default_tax_rates"] = list(standing.tax_rates)
        if standing.collection == "send_invoice":
            given["days_until_due"] = standing.days_until_due or 30
        return str(self._service.make(self._service.api.invoices, given, f"{wanted.key}/invoice")["id"])

    def _add(self, standing: Standing, invoice: str, line: InvoiceLine, key: str) -> None:
        given = {
            "customer": standing.customer,
            "invoice": invoice,
            "amount": line.amount.minor,
            "currency": line.amount.currency.lower(),
            "description": f"{_WORDS[line.kind]}, {line.starts} until before {line.ends}",
            "discountable": False,
            "period": {"start": stamp_of(line.starts), "end": stamp_of(line.ends)},
            "metadata": {names.KEY: key, names.KIND: line.kind.value},
        }
        self._service.make(self._service.api.invoice_items, given, key)

    def _nothing(self, standing: Standing, day: date) -> InvoiceLine:
        """The line of an invoice that asks for nothing: Stripe issues none without."""
        return InvoiceLine(starts=day, ends=day, amount=Money(minor=0, currency=standing.price.currency))

    def _read(self, standing: Standing, key: str) -> Bill:
        bill = self._service.again(standing).bill(key)
        if bill is None:
            raise TransientFault(f"Stripe does not show the invoice of {key} yet; it is looked up again")
        return bill

    def _credit_note(self, invoice: str, key: str) -> Plain | None:
        notes = self._service.pages(self._service.api.credit_notes, invoice=invoice)
        return next((note for note in notes if (note["metadata"] or {}).get(names.KEY) == key), None)

    def _use_up(self, standing: Standing, request: RefundInvoice) -> None:
        """What is paid back in money is no credit any more; without this the customer would have it twice."""
        moves = self._service.api.customers.balance_transactions
        listed = moves.list(standing.customer, {"limit": 100}).auto_paging_iter()
        ours = [each for each in map(self._service.plain, listed) if (each["metadata"] or {}).get(names.KEY)]
        if any(each["metadata"][names.KEY] == request.key for each in ours):
            return
        credit = given_as_credit(standing) - sum(each["amount"] for each in ours if _of(each, standing))
        amount = min(request.amount.minor, credit, -standing.balance)
        if amount > 0:
            given = {
                "amount": amount,
                "currency": request.amount.currency.lower(),
                "metadata": {names.KEY: request.key, names.SUBSCRIPTION: standing.id},
            }
            moves.create(standing.customer, given, {"idempotency_key": f"{request.key}/credit"[:255]})


def given_as_credit(standing: Standing) -> int:
    """What our invoices below nothing gave the customer as credit, in minor units."""
    ours = (bill for bill in standing.bills if bill.key and bill.counts)
    return -sum(min(bill.invoice.total.minor, 0) for bill in ours)


def check_refund(standing: Standing, request: RefundInvoice) -> None:
    """Refused where the account has no such paid invoice, or not so much was paid on it."""
    bill = next((each for each in standing.bills if each.invoice.id == request.invoice_id), None)
    if bill is None or bill.status != "paid" or not bill.received:
        raise refuse(f"the account has no paid invoice '{request.invoice_id}'; name one that was paid")
    currency = bill.invoice.total.currency
    if currency != request.amount.currency:
        raise refuse(f"the invoice is in {currency}; refund it in that currency")
    if request.amount.minor > bill.left:
        raise refuse(f"at most {bill.left} minor units of {currency} can still be paid back on this invoice")


def _note(standing: Standing, request: RefundInvoice) -> Plain:
    return {
        "invoice": request.invoice_id,
        "amount": request.amount.minor,
        "refund_amount": request.amount.minor,
        "memo": request.reason or "Paid back as agreed",
        "metadata": {names.KEY: request.key, names.ACCOUNT: standing.account_id},
    }


def _of(move: Plain, standing: Standing) -> bool:
    return bool(move["metadata"].get(names.SUBSCRIPTION) == standing.id)
