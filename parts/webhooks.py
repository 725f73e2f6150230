"""Where events go, and who reads again what an event is about, by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.webhooks.port import EndpointPort, SubscriptionReader, TaskReader
from adapters.webhooks.posting import HttpEndpoint
from settings.webhooks import WebhookSettings


@dataclass(frozen=True)
class Readers:
    """Who reads objects again; None where no real part holds them."""

    subscriptions: SubscriptionReader | None = None
    tasks: TaskReader | None = None


def endpoint(settings: WebhookSettings) -> EndpointPort | None:
    """Where events go; None where nobody wants them."""
    return HttpEndpoint(settings.webhook_url, settings.webhook_secret) if settings.webhook_url else None
