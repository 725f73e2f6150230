"""What cannot be settled to the cent is refused and left to a person, before anything is written in Stripe."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest

from adapters.billing.stripe.billing import StripeBilling
from adapters.billing.stripe.plainness import check_plain
from adapters.billing.stripe.service import StripeService
from adapters.observe.logging import configure_logging
from models.faults import PermanentFault
from settings import LogFormat, LogLevel
from tests.adapters.by_stripe.asking import END, sold
from tests.adapters.conftest import WallClock
from tests.adapters.test_billing import discount, final
from tests.stripe_world import Answer, StripeWorld

SOON = date(2026, 3, 12)
RATE = {"percentage": 8.0, "inclusive": False}
OWN = {"source": {"coupon": "followthrough-30-percent", "type": "coupon"}}


def unpaid(service: StripeService) -> str:
    """An invoice of March that was sent and is not paid."""
    sold(service, collection_method="send_invoice", days_until_due=30)
    (draft,) = service.pages(service.api.invoices)
    service.api.invoices.finalize_invoice(draft["id"])
    return str(draft["id"])


async def test_what_was_given_up_is_not_credited(service: StripeService, clock: WallClock) -> None:
    service.api.invoices.mark_uncollectible(unpaid(service))
    with pytest.raises(PermanentFault, match="was given up or corrected unpaid"):
        await StripeBilling(service, clock).issue_final_invoice(final(SOON))
    assert service.standing("acc-1").balance == 0


async def test_the_correction_of_an_unpaid_invoice_is_not_credited(service: StripeService, clock: WallClock) -> None:
    invoice = unpaid(service)
    billing = StripeBilling(service, clock)
    await billing.apply_concession(discount(50, date(2026, 3, 2), date(2026, 4, 2)))
    with pytest.raises(PermanentFault, match="was given up or corrected unpaid"):
        await billing.issue_final_invoice(final(SOON))
    assert service.api.invoices.retrieve(invoice).status == "open"


async def test_an_invoice_that_was_paid_while_it_was_to_be_replaced_is_not_charged_again(
    service: StripeService, clock: WallClock, stripe_world: StripeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = unpaid(service)
    billing = StripeBilling(service, clock)
    drafted = billing._documents.drafted

    def paid_meanwhile(*given: Any) -> Any:
        bill = drafted(*given)
        service.api.invoices.pay(invoice, {"paid_out_of_band": True})
        return bill

    monkeypatch.setattr(billing._documents, "drafted", paid_meanwhile)
    with pytest.raises(PermanentFault, match=f"invoice {invoice} was paid while its days were reckoned anew"):
        await billing.issue_final_invoice(final(SOON))
    assert [one["status"] for one in service.pages(service.api.invoices)].count("open") == 0


@pytest.mark.parametrize(
    ("found", "items", "rates", "sentence"),
    [
        ({"discounts": ["di_1"]}, [], [], "a discount that was given in Stripe"),
        ({"discounts": [{"source": {"coupon": "SUMMER"}}]}, [], [], "a discount that was given in Stripe"),
        ({}, [{"discounts": [{"coupon": {"id": "SUMMER"}}]}], [], "a discount that was given in Stripe"),
        ({"automatic_tax": {"enabled": True}}, [], [], "reckons the tax of the subscription by itself"),
        ({}, [{"tax_rates": [RATE]}], [], "item by item"),
        ({}, [], [RATE | {"inclusive": True}], "a tax is part of the price"),
        ({}, [], [RATE | {"percentage": 8.875}], "more than two decimals"),
    ],
)
def test_what_is_not_simply_added_is_settled_by_hand(
    found: dict[str, Any], items: list[Any], rates: list[Any], sentence: str
) -> None:
    with pytest.raises(PermanentFault, match=sentence) as refused:
        check_plain(found, items, rates)
    assert refused.value.kind == "BillingRefused"


def test_our_own_coupon_and_plain_taxes_are_reckoned_with() -> None:
    check_plain({"discounts": [OWN], "automatic_tax": {"enabled": False}}, [{"discounts": []}], [RATE])
    check_plain({"discounts": [{"coupon": {"id": "followthrough-5000-eur"}}]}, [], [RATE | {"percentage": 8.25}])


async def test_neither_stripes_words_nor_the_key_reach_the_log(
    billing: StripeBilling, stripe_world: StripeWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    before = logging.getLogger().handlers[:]
    configure_logging(LogFormat.CONSOLE, LogLevel.INFO)
    try:
        said = b'{"error": {"type": "invalid_request_error", "message": "Ann Tan card declined"}}'
        stripe_world.answers.append(Answer(400, {}, said))
        with pytest.raises(PermanentFault):
            await billing.issue_final_invoice(final(END))
    finally:
        logging.getLogger().handlers[:] = before
    assert "Ann Tan" not in "".join(capsys.readouterr())
