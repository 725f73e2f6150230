"""Deletion of a customer's data in every store, and the certificate of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.after_commands import DataErased
from models.case import RefusalType
from models.erasing import Counted, EraseData, ErasureReceipt, IssueCertificate
from models.faults import Held, PermanentFault, TransientFault
from models.retention import Erased, ErasureMethod
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.crm.port import CrmPort
    from adapters.erasure.port import AccountCases, CertificatesPort, ErasableStore, ErasureLedger


_BEAT_SECONDS = 5.0
_ASK_AGAIN = timedelta(hours=6)


class ErasureActivities:
    """What a retention asks for at its end."""

    def __init__(
        self,
        stores: Sequence[ErasableStore],
        certificates: CertificatesPort,
        ledger: ErasureLedger,
        crm: CrmPort,
        cases: AccountCases | None = None,
    ) -> None:
        self._stores = stores
        self._certificates = certificates
        self._ledger = ledger
        self._crm = crm
        self._cases = cases

    def reaching(self, cases: AccountCases) -> ErasureActivities:
        """The same activities, which ask and tell the other cases of the account."""
        return ErasureActivities(self._stores, self._certificates, self._ledger, self._crm, cases)

    @activity.defn
    @reporting_faults
    async def erase_data(self, request: EraseData) -> ErasureReceipt:
        """Delete what is kept of the account, store by store, and look whether it is gone; all of it, or a failure.

        It is ``Held`` while another case owes the customer what must go out first; the other cases hear of the deletion, so
        that none waits for a letter whose reader is gone. It fails for good while the CRM has the account as a customer,
        whoever forgot to say that they are back.
        """
        deleting = asyncio.ensure_future(self._emptied(request))
        try:
            while not deleting.done():
                activity.heartbeat()
                await asyncio.wait((deleting,), timeout=_BEAT_SECONDS)
            return deleting.result()
        finally:
            deleting.cancel()

    async def _check_left(self, account_id: str) -> None:
        """Raises ``PermanentFault("NotAllowed")`` for a customer; an account that the CRM has no more is none."""
        try:
            account = await self._crm.account(account_id)
        except PermanentFault as fault:
            if fault.kind != RefusalType.UNKNOWN_ACCOUNT:
                raise
            return
        if account.active:
            raise PermanentFault(
                RefusalType.NOT_ALLOWED,
                f"the CRM has {account_id} as a customer, and no customer's data is deleted; where they are back, "
                "'customer_returned' says so, and where they are not, mark them as churned there and give 'retry_now'",
            )

    async def _emptied(self, request: EraseData) -> ErasureReceipt:
        await self._check_left(request.account_id)
        if self._cases and (owed := await self._cases.owed_before(request.cases)):
            sentence = f"the customer must have {', '.join(owed)} first; nothing is deleted before"
            raise Held(datetime.now(UTC) + _ASK_AGAIN, sentence)
        done = [await self._erase(store, request) for store in self._stores]
        left = [(store.name, await store.remains(request)) for store in self._stores]
        wrong = [f"{name} ({rows})" for name, rows in left if rows]
        if wrong:
            raise TransientFault(f"something is left in {', '.join(wrong)}")
        if self._cases:
            await self._cases.tell(request.cases, DataErased(case_id=request.case_id, erased_at=request.at))
        return ErasureReceipt(id=request.key, at=datetime.now(UTC), stores=tuple(done))

    async def _erase(self, store: ErasableStore, request: EraseData) -> Erased:
        """Delete in one store; what it had to delete is noted before, and what an attempt before this one deleted counts.

        It may have found more than must be gone for good: an open case goes on, and its records lose what they hold by now.
        """
        of = request.case_id if request.closure == 1 else f"{request.case_id}/{request.closure}"
        before, found = await self._ledger.counted(of, store.name), await store.remains(request)
        rows = before.rows + found if before.finished else max(before.rows, found)
        await self._ledger.note(of, store.name, Counted(rows=rows))
        erased = await store.erase(request)
        rows = max(rows, erased.rows + (before.rows if before.finished else 0))
        await self._ledger.note(of, store.name, Counted(rows=rows, finished=True))
        return erased.model_copy(update={"rows": rows})

    @activity.defn
    @reporting_faults
    async def issue_certificate(self, request: IssueCertificate) -> Receipt:
        """Write the certificate, once for the key; the receipt is its number. It needs the proof of every store.

        What a person attests is read back first, so that nothing is certified that is still there.
        """
        proved = {store.store for store in request.stores}
        missing = [store.name for store in self._stores if store.name not in proved and not store.keeps_all]
        if missing:
            raise PermanentFault(
                RefusalType.EVIDENCE_MISSING,
                f"nothing proves that {', '.join(missing)} has nothing of the account any more",
            )
        await self._check_gone(request)
        whole = request.model_copy(update={"stores": tuple(self._stated(request))})
        return Receipt(id=await self._certificates.issue(whole), at=datetime.now(UTC))

    async def _check_gone(self, request: IssueCertificate) -> None:
        """Raises ``PermanentFault("EvidenceMissing")`` where a store that was emptied by hand still has something."""
        by_hand = {one.store for one in request.stores if one.method is ErasureMethod.BY_HAND}
        asked = EraseData(**request.model_dump(include=set(EraseData.model_fields)))
        left = [(store.name, await store.remains(asked)) for store in self._stores if store.name in by_hand]
        wrong = [f"{name} ({rows})" for name, rows in left if rows]
        if wrong:
            raise PermanentFault(
                RefusalType.EVIDENCE_MISSING,
                f"by hand it was said to be gone, and something is left in {', '.join(wrong)}: 'reopen_step' erase_data, "
                "delete it there, and attest it anew",
            )

    def _stated(self, request: IssueCertificate) -> Iterator[Erased]:
        """What each store did, with what it keeps: also where a person deleted, and where nothing is deleted at all."""
        keeps = {store.name: store.kept for store in self._stores}
        for one in request.stores:
            yield one.model_copy(update={"kept": one.kept or keeps.get(one.store, "")})
        told = {one.store for one in request.stores}
        for store in (store for store in self._stores if store.keeps_all and store.name not in told):
            yield Erased(store=store.name, what="", rows=0, method=ErasureMethod.KEPT, kept=store.kept)
