"""Where events go, and who reads again what an event is about, by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.billing.port import BillingPort
from adapters.crm.port import CrmPort
from adapters.webhooks.port import EndpointPort, SubscriptionReader, TaskReader
from adapters.webhooks.posting import HttpEndpoint
from settings.webhooks import WebhookSettings


@dataclass(frozen=True)
class Readers:
    """Who reads objects again; None where no real part holds them."""

    subscriptions: SubscriptionReader | None = None
    tasks: TaskReader | None = None


def readers(billing: BillingPort, crm: CrmPort) -> Readers:
    """Who can read again what an event of Stripe or HubSpot is about: those who keep it."""
    return Readers(
        subscriptions=billing if isinstance(billing, SubscriptionReader) else None,
        tasks=crm if isinstance(crm, TaskReader) else None,
    )


def endpoint(settings: WebhookSettings) -> EndpointPort | None:
    """Where events go; None where nobody wants them."""
    return HttpEndpoint(settings.webhook_url, settings.webhook_secret) if settings.webhook_url else None
