"""Deletion of a customer's data in every store, and the certificate of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.case import RefusalType
from models.erasing import Counted, EraseData, ErasureReceipt, IssueCertificate
from models.faults import PermanentFault, TransientFault
from models.retention import Erased, ErasureMethod
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.erasure.port import CertificatesPort, ErasableStore, ErasureLedger


_BEAT_SECONDS = 5.0


class ErasureActivities:
    """What a retention asks for at its end."""

    def __init__(self, stores: Sequence[ErasableStore], certificates: CertificatesPort, ledger: ErasureLedger) -> None:
        self._stores = stores
        self._certificates = certificates
        self._ledger = ledger

    @activity.defn
    @reporting_faults
    async def erase_data(self, request: EraseData) -> ErasureReceipt:
        """Delete what is kept of the account, store by store, and look whether it is gone; all of it, or a failure."""
        deleting = asyncio.ensure_future(self._emptied(request))
        try:
            while not deleting.done():
                activity.heartbeat()
                await asyncio.wait((deleting,), timeout=_BEAT_SECONDS)
            return deleting.result()
        finally:
            deleting.cancel()

    async def _emptied(self, request: EraseData) -> ErasureReceipt:
        done = [await self._erase(store, request) for store in self._stores]
        left = [(store.name, await store.remains(request)) for store in self._stores]
        wrong = [f"{name} ({rows})" for name, rows in left if rows]
        if wrong:
            raise TransientFault(f"something is left in {', '.join(wrong)}")
        return ErasureReceipt(id=request.key, at=datetime.now(UTC), stores=tuple(done))

    async def _erase(self, store: ErasableStore, request: EraseData) -> Erased:
        """Delete in one store; what it had to delete is noted before, and what an attempt before this one deleted counts."""
        before, found = await self._ledger.counted(request.case_id, store.name), await store.remains(request)
        rows = before.rows + found if before.finished else max(before.rows, found)
        await self._ledger.note(request.case_id, store.name, Counted(rows=rows))
        erased = await store.erase(request)
        await self._ledger.note(request.case_id, store.name, Counted(rows=rows, finished=True))
        return erased.model_copy(update={"rows": rows})

    @activity.defn
    @reporting_faults
    async def issue_certificate(self, request: IssueCertificate) -> Receipt:
        """Write the certificate, once for the key; the receipt is its number. It needs the proof of every store."""
        proved = {store.store for store in request.stores}
        missing = [store.name for store in self._stores if store.name not in proved and not store.keeps_all]
        if missing:
            raise PermanentFault(
                RefusalType.EVIDENCE_MISSING,
                f"nothing proves that {', '.join(missing)} has nothing of the account any more",
            )
        whole = request.model_copy(update={"stores": tuple(self._stated(request))})
        return Receipt(id=await self._certificates.issue(whole), at=datetime.now(UTC))

    def _stated(self, request: IssueCertificate) -> Iterator[Erased]:
        """What each store did, with what it keeps: also where a person deleted, and where nothing is deleted at all."""
        keeps = {store.name: store.kept for store in self._stores}
        for one in request.stores:
            yield one.model_copy(update={"kept": one.kept or keeps.get(one.store, "")})
        told = {one.store for one in request.stores}
        for store in (store for store in self._stores if store.keeps_all and store.name not in told):
            yield Erased(store=store.name, what="", rows=0, method=ErasureMethod.KEPT, kept=store.kept)
