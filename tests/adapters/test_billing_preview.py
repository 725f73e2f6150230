"""The final invoice before it is issued: what it will come to, to the cent, and nothing changes (OFFB-18, OFFB-21)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.billing.port import BillingPort
from adapters.billing.previewing import Paid, preview
from models.account import Money
from models.billing import InvoiceLine, LineKind, PreviewFinalInvoice, RefundInvoice, StopCharging
from models.faults import PermanentFault
from tests.adapters.test_billing import discount, eur, final, opening

END = date(2026, 3, 22)  # 10 of 31 days are left


def asked(end: date = END, key: str = "preview/1") -> PreviewFinalInvoice:
    return PreviewFinalInvoice(key=key, account_id="acc-1", case_id="case-1", end_date=end)


@pytest.fixture
async def subscribed(billing: BillingPort) -> BillingPort:
    await billing.open_subscription(opening())
    return billing


async def test_a_preview_is_the_invoice_that_is_issued_then(subscribed: BillingPort) -> None:
    seen = await subscribed.preview_final_invoice(asked())
    issued = await subscribed.issue_final_invoice(final(END))
    invoice = (await subscribed.read_back("acc-1", END)).invoices[-1]
    assert (seen.total, sum(line.amount.minor for line in seen.lines)) == (issued.total, invoice.total.minor)
    assert seen.total == eur(-100_00)


async def test_what_was_paid_and_not_used_is_paid_back_on_the_invoice_that_was_paid(subscribed: BillingPort) -> None:
    seen = await subscribed.preview_final_invoice(asked())
    paid = (await subscribed.read_back("acc-1", END)).invoices[0]
    assert (seen.refund, seen.refund_invoice, seen.balance) == (eur(100_00), paid.id, eur(0))
    await subscribed.issue_final_invoice(final(END))
    refund = RefundInvoice(key="refund/1", account_id="acc-1", invoice_id=seen.refund_invoice, amount=seen.refund)
    await subscribed.refund(refund)


async def test_a_discount_is_part_of_it(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(50, date(2026, 4, 1), date(2026, 6, 1)))
    assert (await subscribed.preview_final_invoice(asked(date(2026, 5, 1)))).total == eur(155_00)


async def test_nothing_changes_however_often_somebody_looks(subscribed: BillingPort) -> None:
    before = await subscribed.read_back("acc-1", date(2026, 3, 10))
    first = await subscribed.preview_final_invoice(asked())
    again = await subscribed.preview_final_invoice(asked())
    assert (first.total, first.lines) == (again.total, again.lines)
    assert await subscribed.read_back("acc-1", date(2026, 3, 10)) == before


async def test_a_later_end_can_be_previewed_after_charging_was_stopped(subscribed: BillingPort) -> None:
    await subscribed.stop_charging(StopCharging(key="stop/1", account_id="acc-1", from_date=END))
    assert (await subscribed.preview_final_invoice(asked())).total == eur(-100_00)


async def test_there_is_one_final_invoice_and_no_preview_of_another(subscribed: BillingPort) -> None:
    await subscribed.issue_final_invoice(final(END))
    with pytest.raises(PermanentFault):
        await subscribed.preview_final_invoice(asked())


async def test_an_account_without_a_subscription_has_no_preview(billing: BillingPort) -> None:
    with pytest.raises(PermanentFault, match="acc-1"):
        await billing.preview_final_invoice(asked())


async def test_the_fee_for_ending_early_is_a_line_of_its_own_and_less_is_paid_back(
    subscribed: BillingPort,
) -> None:  # CANC-46
    seen = await subscribed.preview_final_invoice(asked().model_copy(update={"fee": eur(30_00)}))
    assert [(line.kind, line.amount) for line in seen.lines][-1] == (LineKind.EARLY_TERMINATION, eur(30_00))
    assert (seen.total, seen.refund, seen.balance) == (eur(-70_00), eur(70_00), eur(0))
    issued = await subscribed.issue_final_invoice(final(END).model_copy(update={"fee": eur(30_00)}))
    assert issued.total == seen.total


async def test_a_fee_above_what_is_given_back_is_owed(subscribed: BillingPort) -> None:  # CANC-46
    seen = await subscribed.preview_final_invoice(asked().model_copy(update={"fee": eur(130_00)}))
    assert (seen.total, seen.refund, seen.balance) == (eur(30_00), eur(0), eur(30_00))


@pytest.mark.parametrize(
    ("left", "back", "rest"), [(100_00, 90_00, None), (60_00, 60_00, eur(30_00)), (0, 0, eur(90_00))]
)
def test_what_the_last_invoice_cannot_give_back_is_reported_and_not_lost(left: int, back: int, rest: Money) -> None:
    credit = InvoiceLine(starts=END, ends=date(2026, 6, 1), amount=eur(-90_00))
    spring = InvoiceLine(starts=date(2026, 3, 1), ends=date(2026, 5, 1), amount=eur(100_00))
    paid = (Paid(id="inv-1", lines=(), left=100_00), Paid(id="inv-2", lines=(spring,), left=left))
    seen = preview(asked(), "EUR", (credit,), None, paid, 0, datetime(2026, 3, 1, tzinfo=UTC))  # OFFB-19
    assert (seen.refund, seen.refund_rest, seen.balance) == (eur(back), rest, eur(0))


async def test_a_fee_in_another_currency_is_refused(subscribed: BillingPort) -> None:
    with pytest.raises(PermanentFault, match="in USD, the subscription in EUR"):
        await subscribed.preview_final_invoice(asked().model_copy(update={"fee": Money(minor=1, currency="USD")}))
