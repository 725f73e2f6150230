"""Billing. A billing team may serve these from its own service, by the same names and models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.billing import (
    ApplyConcession,
    InvoicePreview,
    InvoiceReceipt,
    IssueFinalInvoice,
    PauseBilling,
    PreviewFinalInvoice,
    RefundInvoice,
    StopCharging,
)
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.billing.port import BillingPort


class BillingActivities:
    """What a case asks of billing. Fails with ``UnknownSubscription`` or ``BillingRefused``."""

    def __init__(self, billing: BillingPort) -> None:
        self._billing = billing

    @activity.defn
    @reporting_faults
    async def issue_final_invoice(self, request: IssueFinalInvoice) -> InvoiceReceipt:
        """Settle the account to the day, once for the key."""
        return await self._billing.issue_final_invoice(request)

    @activity.defn
    @reporting_faults
    async def preview_final_invoice(self, request: PreviewFinalInvoice) -> InvoicePreview:
        """What the final invoice would come to; nothing changes."""
        return await self._billing.preview_final_invoice(request)

    @activity.defn
    @reporting_faults
    async def apply_concession(self, request: ApplyConcession) -> Receipt:
        """Give a discount with an end or a price schedule, once for the key."""
        return await self._billing.apply_concession(request)

    @activity.defn
    @reporting_faults
    async def stop_charging(self, request: StopCharging) -> Receipt:
        """Charge nothing from a date on, once for the key."""
        return await self._billing.stop_charging(request)

    @activity.defn
    @reporting_faults
    async def pause_billing(self, request: PauseBilling) -> Receipt:
        """Charge nothing between two dates, once for the key."""
        return await self._billing.pause(request)

    @activity.defn
    @reporting_faults
    async def refund(self, request: RefundInvoice) -> Receipt:
        """Pay back part of a paid invoice, once for the key."""
        return await self._billing.refund(request)
