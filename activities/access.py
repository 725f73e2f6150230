"""Access: reduced step by step, revoked at the end, given back where the customer stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.access import AccessChange, AccessReceipt, ReduceAccess

if TYPE_CHECKING:
    from adapters.access.port import AccessPort


class AccessActivities:
    """What a cancellation asks of access. Fails with ``UnknownAccount``."""

    def __init__(self, access: AccessPort) -> None:
        self._access = access

    @activity.defn
    @reporting_faults
    async def reduce_access(self, request: ReduceAccess) -> AccessReceipt:
        """These people may only read from now on, once for the key."""
        return await self._access.reduce(request)

    @activity.defn
    @reporting_faults
    async def revoke_access(self, request: AccessChange) -> AccessReceipt:
        """Nobody of the customer gets in any more, once for the key."""
        return await self._access.revoke(request)

    @activity.defn
    @reporting_faults
    async def revoke_internal(self, request: AccessChange) -> AccessReceipt:
        """Our own people lose the account in the five systems, once for the key."""
        return await self._access.revoke_internal(request)

    @activity.defn
    @reporting_faults
    async def restore_access(self, request: AccessChange) -> AccessReceipt:
        """Everybody has their access back, once for the key."""
        return await self._access.restore(request)
