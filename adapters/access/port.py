"""What Followthrough needs of whatever decides who gets in (SCIM-shaped: people of an account, active and with roles)."""

from __future__ import annotations

from typing import Protocol

from models.access import AccessChange, AccessReceipt, AccessState, Holder, ReduceAccess


class AccessPort(Protocol):
    """Access to an account. The same key twice has one effect and returns the first receipt.

    Raises ``PermanentFault``: ``UnknownAccount`` for an account that it does not know, ``AccessRefused`` where a service
    says no; and ``TransientFault`` where it cannot be reached. What was reduced or revoked is remembered, so that it can
    be given back as it was.
    """

    async def reduce(self, request: ReduceAccess) -> AccessReceipt:
        """These people may only read; the export stays possible."""
        ...

    async def revoke(self, request: AccessChange) -> AccessReceipt:
        """Nobody of the customer gets in any more, and no key works."""
        ...

    async def revoke_internal(self, request: AccessChange) -> AccessReceipt:
        """Our own people lose the account in the five systems (OFFB-48)."""
        ...

    async def restore(self, request: AccessChange) -> AccessReceipt:
        """Everybody has the access that they had before it was first reduced."""
        ...

    async def put_holder(self, holder: Holder) -> None:
        """Add a person or a key, or replace what is known of them (for imports).

        Raises ``PermanentFault("NotAllowed", ...)`` for people whom another system keeps.
        """
        ...

    async def check(self) -> str:
        """Nothing where it is ready, or one sentence on what to do. Changes nothing."""
        ...

    async def read_back(self, account_id: str) -> AccessState:
        """Who gets in now."""
        ...
