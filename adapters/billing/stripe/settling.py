"""What an account comes to at its end, from what Stripe invoiced: days used and unpaid, or paid and unused."""

from __future__ import annotations

from datetime import date

from adapters.billing.previewing import Paid, ending_early
from adapters.billing.prorating import charge, credit
from adapters.billing.statement import refuse
from adapters.billing.stripe.documents import given_as_credit
from adapters.billing.stripe.standing import Bill, Standing
from models.billing import InvoiceKind, InvoiceLine, IssueFinalInvoice, PreviewFinalInvoice
from models.faults import TransientFault


def open_for(standing: Standing, not_before_start: date | None = None) -> None:
    """Refused where the account is settled, or the day is before its subscription."""
    if standing.final:
        day = standing.final.invoice.issued_for
        raise refuse(f"the account was settled to {day}; open a new subscription for further charges")
    if not_before_start and not_before_start < standing.started:
        raise refuse(f"{not_before_start} is before the subscription began; give {standing.started} or later")


def running(standing: Standing) -> None:
    """Refused where Stripe has ended the subscription, which nothing brings back."""
    open_for(standing)
    if standing.over:
        raise refuse(f"Stripe ended the subscription on {standing.ends_on}; open a new one there")


def replaced(standing: Standing, end: date) -> tuple[Bill, ...]:
    """The unpaid invoices that ask for days from the end on: the final one takes their place, no credit note does."""
    found = tuple(bill for bill in _regular(standing) if bill.unpaid and bill.reach > end)
    if any(bill.received for bill in found):
        raise refuse("an invoice that reaches past the end was paid in part; settle it in Stripe by hand")
    given_up = any(bill.status == "uncollectible" and bill.reach > end for bill in _regular(standing))
    if given_up or (found and any(_corrects(bill, found) for bill in standing.bills)):
        raise refuse(
            "an invoice that reaches past the end was given up or corrected unpaid; settle it in Stripe by hand"
        )
    return found


def settled_by_stripe(standing: Standing) -> None:
    """Wait for an invoice that Stripe has drafted and finalizes within the hour: what it asks for is not known before."""
    if any(bill.status == "draft" and bill.collecting for bill in _regular(standing)):
        raise TransientFault("Stripe is about to issue an invoice of this subscription; it is reckoned after that")


def settlement(standing: Standing, request: IssueFinalInvoice | PreviewFinalInvoice) -> tuple[InvoiceLine, ...]:
    """The lines of the final invoice."""
    settled_by_stripe(standing)
    end, fee = request.end_date, ending_early(request, standing.price.currency)
    gone = replaced(standing, end)
    through = min((line.starts for bill in gone for line in bill.invoice.lines), default=standing.billed_through)
    if end >= through:
        return (*charge(standing.terms, through, end), *fee)
    return (*credit(invoiced_lines(standing, gone), end, through), *fee)


def correction(standing: Standing, starts: date, ends: date) -> tuple[InvoiceLine, ...]:
    """Invoiced days given back as invoiced, and charged anew as agreed now; empty where they cost the same."""
    settled_by_stripe(standing)
    lines = invoiced_lines(standing)
    first = max(starts, min((line.starts for line in lines), default=standing.billed_through))
    last = min(ends, standing.billed_through)
    if first >= last:
        return ()
    anew = (*credit(lines, first, last), *charge(standing.terms, first, last))
    return anew if sum(line.amount.minor for line in anew) else ()


def invoiced_lines(standing: Standing, but: tuple[Bill, ...] = ()) -> tuple[InvoiceLine, ...]:
    """The days that were invoiced, with what was corrected since."""
    kept = (bill for bill in standing.bills if bill.counts and bill not in but)
    return tuple(line for bill in kept for line in bill.invoice.lines if line.starts < line.ends)


def paid_bills(standing: Standing) -> tuple[Paid, ...]:
    """The paid invoices, with what can still be paid back of each."""
    paid = (bill for bill in _regular(standing) if bill.invoice.paid)
    return tuple(Paid(id=bill.invoice.id, lines=bill.invoice.lines, left=bill.left) for bill in paid)


def owed(standing: Standing, end: date) -> int:
    """What invoices still ask for besides the final one, less the credit that our corrections left; in minor units."""
    gone = replaced(standing, end)
    open_ = sum(bill.asks for bill in standing.bills if bill.unpaid and bill not in gone)
    credit_left = min(given_as_credit(standing), max(-standing.balance, 0))
    return open_ - credit_left + max(standing.balance, 0)


def _regular(standing: Standing) -> tuple[Bill, ...]:
    return tuple(bill for bill in standing.bills if bill.counts and bill.invoice.kind is InvoiceKind.REGULAR)


def _corrects(bill: Bill, found: tuple[Bill, ...]) -> bool:
    """Whether an adjustment corrected days that unpaid invoices ask for."""
    if bill.invoice.kind is not InvoiceKind.ADJUSTMENT or not bill.counts:
        return False
    asked = [line for each in found for line in each.invoice.lines]
    return any(own.starts < line.ends and line.starts < own.ends for own in bill.invoice.lines for line in asked)
