"""What a letter needs of an invoice: the paper."""

from __future__ import annotations

from typing import Protocol


class InvoicesPort(Protocol):
    """Invoices of billing as PDF."""

    async def pdf(self, account_id: str, invoice_id: str, locale: str) -> bytes:
        """The invoice in the reader's language; the same invoice gives the same bytes.

        Raises ``PermanentFault("UnknownInvoice")`` where billing shows no such invoice of the account.
        """
        ...
