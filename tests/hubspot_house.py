"""A stand-in for HubSpot, since there is none to be had that keeps what it is told.

It knows what Followthrough uses of it, refuses what HubSpot refuses, and fails as it is told to. Whether what is sent
fits HubSpot's own description is for ``tests/adapters/test_hubspot_shapes.py``, with Prism in front.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from adapters.crm.hubspot.client import HubSpotAccount
from adapters.crm.hubspot.mapping import PROPERTIES, read_map
from adapters.crm.hubspot.records import Kind

TOKEN = "pat-eu1-the-right-one"
TO_COMPANY = {"contacts": 279, "tasks": 192, "notes": 190}
TRACE = "0f3c3e0c-6c3b-4d26-8f0d-7d1c6f5b2a11"
OWN: dict[str, list[str]] = {
    "companies": ["name", "domain", "hubspot_owner_id", "hs_object_id"],
    "contacts": ["email", "firstname", "lastname", "jobtitle", "phone", "hs_email_domain", "hs_object_id"],
    "tasks": [
        *("hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_type", "hs_timestamp", "hubspot_owner_id"),
        "hs_updated_by_user_id",
    ],
    "notes": ["hs_note_body", "hs_timestamp"],
}
Act = Callable[[Any], None]


class No(Exception):
    """An answer that is no yes."""

    def __init__(self, code: int, category: str, message: str = "", **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.body = {"status": "error", "category": category, "message": message, "correlationId": TRACE, **more}


class HubSpotHouse:
    """What HubSpot keeps, and the acts to come in place of answers; without any it does as it is told."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in OWN}
        self.known = {kind: {name: name == "email" for name in names} for kind, names in OWN.items()}
        self.links: set[tuple[str, str, str, str]] = set()
        self.owners: list[dict[str, Any]] = []
        self.acts: deque[tuple[str, Act]] = deque()
        self.calls: list[tuple[str, Any]] = []
        self.port = 0
        self._ids = count(1001)
        self._turn = threading.Lock()

    def at(self, **more: Any) -> HubSpotAccount:
        """The house as settings name it."""
        return HubSpotAccount(**{"token": TOKEN, "host": f"http://127.0.0.1:{self.port}", "timeout": 5} | more)

    def has_all(self) -> None:
        """Have every property of the usual map."""
        names = read_map(PROPERTIES)
        for kind in Kind:
            ours = {name: name == names.unique(kind) for name in names.names(kind)}
            self.known[kind] = ours | self.known[kind]

    def owner(self, email: str) -> str:
        """Someone to whom things can belong; gives their id."""
        number = str(next(self._ids))
        self.owners.append(
            {"id": number, "userId": int(number) + 5000, "email": email, "archived": False, **_moments()}
        )
        return number

    def next(self, path: str, act: Act) -> None:
        """Do this at the next call whose path ends so, in place of answering."""
        self.acts.append((path, act))

    def one(self, kind: str, **having: str) -> dict[str, Any]:
        """The one object with these values."""
        (found,) = (each for each in self.objects[kind].values() if having.items() <= each["properties"].items())
        return found

    def count(self, kind: str, path: str) -> int:
        """How often something was called."""
        return sum(1 for called, _ in self.calls if called == f"/crm/v3/objects/{kind}/{path}")

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """The answer to a call, one after the other."""
        with self._turn:
            self.calls.append((path, body))
            for pattern, does in _ROUTES:
                if found := re.fullmatch(pattern, f"{method} {path}"):
                    return does(self, query, body, *found.groups())
        raise No(404, "OBJECT_NOT_FOUND", path)

    def batch(self, _: Any, body: Any, kind: str, what: str) -> tuple[int, Any]:
        if len(body["inputs"]) > 100:
            raise No(400, "VALIDATION_ERROR", "batch too large")
        if not body["inputs"]:
            raise No(400, "VALIDATION_ERROR", "inputs is empty")
        results = getattr(self, what)(kind, body)
        done = {"status": "COMPLETE", "results": results, "startedAt": _now(), "completedAt": _now()}
        if what == "read" and len(results) < len(body["inputs"]):
            missing = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "", "context": {}, "links": {}}
            return 207, done | {"numErrors": 1, "errors": [missing | {"errors": []}]}
        return {"create": 201, "archive": 204}.get(what, 200), None if what == "archive" else done

    def read(self, kind: str, body: Any) -> list[Any]:
        by = body.get("idProperty")
        if by and not self.known[kind].get(by):
            raise No(400, "VALIDATION_ERROR", f"{by} is not unique")
        wanted = [each["id"] for each in body["inputs"]]
        if not by:
            return [self._shown(kind, one, body) for one in wanted if one in self.objects[kind]]
        held = {each["properties"].get(by): key for key, each in self.objects[kind].items()}
        return [self._shown(kind, held[one], body) for one in wanted if one in held]

    def create(self, kind: str, body: Any) -> list[Any]:
        for each in body["inputs"]:
            self._taken(kind, each["properties"], None)
        return [self._add(kind, each) for each in body["inputs"]]

    def update(self, kind: str, body: Any) -> list[Any]:
        for each in body["inputs"]:
            if each["id"] not in self.objects[kind]:
                raise No(404, "OBJECT_NOT_FOUND", each["id"])
            self._taken(kind, each["properties"], each["id"])
        return [self._changed(kind, each) for each in body["inputs"]]

    def archive(self, kind: str, body: Any) -> list[Any]:
        for each in body["inputs"]:
            self.drop(kind, each["id"])
        return []

    def drop(self, kind: str, number: str) -> None:
        self.objects[kind].pop(number, None)
        own = (kind, number)
        self.links = {link for link in self.links if own not in (link[:2], link[2:])}

    def search(self, _: Any, body: Any, kind: str) -> tuple[int, Any]:
        if not 0 < body["limit"] <= 200:
            raise No(400, "VALIDATION_ERROR", "limit")
        every = sorted(self.objects[kind].items(), key=lambda one: int(one[0]))
        fits = [key for key, each in every if any(_holds(each, key, group) for group in body["filterGroups"])]
        page = fits[: body["limit"]]
        return 200, {"total": len(fits), "results": [self._shown(kind, key, body) for key in page]}

    def linked(self, query: Any, _: Any, kind: str, number: str, to: str) -> tuple[int, Any]:
        own = sorted(int(link[3]) for link in self.links if link[:3] == (kind, number, to))
        begin, size = int(query.get("after", 0)), int(query["limit"])
        page = [{"toObjectId": each, "associationTypes": []} for each in own[begin : begin + size]]
        more = {"paging": {"next": {"after": str(begin + size)}}} if begin + size < len(own) else {}
        return 200, {"results": page, **more}

    def link(self, _: Any, __: Any, kind: str, number: str, to: str, other: str) -> tuple[int, Any]:
        self._link(kind, number, to, other)
        return 200, {"status": "COMPLETE", "results": []}

    def everyone(self, query: Any, _: Any) -> tuple[int, Any]:
        begin, size = int(query.get("after", 0)), int(query.get("limit", 100))
        more = {"paging": {"next": {"after": str(begin + size)}}} if begin + size < len(self.owners) else {}
        return 200, {"results": self.owners[begin : begin + size], **more}

    def properties(self, _: Any, __: Any, kind: str) -> tuple[int, Any]:
        shape = {"type": "string", "fieldType": "text", "groupName": f"{kind}_group", "description": "", "options": []}
        known = self.known[kind].items()
        return 200, {"results": [{"name": name, "label": name, "hasUniqueValue": one, **shape} for name, one in known]}

    def add_property(self, _: Any, body: Any, kind: str) -> tuple[int, Any]:
        if body["groupName"] != f"{kind}_group":
            raise No(400, "VALIDATION_ERROR", "no such group")
        self.known[kind][body["name"]] = body["hasUniqueValue"]
        return 201, {"description": "", "options": []} | body

    def forget(self, _: Any, body: Any) -> tuple[int, Any]:
        self.drop("contacts", body["objectId"])
        return 204, None

    def _taken(self, kind: str, properties: dict[str, str], own: str | None) -> None:
        for name, value in properties.items():
            if name not in self.known[kind]:
                raise No(400, "VALIDATION_ERROR", f"{value}", errors=[{"code": "PROPERTY_DOESNT_EXIST"}])
            others = (each["properties"].get(name) for key, each in self.objects[kind].items() if key != own)
            if self.known[kind][name] and value and value in others:
                raise No(409, "CONFLICT", f"{value} is taken")
        if own is None and kind in ("tasks", "notes") and not properties.get("hs_timestamp"):
            raise No(400, "VALIDATION_ERROR", "hs_timestamp is missing")

    def _add(self, kind: str, asked: Any) -> Any:
        number = str(next(self._ids))
        self.objects[kind][number] = {"properties": _kept(asked["properties"]), **_moments()}
        for link in asked["associations"]:
            if [each["associationTypeId"] for each in link["types"]] != [TO_COMPANY[kind]]:
                raise No(400, "VALIDATION_ERROR", "association type")
            self._link(kind, number, "companies", link["to"]["id"])
        return {"id": number, "archived": False, **self.objects[kind][number]}

    def _changed(self, kind: str, asked: Any) -> Any:
        one = self.objects[kind][asked["id"]]
        one["properties"] |= _kept(asked["properties"])
        one["updatedAt"] = _now()
        return {"id": asked["id"], "archived": False, **one}

    def _link(self, kind: str, number: str, to: str, other: str) -> None:
        if other not in self.objects[to]:
            raise No(404, "OBJECT_NOT_FOUND", other)
        self.links |= {(kind, number, to, other), (to, other, kind, number)}

    def _shown(self, kind: str, number: str, body: Any) -> Any:
        one = self.objects[kind][number]
        shown = {name: one["properties"].get(name) for name in body["properties"] if name in self.known[kind]}
        return {"id": number, "archived": False, **one, "properties": shown}


