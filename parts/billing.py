"""Who keeps the invoices, by the settings."""

from __future__ import annotations

from adapters.billing.embedded import EmbeddedBilling
from adapters.billing.port import BillingPort
from adapters.database import Database
from settings.billing import BillingPart, BillingSettings


def billing_service(settings: BillingSettings, database: Database) -> BillingPort:
    """Whoever keeps the invoices, by the settings."""
    if settings.billing is BillingPart.LEDGER:
        return EmbeddedBilling(database)
    from adapters.billing.stripe.billing import StripeBilling
    from adapters.billing.stripe.service import StripeAccount, StripeService

    return StripeBilling(StripeService(StripeAccount(key=settings.stripe_key, url=settings.stripe_url)))
