"""HubSpot's own library, called from threads of its own: batches, pages, and its rate limits respected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from hubspot import HubSpot
from pydantic import SecretStr

from adapters.crm.hubspot import faults
from adapters.crm.hubspot.brake import Brake
from adapters.crm.hubspot.records import Changed, Condition, Field, HubSpotObject, Kind, NewObject, Owner
from models.base import Record
from models.faults import TransientFault

_BATCH = 100
_PAGE = 200
_LINKS = 500
_THREADS = 8
_ATTEMPTS = 3
_NOT_THERE = "OBJECT_NOT_FOUND"
T = TypeVar("T")


class HubSpotAccount(Record):
    """Where HubSpot is and who we are there; ``timeout`` is in seconds for a call."""

    token: SecretStr
    host: str = "https://api.hubapi.com"
    timeout: float = 10


class HubSpotClient:
    """What is asked of HubSpot. Every call raises ``TransientFault`` or ``PermanentFault``, and none of them quotes it."""

    def __init__(self, account: HubSpotAccount, brake: Brake | None = None) -> None:
        self._timeout = account.timeout
        self._brake = brake or Brake()
        # The library waits without an end for 429, so that the waiting is done here; its threads are nobody else's.
        own = {"host": account.host, "retry": False, "connection_pool_maxsize": _THREADS}
        house = HubSpot(access_token=account.token.get_secret_value(), **own)
        self._batch, self._search = house.crm.objects.batch_api, house.crm.objects.search_api
        self._links, self._owners = house.crm.associations.v4.basic_api, house.crm.owners.owners_api
        self._properties, self._contacts = house.crm.properties.core_api, house.crm.contacts.basic_api
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hubspot")

    def close(self) -> None:
        """Take no calls any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def read(
        self, kind: Kind, ids: Iterable[str], names: Sequence[str], by: str = ""
    ) -> tuple[HubSpotObject, ...]:
        """The objects of these ids, or with ``by`` of these values of a unique property; who is not there is left out."""
        shared = {"properties": list(names), "propertiesWithHistory": []} | ({"idProperty": by} if by else {})
        found: list[HubSpotObject] = []
        for part in _parts(list(dict.fromkeys(ids))):
            body = await self._ask(self._batch.read, kind.value, shared | {"inputs": [{"id": each} for each in part]})
            if any(each.get("category") != _NOT_THERE for each in body.get("errors") or ()):
                raise TransientFault("HubSpot read a part of what was asked for; it is asked again.")
            found += _objects(body)
        return tuple(found)

    async def create(self, kind: Kind, new: Sequence[NewObject]) -> tuple[HubSpotObject, ...]:
        """Create objects, all or a fault."""
        made: list[HubSpotObject] = []
        for part in _parts(new):
            made += _whole(
                await self._ask(self._batch.create, kind.value, {"inputs": [one.body(kind) for one in part]})
            )
        return tuple(made)

    async def update(self, kind: Kind, changes: Sequence[Changed]) -> None:
        """Change properties of objects, all or a fault."""
        for part in _parts(changes):
            inputs = [one.model_dump() for one in part]
            _whole(await self._ask(self._batch.update, kind.value, {"inputs": inputs}))

    async def archive(self, kind: Kind, ids: Sequence[str]) -> None:
        """Take objects out of HubSpot; its recycle bin has them for a while yet."""
        for part in _parts(ids):
            await self._ask(self._batch.archive, kind.value, {"inputs": [{"id": each} for each in part]})

    async def forget_contact(self, contact_id: str) -> None:
        """Delete a contact for good, with what belongs to it (HubSpot calls it a GDPR deletion)."""
        await self._ask(self._contacts.purge, {"objectId": contact_id})

    async def search(
        self, kind: Kind, groups: Sequence[Sequence[Condition]], names: Sequence[str]
    ) -> tuple[HubSpotObject, ...]:
        """The objects for which every condition of one of the groups holds, by id.

        It goes on from the last id and not by page, since HubSpot ends pages at the ten thousandth object.
        """
        found: list[HubSpotObject] = []
        asked = {"properties": list(names), "limit": _PAGE, "sorts": ["hs_object_id"], "after": "0"}
        while True:
            onwards = [Condition(name="hs_object_id", operator="GT", value=found[-1].id)] if found else []
            filters = [{"filters": [one.body() for one in (*group, *onwards)]} for group in groups]
            page = _objects(await self._ask(self._search.do_search, kind.value, asked | {"filterGroups": filters}))
            found += page
            if len(page) < _PAGE:
                return tuple(found)

    async def linked(self, kind: Kind, object_id: str, to: Kind) -> tuple[str, ...]:
        """The ids of the objects of a kind that are linked to an object."""
        pages = self._pages(partial(self._links.get_page, kind.value, object_id, to.value, limit=_LINKS))
        return tuple(dict.fromkeys([str(each["toObjectId"]) async for each in pages]))

    async def link(self, kind: Kind, object_id: str, company: str) -> None:
        """Link an object to a company, once however often."""
        await self._ask(self._links.create_default, kind.value, object_id, Kind.COMPANIES.value, company)

    async def owners(self) -> tuple[Owner, ...]:
        """Everyone to whom things can belong."""
        pages = self._pages(partial(self._owners.get_page, limit=_BATCH))
        named = [(str(each["id"]), str(each.get("userId") or ""), each.get("email") or "") async for each in pages]
        return tuple(Owner(id=one, user_id=user, email=email) for one, user, email in named)

    async def properties(self, kind: Kind) -> dict[str, Field]:
        """The properties of a kind, by name."""
        body = await self._ask(self._properties.get_all, kind.value)
        fields = ((each, bool(each.get("hasUniqueValue"))) for each in body["results"])
        return {each["name"]: Field(unique=unique, group=each["groupName"]) for each, unique in fields}

    async def add_property(self, kind: Kind, definition: dict[str, Any]) -> None:
        """Create a property of a kind."""
        await self._ask(self._properties.create, kind.value, definition)

    async def _pages(self, page: Callable[..., Any]) -> AsyncIterator[dict[str, Any]]:
        """The entries of every page."""
        after: dict[str, str] = {}
        while True:
            body = await self._ask(page, **after)
            for each in body["results"]:
                yield each
            following = (body.get("paging") or {}).get("next") or {}
            if not following.get("after"):
                return
            after = {"after": following["after"]}

    async def _ask(self, method: Callable[..., Any], *given: Any, **named: Any) -> dict[str, Any]:
        """The answer to a call. A busy HubSpot is asked again where it names a wait that an attempt has room for."""
        called = partial(self._called, method, *given, **named)
        left = _ATTEMPTS
        while True:
            await self._brake.wait()
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, called)
            except faults.ENDS as error:
                left -= 1
                answer = faults.answer_of(error)
                busy = answer is not None and answer.status in faults.BUSY
                if busy:
                    self._brake.hold(faults.asked_to_wait(answer))
                if not (busy and left):
                    raise faults.fault_of(error) from None

    def _called(self, method: Callable[..., Any], *given: Any, **named: Any) -> dict[str, Any]:
        answer = method(*given, **named, _preload_content=False, _request_timeout=self._timeout)
        body = json.loads(answer.data or b"{}")
        if not isinstance(body, dict):
            raise ValueError("no object")
        return body


def _parts(of: Sequence[T]) -> Iterable[Sequence[T]]:
    return (of[at : at + _BATCH] for at in range(0, len(of), _BATCH))


def _objects(body: dict[str, Any]) -> list[HubSpotObject]:
    try:
        return [HubSpotObject.read(each) for each in body["results"]]
    except (KeyError, ValueError, TypeError):
        raise TransientFault("HubSpot gave an answer without what was asked for; it is asked again.") from None


def _whole(body: dict[str, Any]) -> list[HubSpotObject]:
    if body.get("errors"):
        raise faults.failed_in_part(body)
    return _objects(body)