_OBJECTS = r"/crm/v3/objects/(\w+)"
_ROUTES: list[tuple[str, Callable[..., tuple[int, Any]]]] = [
    (rf"POST {_OBJECTS}/batch/(read|create|update|archive)", HubSpotHouse.batch),
    (rf"POST {_OBJECTS}/search", HubSpotHouse.search),
    (r"GET /crm/v4/objects/(\w+)/(\d+)/associations/(\w+)", HubSpotHouse.linked),
    (r"PUT /crm/v4/objects/(\w+)/(\d+)/associations/default/(\w+)/(\d+)", HubSpotHouse.link),
    (r"GET /crm/v3/owners/?", HubSpotHouse.everyone),
    (r"GET /crm/v3/properties/(\w+)", HubSpotHouse.properties),
    (r"POST /crm/v3/properties/(\w+)", HubSpotHouse.add_property),
    (r"POST /crm/v3/objects/contacts/gdpr-delete", HubSpotHouse.forget),
]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moments() -> dict[str, str]:
    return {"createdAt": _now(), "updatedAt": _now()}


def _kept(properties: dict[str, str]) -> dict[str, str]:
    kept = dict(properties)
    if "email" in kept:
        kept["email"] = kept["email"].lower()
        kept["hs_email_domain"] = kept["email"].rpartition("@")[2]
    return kept


def _holds(one: Any, number: str, group: Any) -> bool:
    return all(_true(one["properties"] | {"hs_object_id": number}, each) for each in group["filters"])


def _true(values: dict[str, str], asked: Any) -> bool:
    value = values.get(asked["propertyName"]) or ""
    match asked["operator"]:
        case "EQ":
            return value == asked["value"]
        case "IN":
            return value in asked["values"]
        case "HAS_PROPERTY":
            return bool(value)
        case "GT":
            return int(value) > int(asked["value"])
    raise No(400, "VALIDATION_ERROR", "operator")
