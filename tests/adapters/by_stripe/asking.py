"""What the tests of Stripe ask of it, and how they look into it."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeService
from models.billing import PauseBilling, ResumeBilling, StopCharging
from tests.adapters.conftest import WallClock
from tests.stripe_world import StripeWorld

END, APRIL, JUNE = date(2026, 3, 22), date(2026, 4, 1), date(2026, 6, 1)


def another(stripe_world: StripeWorld, clock: WallClock) -> StripeBilling:
    """Another worker on the same account."""
    return StripeBilling(StripeService(stripe_world.account, clock), clock)


def pause(starts: date, until: date) -> PauseBilling:
    return PauseBilling(key="pause/1", account_id="acc-1", from_date=starts, until=until)


def stop(day: date, key: str = "stop/1") -> StopCharging:
    return StopCharging(key=key, account_id="acc-1", from_date=day)


def resume(day: date) -> ResumeBilling:
    return ResumeBilling(key="resume/1", account_id="acc-1", from_date=day)


def subscription(service: StripeService) -> dict[str, Any]:
    """The account's subscription as Stripe shows it."""
    standing = service.standing("acc-1")
    return service.plain(service.api.subscriptions.retrieve(standing.id))


def last(world: StripeWorld, path: str) -> dict[str, str]:
    """What was given with the last change of such a path."""
    return next(asked.given for asked in reversed(world.asked) if asked.method == "POST" and path in asked.path)


def sold(service: StripeService, token: str = "tok_visa", **more: Any) -> str:
    """A subscription that somebody sold in Stripe itself, from this moment on; gives its id."""
    api = service.api
    customer = api.customers.create({"metadata": {"account_id": "acc-1"}}).id
    card = api.payment_methods.create({"type": "card", "card": {"token": token}}).id
    api.payment_methods.attach(card, {"customer": customer})
    recurring = more.pop("recurring", {"interval": "month"})
    price = {"currency": "eur", "unit_amount": 310_00, "recurring": recurring, "product_data": {"name": "Plan"}}
    items = [{"price": api.prices.create(price).id}]
    given = {"customer": customer, "items": items, "default_payment_method": card, **more}
    return str(api.subscriptions.create(given).id)
