"""A SCIM service that nobody here wrote (scim2-server), on 127.0.0.1: it keeps users and groups, and fails as it is told."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import httpx2
from pydantic import SecretStr
from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_provider

from adapters.access.scim_service import ScimServer
from models.access import Holder, Level
from models.scim import Grant, ReadingGrant
from tests.wsgi import Front, serving

TOKEN = "not-a-secret-token"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@lru_cache
def _provider() -> ScimProvider:
    """What the service says of itself; it takes long to read and is the same for every test."""
    return load_default_provider()


class ScimDesk(Front):
    """The service, with its users as a test puts and finds them; ``blind`` makes it forget to filter."""

    def __init__(self) -> None:
        app = BearerTokenApplication(InMemoryStorage(), _provider(), bearer_tokens=[TOKEN])
        super().__init__(lambda environ, begin: app(environ | {"QUERY_STRING": ""} if self.blind else environ, begin))
        self.blind = False
        self.reading = ReadingGrant(kind=Grant.ROLES, value="read-only")
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        self.client = httpx2.Client(headers=headers, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2"

    def at(self, **more: Any) -> ScimServer:
        """The service as settings name it."""
        account = f"{ENTERPRISE}:organization"
        known = {"url": self.url, "token": SecretStr(TOKEN), "account": account, "reading": self.reading, "timeout": 10}
        return ScimServer(**known | more)

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What the service itself says, beside our adapter."""
        answer = self.client.request(method, f"{self.url}/{path}", json=body)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def enrol(self, holder: Holder, **more: Any) -> dict[str, Any]:
        """A user of a customer as the product's own people would add them."""
        reads = holder.access is Level.READ_ONLY
        body = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": f"{holder.account_id}.{holder.external_id}",
            "active": holder.access is not Level.NONE,
            "roles": [{"value": holder.role, "display": holder.role.title(), "primary": True}],
            ENTERPRISE: {"organization": holder.account_id},
        }
        if reads and self.reading.kind is Grant.ROLES:
            body["roles"] = [{"value": self.reading.value}]
        if reads and self.reading.kind is Grant.ENTITLEMENTS:
            body["entitlements"] = [{"value": self.reading.value}]
        user = self.ask("POST", "Users", body | more)
        if reads and self.reading.kind is Grant.GROUPS:
            self._join(user["id"])
        return user

    def found_group(self) -> None:
        """The group of those who may only read."""
        schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
        group = self.ask("POST", "Groups", {"schemas": schemas, "displayName": "May only read"})
        self.reading = ReadingGrant(kind=Grant.GROUPS, value=group["id"])

    def users(self) -> dict[str, dict[str, Any]]:
        """Every user by name, without when they were changed."""
        listed = self.ask("GET", "Users?count=1000")["Resources"]
        return {user["userName"]: {k: v for k, v in user.items() if k != "meta"} for user in listed}

    def members(self) -> list[str]:
        """The ids of those in the group of readers."""
        return [one["value"] for one in self.ask("GET", f"Groups/{self.reading.value}").get("members", [])]

    def _join(self, user_id: str) -> None:
        joins = {"op": "add", "path": "members", "value": [{"value": user_id}]}
        patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [joins]}
        self.ask("PATCH", f"Groups/{self.reading.value}", patch)


@contextmanager
def scim_desk() -> Iterator[ScimDesk]:
    """A service without users, on a port of its own."""
    desk = ScimDesk()
    with serving(desk), desk.client:
        yield desk
