"""BillingPort on Stripe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TypeVar
from weakref import WeakValueDictionary

from adapters.billing.previewing import preview
from adapters.billing.statement import refuse
from adapters.billing.stripe import settling
from adapters.billing.stripe.agreed import Agreed, Kind, shortened
from adapters.billing.stripe.changing import Changes
from adapters.billing.stripe.documents import Documents, Issue, check_refund
from adapters.billing.stripe.opening import Opening
from adapters.billing.stripe.seen import seen, state_of
from adapters.billing.stripe.service import StripeService
from adapters.billing.stripe.standing import Bill, Standing
from adapters.billing.taxing import tax_line
from adapters.clock import Now, utc_now
from adapters.rows import stable_id
from models.billing import (
    ApplyConcession,
    BillingRequest,
    BillingState,
    DatedDiscount,
    InvoiceKind,
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
from models.faults import PermanentFault, TransientFault
from models.webhooks import ReadSubscription
from models.work import Receipt

T = TypeVar("T")
Asked = BillingRequest | PreviewFinalInvoice


class StripeBilling:
    """BillingPort on Stripe: the dates are UTC days, what was agreed is in metadata, and Stripe charges by it.

    Paid days that become cheaper or free are given back by an invoice below nothing, which Stripe keeps as the customer's
    credit and takes off what comes.
    """

    def __init__(self, service: StripeService, now: Now = utc_now) -> None:
        self._service = service
        self._documents = Documents(service)
        self._changes = Changes(service)
        self._opening = Opening(service, self._documents)
        self._now = now
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self) -> str:
        """See BillingPort: whether the key may list customers."""
        try:
            await self._service.run(lambda: self._service.api.customers.list({"limit": 1}))
        except (PermanentFault, TransientFault) as fault:
            return str(fault)
        return ""

    async def subscription(self, subscription_id: str) -> ReadSubscription | None:
        """See SubscriptionReader."""
        return await self._service.run(lambda: seen(self._service, subscription_id))

    async def open_subscription(self, request: OpenSubscription) -> Receipt:
        """See BillingPort. In test mode only; raises ``PermanentFault("BillingRefused")`` in live mode."""
        return await self._in_turn(request, lambda: self._open(request))

    async def preview_final_invoice(self, request: PreviewFinalInvoice) -> InvoicePreview:
        """See BillingPort."""
        return await self._in_turn(request, lambda: self._preview(request))

    async def issue_final_invoice(self, request: IssueFinalInvoice) -> InvoiceReceipt:
        """See BillingPort."""
        return await self._in_turn(request, lambda: self._settle(request))

    async def apply_concession(self, request: ApplyConcession) -> Receipt:
        """See BillingPort. Refused where a day has a discount already."""
        return await self._in_turn(request, lambda: self._agree(request, Kind.DISCOUNT, request.schedule))

    async def stop_charging(self, request: StopCharging) -> Receipt:
        """See BillingPort. After the final invoice it changes nothing, since nothing is charged any more."""
        return await self._in_turn(request, lambda: self._stop(request))

    async def pause(self, request: PauseBilling) -> Receipt:
        """See BillingPort."""
        part = DatedDiscount(pct=100, starts=request.from_date, ends=request.until)
        return await self._in_turn(request, lambda: self._agree(request, Kind.PAUSE, (part,)))

    async def resume(self, request: ResumeBilling) -> Receipt:
        """See BillingPort."""
        return await self._in_turn(request, lambda: self._resume(request))

    async def refund(self, request: RefundInvoice) -> Receipt:
        """See BillingPort. Only what was paid through Stripe can be paid back through it."""
        return await self._in_turn(request, lambda: self._refund(request))

    async def read_back(self, account_id: str, on: date) -> BillingState:
        """See BillingPort."""
        return await self._service.run(lambda: state_of(self._service.standing(account_id), on))

    async def _in_turn(self, request: Asked, work: Callable[[], T]) -> T:
        async with self._turns.setdefault(request.account_id, asyncio.Lock()):
            return await self._service.run(work, request.case_id)

    def _open(self, request: OpenSubscription) -> Receipt:
        self._opening.check()
        known = self._known(request.account_id)
        replayed = known is not None and known.opened_by == request.key
        if known and not known.final and not replayed:
            raise refuse("the account has a subscription already; change that one")
        if not replayed:
            self._opening.subscription(request, self._opening.customer(request))
        self._opening.history(request, self._service.standing(request.account_id))
        return Receipt(id=stable_id("sub", request.key), at=self._now(), replayed=replayed)

    def _known(self, account_id: str) -> Standing | None:
        try:
            return self._service.standing(account_id)
        except PermanentFault as fault:
            if fault.kind != "UnknownSubscription":
                raise
            return None

    def _preview(self, request: PreviewFinalInvoice) -> InvoicePreview:
        standing = self._service.standing(request.account_id)
        settling.open_for(standing, request.end_date)
        lines, currency = settling.settlement(standing, request), standing.price.currency
        tax, paid = tax_line(lines, standing.tax, currency), settling.paid_bills(standing)
        return preview(request, currency, lines, tax, paid, settling.owed(standing, request.end_date), self._now())

    def _settle(self, request: IssueFinalInvoice) -> InvoiceReceipt:
        standing = self._service.standing(request.account_id)
        bill = standing.bill(request.key)
        replayed = bill is not None and bill.status != "draft"
        if not bill or not self._documents.complete(bill):
            bill = self._drafted(standing, request)
        if bill.status == "draft":
            self._changes.end(standing, min(request.end_date, standing.period_end), self._now())
            bill = self._documents.issued(standing, bill)
        total = bill.invoice.total
        return InvoiceReceipt(id=bill.invoice.id, at=bill.made, replayed=replayed, total=total)

    def _drafted(self, standing: Standing, request: IssueFinalInvoice) -> Bill:
        if not standing.bill(request.key):
            settling.open_for(standing, request.end_date)
        wanted = Issue(
            key=request.key,
            kind=InvoiceKind.FINAL,
            issued_for=request.end_date,
            lines=settling.settlement(standing, request),
            replaces=settling.replaced(standing, request.end_date),
        )
        return self._documents.drafted(standing, wanted)

    def _agree(self, request: ApplyConcession | PauseBilling, kind: Kind, parts: tuple[DatedDiscount, ...]) -> Receipt:
        standing = self._service.standing(request.account_id)
        known = standing.agreed_under(request.key)
        note = known or Agreed(key=request.key, kind=kind, at=self._now(), parts=parts)
        if not known:
            settling.running(standing)
            if kind is Kind.DISCOUNT:
                _check_free(standing, parts)
            standing = self._changes.note(standing, (note,), request.key)
        if not standing.final and not standing.over:
            self._correct(standing, request.key, parts[0].starts, parts[-1].ends)
            self._changes.price(standing)
        return _receipt(note, known)

    def _stop(self, request: StopCharging) -> Receipt:
        standing = self._service.standing(request.account_id)
        known = standing.agreed_under(request.key)
        note = known or Agreed(key=request.key, kind=Kind.STOP, at=self._now(), ends_on=request.from_date)
        if not known:
            standing = self._changes.note(standing, (note,), request.key)
        if not standing.final and _stands(standing, note):
            self._changes.end(standing, request.from_date, self._now())
        return _receipt(note, known)

    def _resume(self, request: ResumeBilling) -> Receipt:
        standing = self._service.standing(request.account_id)
        known = standing.agreed_under(request.key)
        note = known or Agreed(key=request.key, kind=Kind.RESUME, at=self._now())
        if not known:
            settling.running(standing)
            shorter = shortened(standing.agreed, request.from_date)
            standing = self._changes.note(standing, (*shorter, note), request.key)
        if not standing.final and not standing.over and _stands(standing, note):
            self._changes.go_on(standing)
            self._correct(standing, request.key, request.from_date, standing.billed_through)
            self._changes.price(self._service.again(standing))
        return _receipt(note, known)

    def _refund(self, request: RefundInvoice) -> Receipt:
        standing = self._service.standing(request.account_id)
        if not self._documents.known_refund(request):
            check_refund(standing, request)
        return self._documents.refunded(standing, request)

    def _correct(self, standing: Standing, key: str, starts: date, ends: date) -> None:
        """Give back, or charge, what invoiced days cost otherwise now; once for the key."""
        bill = standing.bill(key)
        if not bill or not self._documents.complete(bill):
            lines = settling.correction(standing, starts, ends)
            if not lines:
                return
            wanted = Issue(key=key, kind=InvoiceKind.ADJUSTMENT, issued_for=lines[0].starts, lines=lines)
            bill = self._documents.drafted(standing, wanted)
        if bill.status == "draft":
            self._documents.issued(standing, bill)


def _check_free(standing: Standing, parts: tuple[DatedDiscount, ...]) -> None:
    for given in standing.terms.discounts:
        if any(given.starts < part.ends and part.starts < given.ends for part in parts):
            raise refuse(f"a discount runs from {given.starts}; give one from {given.ends} on")


def _stands(standing: Standing, note: Agreed) -> bool:
    """Whether no later stop or resume has overtaken it."""
    later = (each for each in standing.agreed if each.kind in (Kind.STOP, Kind.RESUME) and each.at > note.at)
    return not any(later)


def _receipt(note: Agreed, known: Agreed | None) -> Receipt:
    return Receipt(id=stable_id(note.kind, note.key), at=note.at, replayed=known is not None)
