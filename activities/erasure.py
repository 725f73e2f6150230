"""Deletion of a customer's data in every store, and the certificate of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.erasing import EraseData, ErasureReceipt, IssueCertificate
from models.faults import TransientFault
from models.retention import Erased
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
        wrong = [f"{erased.store} ({left})" for erased, left in await self._left(request, done) if left]
        if wrong:
            raise TransientFault(f"something is left in {', '.join(wrong)}")
        return ErasureReceipt(id=request.key, at=datetime.now(UTC), stores=tuple(done))

    async def _left(self, request: EraseData, done: Sequence[Erased]) -> list[tuple[Erased, int]]:
        """What is left in each store, but for the address that a wanted confirmation still needs."""
        left = [await store.remains(request.account_id) for store in self._stores]
        spared = [1 if request.keep_address and erased.kept.startswith("the address") else 0 for erased in done]
        return [(erased, max(n - kept, 0)) for erased, n, kept in zip(done, left, spared, strict=True)]

    @activity.defn
    @reporting_faults
    async def issue_certificate(self, request: IssueCertificate) -> Receipt:
        """Write the certificate, once for the key; the receipt is its number."""
        return Receipt(id=await self._certificates.issue(request), at=datetime.now(UTC))
