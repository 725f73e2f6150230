"""What Stripe is told: until when it charges, and what its renewals cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeService
from adapters.billing.stripe.standing import stamp_of
from models.billing import (
    ApplyConcession,
    DatedDiscount,
    Tax,
)
from models.faults import PermanentFault
from tests.adapters.by_stripe.asking import APRIL, END, JUNE, last, pause, resume, stop, subscription
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import final, opening
from tests.stripe_world import StripeWorld


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (APRIL, {"cancel_at_period_end": True, "status": "trialing"}),
        (END, {"cancel_at": stamp_of(END), "status": "trialing"}),
        (date(2026, 3, 2), {"status": "canceled"}),
    ],
)
async def test_an_end_is_at_the_end_of_the_period_on_its_day_or_now(
    billing: StripeBilling, service: StripeService, day: date, shown: dict[str, Any]
) -> None:
    await billing.stop_charging(stop(day))
    found = subscription(service)
    assert {name: found[name] for name in shown} == shown


@pytest.mark.parametrize("day", [APRIL, END])
async def test_an_end_is_taken_back(billing: StripeBilling, service: StripeService, day: date) -> None:
    await billing.stop_charging(stop(day))
    await billing.resume(resume(date(2026, 3, 3)))
    found = subscription(service)
    assert (found["cancel_at"], found["cancel_at_period_end"]) == (None, False)


async def test_what_stripe_has_ended_does_not_go_on(billing: StripeBilling) -> None:
    await billing.stop_charging(stop(date(2026, 3, 2)))
    with pytest.raises(PermanentFault, match="ended the subscription on 2026-03-02; open a new one"):
        await billing.resume(resume(date(2026, 3, 3)))


async def test_a_stop_that_comes_again_after_it_was_taken_back_stops_nothing(
    billing: StripeBilling, service: StripeService, clock: WallClock
) -> None:
    first = await billing.stop_charging(stop(APRIL))
    clock.advance(minutes=1)
    await billing.resume(resume(date(2026, 3, 3)))
    assert (await billing.stop_charging(stop(APRIL))).id == first.id
    assert subscription(service)["cancel_at_period_end"] is False


async def test_a_pause_of_whole_periods_voids_what_comes_until_it_ends(
    billing: StripeBilling, service: StripeService
) -> None:
    await billing.pause(pause(APRIL, JUNE))
    assert subscription(service)["pause_collection"] == {"behavior": "void", "resumes_at": stamp_of(JUNE)}
    await billing.resume(resume(APRIL))
    assert subscription(service)["pause_collection"] is None


async def test_a_price_schedule_has_a_phase_for_each_price_and_ends_in_the_full_one(
    billing: StripeBilling, stripe_world: StripeWorld
) -> None:
    parts = (DatedDiscount(pct=30, starts=APRIL, ends=JUNE), DatedDiscount(pct=10, starts=JUNE, ends=date(2026, 6, 16)))
    await billing.apply_concession(ApplyConcession(key="schedule/1", account_id="acc-1", schedule=parts))
    given = last(stripe_world, "/v1/subscription_schedules/")
    assert given["end_behavior"] == "release"
    ends = [given[f"phases[{phase}][end_date]"] for phase in range(4)]
    assert ends == [str(stamp_of(day)) for day in (APRIL, JUNE, date(2026, 7, 1), date(2026, 8, 1))]
    coupons = [given.get(f"phases[{phase}][discounts][0][coupon]") for phase in range(4)]
    assert coupons == [None, "followthrough-30-percent", "followthrough-1550-eur", None]  # half of June: 5 % of 310
    assert last(stripe_world, "/v1/coupons")["amount_off"] == "1550"


async def test_a_schedule_is_released_where_nothing_is_off_any_more(
    billing: StripeBilling, service: StripeService
) -> None:
    await billing.pause(pause(date(2026, 4, 16), date(2026, 5, 16)))
    assert subscription(service)["schedule"]
    await billing.resume(resume(APRIL))
    assert subscription(service)["schedule"] is None


async def test_the_taxes_of_the_subscription_are_those_of_its_final_invoice(
    service: StripeService, stripe_world: StripeWorld, clock: WallClock
) -> None:
    billing = StripeBilling(service, clock)
    await billing.open_subscription(opening().model_copy(update={"tax": Tax(name="SST", bp=800)}))
    await billing.issue_final_invoice(final(END))
    rate = subscription(service)["default_tax_rates"][0]
    assert last(stripe_world, "/v1/tax_rates")["percentage"] == "8.0"
    assert stripe_world.given("/v1/invoices")["default_tax_rates[0]"] == rate["id"]
