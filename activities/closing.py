"""The end of an account: closed in the CRM, and read back from every system that should know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.billing import BillingState, SubscriptionState
from models.closing import CloseAccount, Expected, ReadBack, ReadBackReport, TagAccount
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.access.port import AccessPort
    from adapters.billing.port import BillingPort
    from adapters.crm.port import CrmPort
    from models.access import AccessState
    from models.crm import AccountRecord


class ClosingActivities:
    """What a cancellation asks for at its end. Fails with ``UnknownAccount`` or ``UnknownSubscription``."""

    def __init__(self, crm: CrmPort, billing: BillingPort, access: AccessPort) -> None:
        self._crm = crm
        self._billing = billing
        self._access = access

    @activity.defn
    @reporting_faults
    async def close_account(self, request: CloseAccount) -> Receipt:
        """Mark the account as churned with all that belongs to it (OFFB-45), once for the key."""
        return await self._crm.close_account(request)

    @activity.defn
    @reporting_faults
    async def tag_account(self, request: TagAccount) -> Receipt:
        """Note how a customer who left is remembered, once for the key."""
        return await self._crm.tag_account(request)

    @activity.defn
    @reporting_faults
    async def read_back(self, request: ReadBack) -> ReadBackReport:
        """What billing, access and CRM show, and what of it is not as it should be (OFFB-22, OFFB-45)."""
        billing = await self._billing.read_back(request.account_id, request.on)
        access = await self._access.read_back(request.account_id)
        account = await self._crm.account(request.account_id)
        find = _closed if request.expects is Expected.CLOSED else _restored
        shown = (_of_billing(billing), _of_access(access), _of_crm(account))
        wrong = tuple(find(billing, access, account))
        return ReadBackReport(id=request.key, at=datetime.now(UTC), shown=shown, wrong=wrong)


def _of_billing(billing: BillingState) -> str:
    coming = f"next charge on {billing.future[0].on}" if billing.future else "no future charge"
    return f"billing: {billing.state}, {coming}"


def _of_access(access: AccessState) -> str:
    inside = ", ".join(access.internal) or "none"
    return f"access: {access.full} full, {access.read_only} read-only, {access.keys} keys; ours: {inside}"


def _of_crm(account: AccountRecord) -> str:
    if account.active:
        return "CRM: a customer, counted in the forecast"
    return f"CRM: churned on {account.churned_on} ({account.churn_reason}), not in the forecast"


def _closed(billing: BillingState, access: AccessState, account: AccountRecord) -> list[str]:
    wrong = []
    if billing.state is not SubscriptionState.ENDED or billing.future:
        wrong.append(f"billing still shows the subscription as {billing.state}, {_of_billing(billing)}")
    if access.live:
        wrong.append(f"somebody still gets in ({_of_access(access)})")
    if access.internal:
        wrong.append(f"our own people still reach the account in {', '.join(access.internal)}")
    if account.active:
        wrong.append(f"the CRM still has the account as a customer ({_of_crm(account)})")
    return wrong


def _restored(billing: BillingState, access: AccessState, account: AccountRecord) -> list[str]:
    wrong = []
    if billing.state in (SubscriptionState.ENDED, SubscriptionState.ENDING):
        wrong.append(f"billing still ends the subscription ({_of_billing(billing)})")
    if access.revoked or access.read_only:
        wrong.append(f"not everybody has their access back ({_of_access(access)})")
    if not account.active:
        wrong.append(f"the CRM has the account as gone ({_of_crm(account)})")
    return wrong
