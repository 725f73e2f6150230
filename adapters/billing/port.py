"""What Followthrough needs of a billing system."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from models.billing import (
    ApplyConcession,
    BillingState,
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
from models.work import Receipt


class BillingPort(Protocol):
    """Money, in integer minor units. The same key twice has one effect and returns the first receipt.

    Raises ``PermanentFault("UnknownSubscription", ...)`` for an account without one,
    ``PermanentFault("BillingRefused", ...)`` for what the system refuses for good (a decline, an ended subscription, a
    refund above what was paid), and ``TransientFault`` where it cannot be reached. Prorating is to the day: the price
    of a period times its charged days over its days, each line rounded half up to the minor unit.
    """

    async def open_subscription(self, request: OpenSubscription) -> Receipt:
        """Bring a running subscription in (for imports)."""
        ...

    async def issue_final_invoice(self, request: IssueFinalInvoice) -> InvoiceReceipt:
        """Settle to the day: charge what is used and unpaid, or credit what is paid and unused."""
        ...

    async def preview_final_invoice(self, request: PreviewFinalInvoice) -> InvoicePreview:
        """What ``issue_final_invoice`` would come to; nothing changes."""
        ...

    async def apply_concession(self, request: ApplyConcession) -> Receipt:
        """Give a discount with an end, or a price schedule."""
        ...

    async def stop_charging(self, request: StopCharging) -> Receipt:
        """No charge from a date on."""
        ...

    async def pause(self, request: PauseBilling) -> Receipt:
        """No charge between two dates."""
        ...

    async def resume(self, request: ResumeBilling) -> Receipt:
        """End a pause or take back a stop, before the final invoice."""
        ...

    async def refund(self, request: RefundInvoice) -> Receipt:
        """Pay back part of a paid invoice, never more than was paid."""
        ...

    async def read_back(self, account_id: str, on: date) -> BillingState:
        """What billing shows on a date: the state, the next charge if there is one, and the invoices."""
        ...

    async def check(self) -> str:
        """Why billing cannot be used, in one sentence; empty where it can. Nothing changes."""
        ...
