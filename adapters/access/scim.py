"""Access of customers' people by SCIM 2.0; their keys and our own systems stay in the register."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from adapters.access.embedded import EmbeddedAccess
from adapters.access.scim_memory import ScimMemory, unknown
from adapters.access.scim_service import Scim, ScimServer, conversation
from adapters.access.scim_user import ScimUser, values_of
from adapters.clock import Now, utc_now
from adapters.database import Database
from models.access import RANK, AccessChange, AccessReceipt, AccessState, Holder, HolderKind, Level, Reach, ReduceAccess
from models.case import RefusalType
from models.faults import PermanentFault, TransientFault

if TYPE_CHECKING:
    from models.tables import ScimHeldRow

Asked = TypeVar("Asked", bound=AccessChange)
Concerned = Callable[[ScimUser], bool]


class ScimAccess:
    """AccessPort to a SCIM service for people; ``admins`` are the roles that are reduced last.

    Where it has no user at all of an account and none was reduced, the account counts as unknown: a wrong setting must
    not look like proof that nobody gets in. ``trusted`` decides which certificates hold.
    """

    def __init__(
        self,
        server: ScimServer,
        admins: Sequence[str],
        database: Database,
        now: Now = utc_now,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._admins = frozenset(admins)
        self._register = EmbeddedAccess(database, now, kinds=(HolderKind.KEY,))
        self._memory = ScimMemory(database, now)
        self._trusted = trusted or ssl.create_default_context()

    async def put_holder(self, holder: Holder) -> None:
        """See AccessPort: keys; people are the service's."""
        if holder.kind is not HolderKind.KEY:
            sentence = f"people are kept by the SCIM service {self._server.where}; add them there"
            raise PermanentFault(RefusalType.NOT_ALLOWED, sentence)
        await self._register.put_holder(holder)

    async def reduce(self, request: ReduceAccess) -> AccessReceipt:
        """See AccessPort. Keys are reduced with everybody."""

        def concerned(user: ScimUser) -> bool:
            return request.reach is Reach.ALL or self._admins.isdisjoint(user.roles)

        if (known := await self._memory.receipt(request)) is not None:
            return known
        await self._lower(request, Level.READ_ONLY, concerned)
        keys = await self._register.reduce(_of_register(request))
        return await self._memory.noted(request, keys.changed)

    async def revoke(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort."""
        if (known := await self._memory.receipt(request)) is not None:
            return known
        await self._lower(request, Level.NONE, lambda _: True)
        keys = await self._register.revoke(_of_register(request))
        return await self._memory.noted(request, keys.changed)

    async def revoke_internal(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort: SCIM knows the customer's people alone."""
        return await self._register.revoke_internal(request)

    async def restore(self, request: AccessChange) -> AccessReceipt:
        """See AccessPort. Users who are gone meanwhile stay gone."""
        if (known := await self._memory.receipt(request)) is not None:
            return known
        held = {row.user_id: row for row in await self._memory.held(request.account_id, request.case_id)}
        async with conversation(self._server, self._trusted) as scim:
            there = [user for user in await self._users(scim, request.account_id) if user.id in held]
            await self._see_gone(scim, held.keys() - {user.id for user in there})
            changed = [user for user in there if not _is_as(user, held[user.id])]
            await _each(_give_back(scim, user, held[user.id]) for user in changed)
            after = await scim.users(request.account_id) if changed else ()
            if any(user.id in held and not _is_as(user, held[user.id]) for user in after):
                raise self._not_done("has not given everybody their access back")
        keys = await self._register.restore(_of_register(request))
        return await self._memory.given_back(request, len(there) + keys.changed)

    async def read_back(self, account_id: str) -> AccessState:
        """See AccessPort."""
        keys = await self._register.read_back(account_id)
        async with conversation(self._server, self._trusted) as scim:
            levels = [user.level(self._server.reading) for user in await self._users(scim, account_id)]
        counts = {"full": Level.FULL, "read_only": Level.READ_ONLY, "revoked": Level.NONE}
        return keys.model_copy(update={name: levels.count(level) for name, level in counts.items()})

    async def check(self) -> str:
        """See AccessPort."""
        try:
            async with conversation(self._server, self._trusted) as scim:
                await scim.check()
        except (PermanentFault, TransientFault) as fault:
            return str(fault)
        return ""

    async def _lower(self, request: AccessChange, level: Level, concerned: Concerned) -> None:
        """Nobody gets more than they had; what they had first is remembered before anything changes."""
        async with conversation(self._server, self._trusted) as scim:
            users = await self._users(scim, request.account_id)
            above = [user for user in users if concerned(user) and self._is_above(user, level)]
            if not above:
                return
            await self._memory.hold(request, above)
            await _each(self._lowered(scim, user, level) for user in above)
            after = await scim.users(request.account_id)
            if any(concerned(user) and self._is_above(user, level) for user in after):
                raise self._not_done("still shows people with more access than was asked for")

    async def _lowered(self, scim: Scim, user: ScimUser, level: Level) -> None:
        if level is Level.NONE:
            await scim.change(user.id, active=False)
        else:
            await scim.change(user.id, grants=({"value": self._server.reading.value},))

    async def _see_gone(self, scim: Scim, missing: Iterable[str]) -> None:
        """Whoever is not listed is gone only where the service says so of themselves."""
        for user_id in sorted(missing):
            if not await scim.is_gone(user_id):
                raise TransientFault(
                    f"Access by SCIM ({self._server.where}): the service has a user whom it does not list."
                )

    async def _users(self, scim: Scim, account_id: str) -> tuple[ScimUser, ...]:
        users = await scim.users(account_id)
        if not users and not await self._memory.held(account_id):
            raise unknown(account_id, f"the SCIM service {self._server.where}")
        return users

    def _is_above(self, user: ScimUser, level: Level) -> bool:
        return RANK[user.level(self._server.reading)] > RANK[level]

    def _not_done(self, what: str) -> TransientFault:
        return TransientFault(f"Access by SCIM ({self._server.where}): the service took the change and {what}.")


def _of_register(request: Asked) -> Asked:
    return request.model_copy(update={"key": f"{request.key}/register"})


def _is_as(user: ScimUser, held: ScimHeldRow) -> bool:
    return user.active == held.active and values_of(user.grants) == values_of(held.grants)


async def _give_back(scim: Scim, user: ScimUser, held: ScimHeldRow) -> None:
    regranted = values_of(user.grants) != values_of(held.grants)
    active = held.active if user.active != held.active else None
    await scim.change(user.id, active=active, grants=held.grants if regranted else None)


async def _each(changes: Iterable[Awaitable[None]]) -> None:
    """All of them; the first fault is told once every one has ended, so that none goes on unseen."""
    for end in await asyncio.gather(*changes, return_exceptions=True):
        if isinstance(end, BaseException):
            raise end
