"""The ledger in the database: subscriptions, invoices, discounts, pauses and refunds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.billing.adjusting import adjusted, adjustment, paid_lines
from adapters.billing.previewing import ending_early, paid_invoices, preview, unpaid
from adapters.billing.prorating import charge, credit, period_of
from adapters.billing.statement import refunds_by_invoice, refuse, state_of, subscription, terms_of
from adapters.billing.taxing import tax_line, tax_of, total
from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat, once, stable_id
from models.account import Money
from models.billing import (
    ApplyConcession,
    BillingRequest,
    BillingState,
    InvoiceKind,
    InvoiceLine,
    InvoicePreview,
    InvoiceReceipt,
    IssueFinalInvoice,
    OpenSubscription,
    PauseBilling,
    PreviewFinalInvoice,
    RefundInvoice,
    ResumeBilling,
    StopCharging,
)
from models.tables import CouponRow, InvoiceRow, PauseRow, RefundRow, SubscriptionRow
from models.work import Receipt

Effect = Callable[[AsyncSession], Awaitable[str]]


class EmbeddedBilling:
    """BillingPort on our own ledger. Paid days that become cheaper, or free, are adjusted; the final settlement nets it."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def open_subscription(self, request: OpenSubscription) -> Receipt:
        """See BillingPort. Raises ``PermanentFault("BillingRefused")`` where the account has a subscription."""

        async def effect(session: AsyncSession) -> str:
            known = await session.get(SubscriptionRow, request.account_id)
            if known and known.settled_on is None:
                raise refuse("the account has a subscription already; change that one")
            row = await session.merge(_subscription_row(request))  # a customer who returns begins anew
            await session.flush()
            await self._book_what_was_paid(session, request, row)
            return stable_id("sub", request.key)

        return await self._once(request, effect)

    async def preview_final_invoice(self, request: PreviewFinalInvoice) -> InvoicePreview:
        """See BillingPort."""
        async with self._database.reading() as session:
            row = await self._open_subscription_row(session, request.account_id, request.end_date)
            lines = await _settlement(session, row, request)
            paid = await paid_invoices(session, row)
            owed, less = await unpaid(session, row), await adjusted(session, row)
        tax = tax_line(lines, tax_of(row.tax_name, row.tax_bp), row.currency)
        return preview(request, row.currency, lines, tax, paid, owed + less, self._now())

    async def issue_final_invoice(self, request: IssueFinalInvoice) -> InvoiceReceipt:
        """See BillingPort."""

        async def effect(session: AsyncSession) -> str:
            row = await self._open_subscription_row(session, request.account_id, request.end_date)
            lines = await _settlement(session, row, request)
            row.ends_on = row.settled_on = request.end_date
            return _add_invoice(session, row, request.key, InvoiceKind.FINAL, request.end_date, lines)

        receipt = await self._once(request, effect)
        async with self._database.reading() as session:
            invoice = await session.get_one(InvoiceRow, receipt.id)
        total = Money(minor=invoice.total_minor, currency=invoice.currency)
        return InvoiceReceipt(**dict(receipt), total=total)

    async def apply_concession(self, request: ApplyConcession) -> Receipt:
        """See BillingPort. Refused where a day has a discount already."""

        async def effect(session: AsyncSession) -> str:
            row = await self._open_subscription_row(session, request.account_id)
            for given in (await terms_of(session, row)).discounts:
                if any(given.starts < part.ends and part.starts < given.ends for part in request.schedule):
                    raise refuse(f"a discount runs from {given.starts}; give one from {given.ends} on")
            own = {"key": request.key, "account_id": request.account_id, "reason": request.reason}
            session.add_all(CouponRow(**(flat(part) | own)) for part in request.schedule)
            await session.flush()
            await _adjust(session, row, request.key, request.schedule[0].starts, request.schedule[-1].ends)
            return stable_id("concession", request.key)

        return await self._once(request, effect)

    async def stop_charging(self, request: StopCharging) -> Receipt:
        """See BillingPort. After the final invoice it changes nothing, since nothing is charged any more."""

        async def effect(session: AsyncSession) -> str:
            row = await subscription(session, request.account_id)
            if row.settled_on is None:
                row.ends_on = request.from_date
            return stable_id("stop", request.key)

        return await self._once(request, effect)

    async def pause(self, request: PauseBilling) -> Receipt:
        """See BillingPort."""

        async def effect(session: AsyncSession) -> str:
            row = await self._open_subscription_row(session, request.account_id)
            dates = {"starts": request.from_date, "ends": request.until}
            session.add(PauseRow(key=request.key, account_id=request.account_id, **dates))
            await session.flush()
            await _adjust(session, row, request.key, request.from_date, request.until)
            return stable_id("pause", request.key)

        return await self._once(request, effect)

    async def resume(self, request: ResumeBilling) -> Receipt:
        """See BillingPort."""

        async def effect(session: AsyncSession) -> str:
            row = await self._open_subscription_row(session, request.account_id)
            row.ends_on = None
            running = (col(PauseRow.account_id) == request.account_id, col(PauseRow.ends) > request.from_date)
            for pause in await session.scalars(select(PauseRow).where(*running)):
                pause.ends = max(pause.starts, request.from_date)
            await session.flush()
            await _adjust(session, row, request.key, request.from_date, row.paid_through)
            return stable_id("resume", request.key)

        return await self._once(request, effect)

    async def refund(self, request: RefundInvoice) -> Receipt:
        """See BillingPort."""

        async def effect(session: AsyncSession) -> str:
            await subscription(session, request.account_id)
            await _check_refund(session, request)
            session.add(
                RefundRow(
                    key=request.key,
                    invoice_id=request.invoice_id,
                    amount_minor=request.amount.minor,
                    currency=request.amount.currency,
                    reason=request.reason,
                )
            )
            return stable_id("refund", request.key)

        return await self._once(request, effect)

    async def read_back(self, account_id: str, on: date) -> BillingState:
        """See BillingPort."""
        async with self._database.reading() as session:
            return await state_of(session, account_id, on)

    async def check(self) -> str:
        """See BillingPort."""
        return ""

    async def _once(self, request: BillingRequest, effect: Effect) -> Receipt:
        async with self._database.writing() as session:
            return await once(session, request.key, self._now(), lambda: effect(session))

    async def _open_subscription_row(
        self, session: AsyncSession, account_id: str, not_before_start: date | None = None
    ) -> SubscriptionRow:
        row = await subscription(session, account_id)
        if row.settled_on is not None:
            raise refuse(f"the account was settled to {row.settled_on}; open a new subscription for further charges")
        if not_before_start and not_before_start < row.started:
            raise refuse(f"{not_before_start} is before the subscription began; give {row.started} or later")
        return row

    async def _book_what_was_paid(self, session: AsyncSession, request: OpenSubscription, row: SubscriptionRow) -> None:
        terms = await terms_of(session, row)
        last_period = period_of(terms, request.paid_through - timedelta(days=1))[0]
        since = request.paid_from or max(request.started, last_period)
        if since < request.paid_through:
            lines = charge(terms, since, request.paid_through)
            _add_invoice(session, row, request.key, InvoiceKind.REGULAR, since, lines, paid=True)


