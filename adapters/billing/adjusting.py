"""What days that are paid already cost after all, once a discount, a pause or its end changes their price."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from adapters.billing.prorating import charge, credit
from adapters.billing.statement import terms_of
from models.billing import InvoiceKind, InvoiceLine
from models.tables import InvoiceRow, SubscriptionRow


async def paid_lines(session: AsyncSession, row: SubscriptionRow) -> tuple[InvoiceLine, ...]:
    """What was paid in the subscription that runs, with what was adjusted since."""
    kept = or_(col(InvoiceRow.paid), col(InvoiceRow.kind) == InvoiceKind.ADJUSTMENT)
    wanted = select(InvoiceRow).where(*_own(row), kept)
    found = await session.scalars(wanted.order_by(col(InvoiceRow.issued_for), col(InvoiceRow.id)))
    return tuple(line for invoice in found for line in invoice.lines)


async def adjustment(session: AsyncSession, row: SubscriptionRow, starts: date, ends: date) -> tuple[InvoiceLine, ...]:
    """The paid days from ``starts`` until before ``ends``: given back as paid, and charged anew as the terms are now.

    Empty where the days are not paid yet, or cost what was paid for them.
    """
    paid = await paid_lines(session, row)
    first = max(starts, min((line.starts for line in paid), default=row.paid_through))
    last = min(ends, row.paid_through)
    if first >= last:
        return ()
    lines = (*credit(paid, first, last), *charge(await terms_of(session, row), first, last))
    return lines if sum(line.amount.minor for line in lines) else ()


async def adjusted(session: AsyncSession, row: SubscriptionRow) -> int:
    """What adjustments of the subscription that runs come to, in minor units; negative where it is the customer's."""
    total = select(func.sum(col(InvoiceRow.total_minor)))
    found = await session.scalar(total.where(*_own(row), col(InvoiceRow.kind) == InvoiceKind.ADJUSTMENT))
    return int(found or 0)


def _own(row: SubscriptionRow) -> tuple[ColumnElement[bool], ...]:
    return (col(InvoiceRow.account_id) == row.account_id, col(InvoiceRow.issued_for) >= row.started)
