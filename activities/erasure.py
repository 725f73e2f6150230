"""Deletion of a customer's data in every store, and the certificate of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.erasing import EraseData, ErasureReceipt, IssueCertificate
from models.faults import TransientFault
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.erasure.port import CertificatesPort, ErasableStore


class ErasureActivities:
    """What a retention asks for at its end."""

    def __init__(self, stores: Sequence[ErasableStore], certificates: CertificatesPort) -> None:
        self._stores = stores
        self._certificates = certificates

    @activity.defn
    @reporting_faults
    async def erase_data(self, request: EraseData) -> ErasureReceipt:
        """Delete what is kept of the account, store by store, and look whether it is gone; all of it, or a failure."""
        done = []
        for store in self._stores:
            done.append(await store.erase(request))
            activity.heartbeat(done[-1].store)
        left = {
            erased.store: await store.remains(request.account_id)
            for store, erased in zip(self._stores, done, strict=True)
        }
        wrong = [
            f"{name} ({count})"
            for name, count in left.items()
            if count and not (name == "crm" and request.keep_address)
        ]
        if wrong:
            raise TransientFault(f"something is left in {', '.join(wrong)}")
        return ErasureReceipt(id=request.key, at=datetime.now(UTC), stores=tuple(done))

    @activity.defn
    @reporting_faults
    async def issue_certificate(self, request: IssueCertificate) -> Receipt:
        """Write the certificate, once for the key; the receipt is its number."""
        return Receipt(id=await self._certificates.issue(request), at=datetime.now(UTC))