def _subscription_row(request: OpenSubscription) -> SubscriptionRow:
    return SubscriptionRow(
        account_id=request.account_id,
        price_minor=request.price.minor,
        currency=request.price.currency,
        interval=request.interval,
        started=request.started,
        paid_through=request.paid_through,
        tax_name=request.tax.name if request.tax else "",
        tax_bp=request.tax.bp if request.tax else 0,
    )


async def _settlement(
    session: AsyncSession, row: SubscriptionRow, request: IssueFinalInvoice | PreviewFinalInvoice
) -> tuple[InvoiceLine, ...]:
    """Charge what is used and unpaid, or credit what was paid for days after the end, as it was adjusted since."""
    end_date, fee = request.end_date, ending_early(request, row.currency)
    if end_date >= row.paid_through:
        return (*charge(await terms_of(session, row), row.paid_through, end_date), *fee)
    return (*credit(await paid_lines(session, row), end_date, row.paid_through), *fee)


async def _adjust(session: AsyncSession, row: SubscriptionRow, key: str, starts: date, ends: date) -> None:
    lines = await adjustment(session, row, starts, ends)
    if lines:
        _add_invoice(session, row, key, InvoiceKind.ADJUSTMENT, lines[0].starts, lines)


def _add_invoice(
    session: AsyncSession,
    row: SubscriptionRow,
    key: str,
    kind: InvoiceKind,
    issued_for: date,
    lines: tuple[InvoiceLine, ...],
    paid: bool = False,
) -> str:
    tax = tax_line(lines, tax_of(row.tax_name, row.tax_bp), row.currency)
    invoice = InvoiceRow(
        id=stable_id("inv", key),
        account_id=row.account_id,
        kind=kind,
        issued_for=issued_for,
        total_minor=total(lines, tax),
        currency=row.currency,
        lines=lines,
        tax_name=row.tax_name,
        tax_bp=row.tax_bp,
        tax_minor=tax.amount.minor if tax else 0,
        paid=paid,
    )
    session.add(invoice)
    return invoice.id


async def _check_refund(session: AsyncSession, request: RefundInvoice) -> None:
    invoice = await session.get(InvoiceRow, request.invoice_id)
    if invoice is None or invoice.account_id != request.account_id or not invoice.paid:
        raise refuse(f"the account has no paid invoice '{request.invoice_id}'; name one that was paid")
    if invoice.currency != request.amount.currency:
        raise refuse(f"the invoice is in {invoice.currency}; refund it in that currency")
    left = invoice.total_minor - (await refunds_by_invoice(session, [invoice.id])).get(invoice.id, 0)
    if request.amount.minor > left:
        raise refuse(f"at most {left} minor units of {invoice.currency} can still be paid back on this invoice")
