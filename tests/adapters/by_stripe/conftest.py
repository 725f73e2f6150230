"""Billing by Stripe, over an account that was brought in."""

from __future__ import annotations

import pytest

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeService
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import opening
from tests.stripe_world import StripeWorld


@pytest.fixture
def service(stripe_world: StripeWorld, clock: WallClock) -> StripeService:
    return StripeService(stripe_world.account, clock)


@pytest.fixture
async def billing(service: StripeService, clock: WallClock) -> StripeBilling:
    """An account that was brought in: EUR 310 a month, paid until April."""
    opened = StripeBilling(service, clock)
    await opened.open_subscription(opening())
    return opened
