"""Money by Stripe: settled to the day, paid back once, never credited where it was not paid, and to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeAccount, StripeService
from models.billing import (
    InvoiceKind,
    RefundInvoice,
    SubscriptionState,
)
from models.faults import PermanentFault
from tests.adapters.by_stripe.asking import END, sold
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import discount, eur, final, opening, previewed
from tests.stripe_world import Answer, StripeWorld


async def test_what_is_paid_back_in_money_is_no_credit_any_more(billing: StripeBilling, service: StripeService) -> None:
    seen = await billing.preview_final_invoice(previewed(END))
    await billing.issue_final_invoice(final(END))
    assert service.standing("acc-1").balance == -100_00
    request = RefundInvoice(key="refund/1", account_id="acc-1", invoice_id=seen.refund_invoice, amount=seen.refund)
    await billing.refund(request)
    assert service.standing("acc-1").balance == 0
    (refund,) = service.pages(service.api.refunds)
    assert (refund["amount"], refund["status"]) == (100_00, "succeeded")


async def test_an_unpaid_invoice_is_replaced_and_never_credited(service: StripeService, clock: WallClock) -> None:
    sold(service, collection_method="send_invoice", days_until_due=30)
    (draft,) = service.pages(service.api.invoices)
    service.api.invoices.finalize_invoice(draft["id"])
    billing = StripeBilling(service, clock)
    receipt = await billing.issue_final_invoice(final(date(2026, 3, 12)))
    assert receipt.total == eur(100_00)  # ten of 31 days, from the second of March
    assert service.api.invoices.retrieve(draft["id"]).status == "void"
    assert not list(service.pages(service.api.credit_notes))
    shown = await billing.read_back("acc-1", date(2026, 3, 12))
    assert [(one.kind, one.paid) for one in shown.invoices] == [(InvoiceKind.FINAL, False)]


async def test_an_unpaid_invoice_is_not_paid_back(service: StripeService, clock: WallClock) -> None:
    sold(service, collection_method="send_invoice", days_until_due=30)
    (draft,) = service.pages(service.api.invoices)
    service.api.invoices.finalize_invoice(draft["id"])
    request = RefundInvoice(key="refund/1", account_id="acc-1", invoice_id=draft["id"], amount=eur(1))
    with pytest.raises(PermanentFault, match="no paid invoice"):
        await StripeBilling(service, clock).refund(request)


async def test_a_subscription_that_was_sold_in_stripe_is_settled_to_the_day(
    service: StripeService, clock: WallClock
) -> None:
    sold(service)
    billing = StripeBilling(service, clock)
    await billing.apply_concession(discount(50, date(2026, 4, 2), date(2026, 7, 2)))
    seen = await billing.preview_final_invoice(previewed(date(2026, 3, 23)))
    receipt = await billing.issue_final_invoice(final(date(2026, 3, 23)))
    assert receipt.total == seen.total == eur(-100_00)  # ten of 31 days are left
    shown = await billing.read_back("acc-1", date(2026, 3, 23))
    assert (shown.state, shown.future) == (SubscriptionState.ENDED, ())


async def test_a_live_stripe_gets_no_subscription_from_us(stripe_world: StripeWorld) -> None:
    live = StripeAccount(key=SecretStr("sk_live_1"), url=stripe_world.url)
    with pytest.raises(PermanentFault, match="give its customer the metadata account_id there"):
        await StripeBilling(StripeService(live)).open_subscription(opening())
    assert not stripe_world.asked


async def test_a_customer_is_found_by_search_where_it_is_no_new_one(
    billing: StripeBilling, stripe_world: StripeWorld, clock: WallClock
) -> None:
    clock.advance(days=2)
    begun = len(stripe_world.asked)
    await billing.read_back("acc-1", END)
    assert [one.path for one in stripe_world.asked[begun:]][:2] == ["/v1/customers/search", "/v1/subscriptions"]


async def test_a_new_customer_is_found_before_stripes_search_knows_it(
    billing: StripeBilling, stripe_world: StripeWorld
) -> None:
    stripe_world.answers.append(Answer(200, {}, b'{"object": "search_result", "data": [], "has_more": false}'))
    assert (await billing.read_back("acc-1", END)).account_id == "acc-1"


async def test_two_customers_of_one_account_are_left_to_a_person(
    billing: StripeBilling, service: StripeService
) -> None:
    service.api.customers.create({"metadata": {"account_id": "acc-1"}})
    with pytest.raises(PermanentFault, match="2 customers in Stripe have the account_id 'acc-1'"):
        await billing.read_back("acc-1", END)


async def test_two_subscriptions_of_one_account_are_left_to_a_person(
    billing: StripeBilling, service: StripeService
) -> None:
    standing = service.standing("acc-1")
    items = [{"price": price} for price, _ in standing.items]
    service.api.subscriptions.create({"customer": standing.customer, "items": items})
    with pytest.raises(PermanentFault, match="has 2 subscriptions in Stripe"):
        await billing.issue_final_invoice(final(END))


async def test_a_quarter_is_no_interval_that_is_divided_by_days(service: StripeService, clock: WallClock) -> None:
    sold(service, recurring={"interval": "month", "interval_count": 3})
    with pytest.raises(PermanentFault, match="neither by the month nor by the year"):
        await StripeBilling(service, clock).preview_final_invoice(previewed(END))


async def test_a_subscription_is_read_anew_by_its_id_with_why_it_ends(service: StripeService, clock: WallClock) -> None:
    found = sold(service)
    why = {"feedback": "too_expensive", "comment": "the new budget"}
    service.api.subscriptions.update(found, {"cancel_at_period_end": True, "cancellation_details": why})
    reader = StripeBilling(service, clock)
    assert (seen := await reader.subscription(found))
    assert (seen.account_id, seen.feedback, seen.ends_on) == ("acc-1", "too_expensive", date(2026, 4, 2))
    assert seen.cancelled_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert "the new budget" not in seen.model_dump_json()
    service.api.subscriptions.cancel(found)
    assert (gone := await reader.subscription(found))
    assert gone.ends_on == date(2026, 3, 2)


async def test_a_subscription_that_nobody_knows_is_none(service: StripeService, clock: WallClock) -> None:
    assert await StripeBilling(service, clock).subscription("sub_of_nobody") is None
