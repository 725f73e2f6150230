"""Once for a key by Stripe, whatever answer is lost and whatever Stripe forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.service import StripeService
from models.billing import (
    InvoiceKind,
    RefundInvoice,
)
from models.faults import PermanentFault, TransientFault
from tests.adapters.by_stripe.asking import END, JUNE, another, pause, stop
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import discount, eur, final, previewed
from tests.stripe_world import StripeWorld


async def test_each_thing_that_is_made_carries_our_key_twice(billing: StripeBilling, stripe_world: StripeWorld) -> None:
    seen = await billing.preview_final_invoice(previewed(END))
    begun = len(stripe_world.asked)
    await billing.issue_final_invoice(final(END))
    await billing.refund(
        RefundInvoice(key="refund/1", account_id="acc-1", invoice_id=seen.refund_invoice, amount=seen.refund)
    )
    made = ("/v1/invoices", "/v1/invoiceitems", "/v1/credit_notes", "/balance_transactions")
    posted = [one for one in stripe_world.asked[begun:] if one.method == "POST" and one.path.endswith(made)]
    assert len(posted) == 4
    for one in posted:
        assert one.key.startswith(one.given["metadata[followthrough_key]"].split("/line")[0])


Act = Callable[[StripeBilling], Any]


def settle(billing: StripeBilling) -> Any:
    return billing.issue_final_invoice(final(END))


def discounted(billing: StripeBilling) -> Any:
    return billing.apply_concession(discount(50, END, JUNE))


def paused(billing: StripeBilling) -> Any:
    return billing.pause(pause(END, JUNE))


def stopped(billing: StripeBilling) -> Any:
    return billing.stop_charging(stop(END))


@pytest.mark.parametrize(
    ("path", "act", "invoices"),
    [
        ("/v1/invoices", settle, 2),
        ("/v1/invoiceitems", settle, 2),
        ("/finalize", settle, 2),
        ("/v1/subscriptions/", settle, 2),
        ("/v1/subscriptions/", discounted, 2),
        ("/v1/invoices", discounted, 2),
        ("/v1/subscription_schedules", discounted, 2),
        ("/v1/subscriptions/", paused, 2),
        ("/v1/subscriptions/", stopped, 1),
    ],
)
async def test_an_answer_that_is_lost_is_looked_up_also_when_stripe_has_forgotten_the_key(
    billing: StripeBilling, stripe_world: StripeWorld, clock: WallClock, path: str, act: Act, invoices: int
) -> None:
    stripe_world.lost.append(path)
    with pytest.raises(TransientFault, match="did not answer"):
        await act(billing)
    assert not stripe_world.lost
    clock.advance(days=3)
    stripe_world.forget_keys()
    await act(another(stripe_world, clock))
    assert len((await billing.read_back("acc-1", END)).invoices) == invoices


async def test_an_invoice_that_was_left_unfinished_gets_the_lines_that_it_lacks(
    billing: StripeBilling, stripe_world: StripeWorld, clock: WallClock
) -> None:
    stripe_world.lost.append("/v1/invoiceitems")
    asked = final(date(2026, 5, 11))  # April, and ten of 31 days of May
    with pytest.raises(TransientFault):
        await billing.issue_final_invoice(asked)
    stripe_world.forget_keys()
    assert (await another(stripe_world, clock).issue_final_invoice(asked)).total == eur(410_00)


async def test_money_is_paid_back_once_whatever_is_lost(
    billing: StripeBilling, service: StripeService, stripe_world: StripeWorld, clock: WallClock
) -> None:
    seen = await billing.preview_final_invoice(previewed(END))
    await billing.issue_final_invoice(final(END))
    request = RefundInvoice(key="refund/1", account_id="acc-1", invoice_id=seen.refund_invoice, amount=seen.refund)
    for path in ("/v1/credit_notes", "/balance_transactions"):
        stripe_world.lost.append(path)
        with pytest.raises(TransientFault):
            await billing.refund(request)
        stripe_world.forget_keys()
    receipt = await another(stripe_world, clock).refund(request)
    assert receipt.replayed
    assert [refund["amount"] for refund in service.pages(service.api.refunds)] == [100_00]
    assert service.standing("acc-1").balance == 0


async def test_two_workers_with_one_key_issue_one_invoice(
    billing: StripeBilling, stripe_world: StripeWorld, clock: WallClock
) -> None:
    other = another(stripe_world, clock)
    done = await asyncio.gather(
        *(one.issue_final_invoice(final(END)) for one in (billing, other)), return_exceptions=True
    )
    assert not [one for one in done if isinstance(one, PermanentFault)]
    await other.issue_final_invoice(final(END))
    kinds = [one.kind for one in (await billing.read_back("acc-1", END)).invoices]
    assert kinds.count(InvoiceKind.FINAL) == 1
