"""Reads of the ledger: what a subscription costs, and what billing shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.billing.prorating import Pause, Terms, next_charge
from adapters.billing.taxing import tax_line, tax_of, total
from models.account import Money
from models.billing import (
    BillingState,
    DatedDiscount,
    FutureInvoice,
    Interval,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    SubscriptionState,
    TaxLine,
)
from models.faults import PermanentFault
from models.tables import CouponRow, InvoiceRow, PauseRow, ReceiptRow, RefundRow, SubscriptionRow


def refuse(sentence: str) -> PermanentFault:
    """What the ledger does not do, with what it would."""
    return PermanentFault("BillingRefused", sentence)


async def subscription(session: AsyncSession, account_id: str) -> SubscriptionRow:
    """The subscription; raises ``PermanentFault("UnknownSubscription")``."""
    row = await session.get(SubscriptionRow, account_id)
    if row is None:
        sentence = f"billing knows no subscription of the account '{account_id}'; bring it in first"
        raise PermanentFault("UnknownSubscription", sentence)
    return row


async def terms_of(session: AsyncSession, row: SubscriptionRow) -> Terms:
    """What the subscription costs, with its discounts and pauses."""
    coupons = select(CouponRow).where(col(CouponRow.account_id) == row.account_id).order_by(col(CouponRow.starts))
    pauses = select(PauseRow).where(col(PauseRow.account_id) == row.account_id).order_by(col(PauseRow.starts))
    return Terms(
        price=Money(minor=row.price_minor, currency=row.currency),
        interval=Interval(row.interval),
        started=row.started,
        discounts=tuple(
            DatedDiscount(pct=each.pct, starts=each.starts, ends=each.ends) for each in await session.scalars(coupons)
        ),
        pauses=tuple(Pause(starts=each.starts, ends=each.ends) for each in await session.scalars(pauses)),
    )


async def refunds_by_invoice(session: AsyncSession, invoice_ids: Sequence[str]) -> dict[str, int]:
    """What was paid back so far, in minor units, by invoice."""
    total = func.sum(col(RefundRow.amount_minor))
    wanted = select(RefundRow.invoice_id, total).where(col(RefundRow.invoice_id).in_(invoice_ids))
    found = await session.execute(wanted.group_by(col(RefundRow.invoice_id)))
    return {invoice: int(minor) for invoice, minor in found}


async def state_of(session: AsyncSession, account_id: str, on: date) -> BillingState:
    """What billing shows of an account on a date."""
    row = await subscription(session, account_id)
    terms = await terms_of(session, row)
    pause = next((each for each in terms.pauses if each.starts <= on < each.ends), None)
    return BillingState(
        account_id=account_id,
        state=_state(row, pause, on),
        price=terms.price,
        interval=terms.interval,
        started=row.started,
        paid_through=row.paid_through,
        ends_on=row.ends_on,
        paused_from=pause.starts if pause else None,
        paused_until=pause.ends if pause else None,
        discounts=terms.discounts,
        future=_future(row, terms),
        invoices=await _invoices(session, account_id),
    )


def _state(row: SubscriptionRow, pause: Pause | None, on: date) -> SubscriptionState:
    if row.ends_on is not None:
        return SubscriptionState.ENDED if row.ends_on <= on else SubscriptionState.ENDING
    return SubscriptionState.PAUSED if pause else SubscriptionState.ACTIVE


def _future(row: SubscriptionRow, terms: Terms) -> tuple[FutureInvoice, ...]:
    if row.settled_on is not None:
        return ()
    coming = next_charge(terms, row.paid_through, row.ends_on)
    return (_with_tax(row, coming),) if coming else ()


def _with_tax(row: SubscriptionRow, coming: FutureInvoice) -> FutureInvoice:
    net = InvoiceLine(starts=coming.on, ends=coming.on, amount=coming.amount)
    tax = tax_line((net,), tax_of(row.tax_name, row.tax_bp), row.currency)
    return FutureInvoice(on=coming.on, amount=Money(minor=total((net,), tax), currency=row.currency))


async def _invoices(session: AsyncSession, account_id: str) -> tuple[Invoice, ...]:
    wanted = select(InvoiceRow).where(col(InvoiceRow.account_id) == account_id)
    rows = tuple(await session.scalars(wanted.order_by(col(InvoiceRow.issued_for), col(InvoiceRow.id))))
    ids = [row.id for row in rows]
    refunded, issued = await refunds_by_invoice(session, ids), await _issued(session, ids)
    return tuple(_invoice(row, refunded.get(row.id, 0), issued.get(row.id)) for row in rows)


async def _issued(session: AsyncSession, invoice_ids: Sequence[str]) -> dict[str, datetime]:
    """When an invoice was made, by what was noted of its making."""
    found = await session.execute(select(ReceiptRow.id, ReceiptRow.at).where(col(ReceiptRow.id).in_(invoice_ids)))
    return {row.id: row.at for row in found}


def _tax(row: InvoiceRow) -> TaxLine | None:
    tax = tax_of(row.tax_name, row.tax_bp)
    return TaxLine(tax=tax, amount=Money(minor=row.tax_minor, currency=row.currency)) if tax else None


def _invoice(row: InvoiceRow, refunded: int, issued_at: datetime | None) -> Invoice:
    return Invoice(
        id=row.id,
        account_id=row.account_id,
        kind=InvoiceKind(row.kind),
        issued_for=row.issued_for,
        issued_at=issued_at,
        total=Money(minor=row.total_minor, currency=row.currency),
        lines=row.lines,
        tax=_tax(row),
        paid=row.paid,
        refunded=Money(minor=refunded, currency=row.currency),
    )
