"""What a final invoice would come to, and what is to be paid back or collected besides."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.billing.statement import refunds_by_invoice, refuse
from adapters.billing.taxing import total
from models.account import Money
from models.base import Record
from models.billing import (
    InvoiceKind,
    InvoiceLine,
    InvoicePreview,
    IssueFinalInvoice,
    LineKind,
    PreviewFinalInvoice,
    TaxLine,
)
from models.tables import InvoiceRow, SubscriptionRow


class Paid(Record):
    """A paid invoice, and what of it was not paid back yet, in minor units."""

    id: str
    lines: tuple[InvoiceLine, ...]
    left: int


async def paid_invoices(session: AsyncSession, row: SubscriptionRow) -> tuple[Paid, ...]:
    """The paid invoices of the subscription that runs; those from before the customer came back are settled."""
    own = (
        col(InvoiceRow.account_id) == row.account_id,
        col(InvoiceRow.paid),
        col(InvoiceRow.issued_for) >= row.started,
    )
    found = tuple(await session.scalars(select(InvoiceRow).where(*own).order_by(col(InvoiceRow.issued_for))))
    refunded = await refunds_by_invoice(session, [invoice.id for invoice in found])
    return tuple(Paid(id=i.id, lines=i.lines, left=i.total_minor - refunded.get(i.id, 0)) for i in found)


async def unpaid(session: AsyncSession, row: SubscriptionRow) -> int:
    """What regular invoices still ask for, in minor units."""
    open_ = (col(InvoiceRow.account_id) == row.account_id, ~col(InvoiceRow.paid))
    regular = (*open_, col(InvoiceRow.kind) == InvoiceKind.REGULAR)
    return int(await session.scalar(select(func.sum(col(InvoiceRow.total_minor))).where(*regular)) or 0)


def ending_early(request: IssueFinalInvoice | PreviewFinalInvoice, currency: str) -> tuple[InvoiceLine, ...]:
    """The contract's fee for ending early as a line of its own (CANC-46); nothing where the contract asks for none."""
    if request.fee is None or not request.fee.minor:
        return ()
    if request.fee.currency != currency:
        raise refuse(
            f"the fee for ending early is in {request.fee.currency}, the subscription in {currency}; agree on one"
        )
    day = request.end_date
    return (InvoiceLine(starts=day, ends=day, amount=request.fee, kind=LineKind.EARLY_TERMINATION),)


def preview(
    request: PreviewFinalInvoice,
    currency: str,
    lines: tuple[InvoiceLine, ...],
    tax: TaxLine | None,
    paid: tuple[Paid, ...],
    owed: int,
    now: datetime,
) -> InvoicePreview:
    """The figures of a final invoice. What is the customer's is paid back on the invoice that paid for the last days,
    as far as that took it in; the rest is reported, since what an invoice gives back is limited to what it was paid.

    ``owed`` is what invoices before it still ask for, less what was adjusted: it is negative where it adds to what is
    paid back.
    """
    whole = total(lines, tax)
    source = max(paid, key=lambda one: max((line.ends for line in one.lines), default=date.min), default=None)
    due = max(-whole - owed, 0)
    back = min(due, source.left) if source else 0
    return InvoicePreview(
        id=f"preview of {request.end_date}",
        at=now,
        total=Money(minor=whole, currency=currency),
        refund=Money(minor=back, currency=currency),
        refund_rest=Money(minor=due - back, currency=currency) if due > back else None,
        refund_invoice=source.id if source and back else "",
        balance=Money(minor=max(whole + owed, 0), currency=currency),
        lines=lines,
        tax=tax,
    )
