"""A conversation with a SCIM 2.0 service (RFC 7644): the users of an account, and what each of them may do."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx2
from pydantic import SecretStr, ValidationError

from adapters.access.scim_faults import REFUSED, refused, unreached
from adapters.access.scim_user import Grants, Page, ScimUser, user_of
from models.base import Record
from models.faults import PermanentFault, TransientFault
from models.scim import Grant, ReadingGrant

_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_MEDIA = "application/scim+json"
_PAGE = 100
_AT_ONCE = 4
_NOT_THERE = 404
_ENDS = (httpx2.HTTPError, OSError, TimeoutError)


class ScimServer(Record):
    """Where the service is and how it is spoken to.

    ``account`` is the attribute of a user that has the account's id, ``reading`` the grant of those who may only read,
    ``timeout`` in seconds for one answer.
    """

    url: str
    token: SecretStr
    account: str
    reading: ReadingGrant
    timeout: float

    @property
    def where(self) -> str:
        """The service as messages name it."""
        return httpx2.URL(self.url).netloc.decode()


@asynccontextmanager
async def conversation(server: ScimServer, trusted: ssl.SSLContext) -> AsyncIterator[Scim]:
    """Several questions over the same connections, which are closed at the end."""
    headers = {"Authorization": f"Bearer {server.token.get_secret_value()}", "Accept": _MEDIA}
    base = f"{server.url.rstrip('/')}/"
    async with httpx2.AsyncClient(base_url=base, headers=headers, timeout=server.timeout, verify=trusted) as client:
        yield Scim(server, client)


class Scim:
    """The questions. Raises ``PermanentFault("AccessRefused")`` and ``TransientFault``."""

    def __init__(self, server: ScimServer, client: httpx2.AsyncClient) -> None:
        self._server = server
        self._client = client
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def users(self, account_id: str) -> tuple[ScimUser, ...]:
        """Everybody of an account, active or not. Part of them is nobody's proof: then it raises ``TransientFault``.

        A service that answers with users of others did not filter; nothing may be done to them.
        """
        found = [raw async for raw in self._pages(f'{self._server.account} eq "{account_id}"')]
        members = await self._members() if self._by_group else frozenset[str]()
        users = {user.id: user for user in (user_of(raw, self._server, members) for raw in found)}
        if len(users) < len(found):
            raise self._partial(len(users), len(found))
        if any(user.account_id != account_id for user in users.values()):
            told = "users of other accounts; FOLLOWTHROUGH_SCIM_ACCOUNT must be an attribute that it filters by"
            raise PermanentFault(REFUSED, f"Access by SCIM ({self._server.where}): the service answers with {told}.")
        return tuple(users.values())

    async def is_gone(self, user_id: str) -> bool:
        """Whether there is no such user any more."""
        answer = await self._answered("GET", f"Users/{quote(user_id, safe='')}", None, None)
        if answer.status_code != _NOT_THERE and not answer.is_success:
            raise refused(answer.status_code, self._server.where)
        return answer.status_code == _NOT_THERE

    async def change(self, user_id: str, active: bool | None = None, grants: Grants | None = None) -> None:
        """Set whether a user gets in, and exactly what they are granted; what is not given stays.

        A user who is gone meanwhile has nothing that could be changed.
        """
        async with self._room:
            operations = [] if active is None else [_replaced("active", active)]
            if grants is not None and self._by_group:
                await self._join(user_id, grants)
            elif grants is not None:
                kind = self._server.reading.kind
                operations.append(_replaced(kind, list(grants)) if grants else {"op": "remove", "path": kind})
            if operations:
                await self._ask("PATCH", f"Users/{quote(user_id, safe='')}", _patch(operations), gone_is_fine=True)

    async def check(self) -> None:
        """Ask what the service can do, whether it filters by account, and whether the group of readers is there."""
        can = await self._ask("GET", "ServiceProviderConfig")
        if not (_supports(can, "patch") and _supports(can, "filter")):
            raise refused(501, self._server.where)
        await self._ask("GET", "Users", query={"filter": f'{self._server.account} eq "-"', "count": "1"})
        if self._by_group:
            await self._members()

    def _partial(self, shown: int, total: int) -> TransientFault:
        return TransientFault(
            f"Access by SCIM ({self._server.where}): the service shows {shown} users of an account and counts {total}."
        )

    @property
    def _by_group(self) -> bool:
        return self._server.reading.kind is Grant.GROUPS

    @property
    def _group(self) -> str:
        return f"Groups/{quote(self._server.reading.value, safe='')}"

    async def _pages(self, wanted: str) -> AsyncIterator[dict[str, Any]]:
        start, total = 1, 1
        while start <= total:
            query = {"filter": wanted, "startIndex": str(start), "count": str(_PAGE)}
            try:
                page = Page.model_validate(await self._ask("GET", "Users", query=query))
            except ValidationError as error:
                raise unreached(error, self._server.where) from None
            for raw in page.resources:
                yield raw
            if page.total >= start and not page.resources:
                raise self._partial(start - 1, page.total)
            start, total = start + len(page.resources), page.total

    async def _members(self) -> frozenset[str]:
        group = await self._ask("GET", self._group, query={"attributes": "members"})
        return frozenset(str(member["value"]) for member in group.get("members") or () if "value" in member)

    async def _join(self, user_id: str, grants: Grants) -> None:
        named = user_id.replace("\\", "\\\\").replace('"', '\\"')
        joins = {"op": "add", "path": "members", "value": [{"value": user_id}]}
        leaves = {"op": "remove", "path": f'members[value eq "{named}"]'}
        await self._ask("PATCH", self._group, _patch([joins if grants else leaves]))

    async def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
        gone_is_fine: bool = False,
    ) -> dict[str, Any]:
        answer = await self._answered(method, path, body, query)
        if answer.status_code == _NOT_THERE and gone_is_fine:
            return {}
        if not answer.is_success:
            raise refused(answer.status_code, self._server.where)
        try:
            said = answer.json() if answer.content else {}
        except ValueError as error:
            raise unreached(error, self._server.where) from None
        return said if isinstance(said, dict) else {}

    async def _answered(
        self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, str] | None
    ) -> httpx2.Response:
        """The answer; a service that asks to wait no longer than an answer may take is asked once more."""
        headers = {"Content-Type": _MEDIA} if body else {}
        request = self._client.build_request(method, path, json=body, params=query, headers=headers)
        try:
            answer = await self._client.send(request)
            wait = _asked_to_wait(answer)
            if wait is None or wait > self._server.timeout:
                return answer
            await asyncio.sleep(wait)
            return await self._client.send(request)
        except _ENDS as error:
            raise unreached(error, self._server.where) from error


def _asked_to_wait(answer: httpx2.Response) -> float | None:
    """The seconds of ``Retry-After`` of a service that is busy, where it names some."""
    said = answer.headers.get("Retry-After", "")
    return float(said) if answer.status_code in (429, 503) and said.isdecimal() else None


def _replaced(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def _patch(operations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schemas": [_PATCH], "Operations": operations}


def _supports(config: dict[str, Any], feature: str) -> bool:
    told = config.get(feature)
    return isinstance(told, dict) and told.get("supported") is True
