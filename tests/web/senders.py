"""Other systems as they call us, each signed by its own library where it has one."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
from hubspot.utils.signature import Signature
from pydantic import SecretStr
from rich.console import Console
from standardwebhooks import Webhook
from stripe import WebhookSignature

from cli.desk import Desk
from models.webhooks import ReadSubscription, ReadTask
from parts.webhooks import Readers
from settings import Settings
from web.app import build_app
from web.house import House

PUBLIC = "https://care.tanglin-cloud.example"
STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRETS = {
    "segment_webhook_secret": SecretStr("segment-secret-4711"),
    "stripe_webhook_secret": SecretStr("whsec_stripe_4711"),
    "hubspot_webhook_secret": SecretStr("hubspot-secret-4711"),
    "mail_webhook_secret": SecretStr(STANDARD),
    "web_url": PUBLIC,
}
SOURCES = ("segment", "stripe", "hubspot", "mail")
EXAMPLES: dict[str, bytes] = {
    "segment": b'{"type": "track", "messageId": "m-1", "event": "Signed In", "timestamp": "2026-11-16T01:30:00Z"}',
    "stripe": b'{"id": "evt_1", "type": "customer.subscription.updated", "data": {"object": {"id": "sub_1"}}}',
    "hubspot": b'[{"eventId": 1, "portalId": 7, "objectId": 5, "objectTypeId": "0-27", "occurredAt": 9, '
    b'"subscriptionType": "object.propertyChange"}]',
    "mail": b"From: a@b.example\r\nSubject: Hello\r\nMessage-ID: <1@b.example>\r\n\r\nHello",
}


class Subscriptions:
    """Stripe as it is now."""

    def __init__(self) -> None:
        self.now: dict[str, ReadSubscription] = {}
        self.reads = 0

    async def subscription(self, subscription_id: str) -> ReadSubscription | None:
        self.reads += 1
        return self.now.get(subscription_id)


class Tasks:
    """HubSpot as it is now."""

    def __init__(self) -> None:
        self.now: dict[str, ReadTask] = {}

    async def task(self, task_id: str) -> ReadTask | None:
        return self.now.get(task_id)


class Web:
    """The web program without its address: requests reach it, and work is done when a test says so."""

    def __init__(self, house: House, client: httpx2.AsyncClient) -> None:
        self.house, self.client = house, client
        self.subscriptions, self.tasks = Subscriptions(), Tasks()

    async def post(self, source: str, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
        headers = signed(source, body) if headers is None else headers
        return await self.client.post(f"/webhooks/{source}", content=body, headers=headers)


@asynccontextmanager
async def web_of(settings: Settings) -> AsyncIterator[Web]:
    """The program of an instance that hears everybody, and reads again what a test says."""
    async with AsyncExitStack() as stack:
        desk = Desk(settings.model_copy(update=SECRETS), stack, Console(quiet=True))
        house = House(desk.settings, desk)
        transport = httpx2.ASGITransport(build_app(house), raise_app_exceptions=False)
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url="http://web"))
        web = Web(house, client)
        desk._parts = replace(await desk.parts(), readers=Readers(web.subscriptions, web.tasks))
        yield web


def signed(source: str, body: bytes, at: float | None = None, secret: str = "") -> dict[str, str]:
    """The headers that a sender adds at a moment (seconds since 1970), now if left out."""
    moment = time.time() if at is None else at
    secret = secret or _secret(source)
    match source:
        case "segment":
            return {"x-signature": hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}
        case "stripe":
            signature = WebhookSignature._compute_signature(f"{int(moment)}.{body.decode()}", secret)
            return {"stripe-signature": f"t={int(moment)},v1={'0' * 64},v1={signature},v0=old"}
        case "hubspot":
            given = (secret, body.decode(), f"{PUBLIC}/webhooks/hubspot", "POST", str(int(moment * 1000)))
            signature = Signature.get_signature(
                client_secret=given[0],
                request_body=given[1],
                signature_version="v3",
                http_uri=given[2],
                http_method=given[3],
                timestamp=given[4],
            )
            return {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": given[4]}
        case _:
            signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(int(moment), UTC), body.decode())
            names = ("webhook-id", "webhook-timestamp", "webhook-signature")
            return dict(zip(names, ("msg_1", str(int(moment)), signature), strict=True))


def event(source: str, **fields: Any) -> bytes:
    """An example with other fields."""
    known = json.loads(EXAMPLES[source])
    return json.dumps([known[0] | fields] if source == "hubspot" else known | fields).encode()


def _secret(source: str) -> str:
    secret = SECRETS[f"{source}_webhook_secret"]
    assert isinstance(secret, SecretStr)
    return secret.get_secret_value()
