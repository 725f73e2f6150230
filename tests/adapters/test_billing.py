"""Billing: money to the day and to the cent, once for a key."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.billing.port import BillingPort
from adapters.billing.prorating import Terms, charge, credit, half_up, period_of
from adapters.billing.taxing import tax_line, total
from adapters.portfolio.records import subscription
from models.account import Money
from models.billing import (
    ApplyConcession,
    DatedDiscount,
    Interval,
    InvoiceKind,
    IssueFinalInvoice,
    OpenSubscription,
    PauseBilling,
    PreviewFinalInvoice,
    RefundInvoice,
    ResumeBilling,
    StopCharging,
    SubscriptionState,
    Tax,
)
from models.crm import AccountRecord
from models.faults import PermanentFault


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def opening(key: str = "open/1", price: int = 310_00, account: str = "acc-1") -> OpenSubscription:
    return OpenSubscription(
        key=key,
        account_id=account,
        price=eur(price),
        interval=Interval.MONTH,
        started=date(2025, 1, 1),
        paid_through=date(2026, 4, 1),
    )


def final(end: date, key: str = "final/1") -> IssueFinalInvoice:
    return IssueFinalInvoice(key=key, account_id="acc-1", end_date=end)


def previewed(end: date) -> PreviewFinalInvoice:
    return PreviewFinalInvoice(key=f"preview/{end}", account_id="acc-1", end_date=end)


def discount(pct: int, starts: date, ends: date, key: str = "coupon/1") -> ApplyConcession:
    return ApplyConcession(
        key=key, account_id="acc-1", schedule=(DatedDiscount(pct=pct, starts=starts, ends=ends),), reason="budget"
    )


@pytest.fixture
async def subscribed(billing: BillingPort) -> BillingPort:
    await billing.open_subscription(opening())
    return billing


async def test_an_open_subscription_shows_its_next_charge(subscribed: BillingPort) -> None:
    state = await subscribed.read_back("acc-1", date(2026, 3, 10))
    assert state.state is SubscriptionState.ACTIVE
    assert [(coming.on, coming.amount) for coming in state.future] == [(date(2026, 4, 1), eur(310_00))]
    assert [(invoice.total, invoice.paid) for invoice in state.invoices] == [(eur(310_00), True)]


async def test_the_final_invoice_gives_back_the_days_that_were_paid_and_not_used(subscribed: BillingPort) -> None:
    receipt = await subscribed.issue_final_invoice(final(date(2026, 3, 22)))  # 10 of 31 days are left
    assert receipt.total == eur(-100_00)


async def test_the_final_invoice_charges_the_days_that_were_used_and_not_paid(subscribed: BillingPort) -> None:
    receipt = await subscribed.issue_final_invoice(final(date(2026, 5, 11)))  # April, and 10 of 31 days of May
    assert receipt.total == eur(310_00 + 100_00)


async def test_after_the_final_invoice_nothing_is_charged(subscribed: BillingPort) -> None:
    await subscribed.issue_final_invoice(final(date(2026, 5, 11)))
    state = await subscribed.read_back("acc-1", date(2026, 5, 11))
    assert state.state is SubscriptionState.ENDED
    assert state.future == ()


async def test_the_final_invoice_is_issued_once_for_its_key(subscribed: BillingPort) -> None:
    first, *rest = await asyncio.gather(*(subscribed.issue_final_invoice(final(date(2026, 3, 22))) for _ in range(4)))
    assert {each.id for each in rest} == {first.id}
    assert {each.total for each in rest} == {first.total}
    assert len((await subscribed.read_back("acc-1", date(2026, 3, 22))).invoices) == 2


async def test_a_settled_account_is_not_settled_again_under_another_key(subscribed: BillingPort) -> None:
    await subscribed.issue_final_invoice(final(date(2026, 3, 22)))
    with pytest.raises(PermanentFault, match="was settled to 2026-03-22") as refusal:
        await subscribed.issue_final_invoice(final(date(2026, 4, 22), key="final/2"))
    assert refusal.value.kind == "BillingRefused"


async def test_a_discount_lowers_what_comes_and_ends_on_its_day(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(50, date(2026, 4, 1), date(2026, 4, 16)))
    state = await subscribed.read_back("acc-1", date(2026, 4, 2))
    assert state.future[0].amount == eur(77_50 + 155_00)  # 15 days at half price, 15 at full
    assert state.discounts == (DatedDiscount(pct=50, starts=date(2026, 4, 1), ends=date(2026, 4, 16)),)


async def test_a_discount_on_days_that_are_paid_is_given_back(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(50, date(2026, 3, 22), date(2026, 6, 1)))  # 10 days of March are paid
    (_, given) = (await subscribed.read_back("acc-1", date(2026, 3, 22))).invoices
    assert (given.kind, given.total, given.paid) == (InvoiceKind.ADJUSTMENT, eur(-50_00), False)


async def test_a_discount_is_given_back_once_also_when_it_is_asked_for_again(subscribed: BillingPort) -> None:
    for _ in range(2):
        await subscribed.apply_concession(discount(50, date(2026, 3, 22), date(2026, 6, 1)))
    state = await subscribed.read_back("acc-1", date(2026, 3, 22))
    assert [one.total for one in state.invoices if one.kind is InvoiceKind.ADJUSTMENT] == [eur(-50_00)]


async def test_days_that_were_given_back_are_not_given_back_again_at_the_end(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(50, date(2026, 3, 1), date(2026, 6, 1)))
    foreseen = await subscribed.preview_final_invoice(previewed(date(2026, 3, 22)))
    assert (await subscribed.issue_final_invoice(final(date(2026, 3, 22)))).total == foreseen.total == eur(-50_00)
    assert foreseen.refund == eur(155_00 + 50_00)  # half of March, and the other half of its last ten days


async def test_what_was_given_back_lowers_what_is_still_to_be_paid(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(50, date(2026, 3, 1), date(2026, 4, 1)))
    foreseen = await subscribed.preview_final_invoice(previewed(date(2026, 5, 1)))
    assert (foreseen.total, foreseen.balance, foreseen.refund) == (eur(310_00), eur(155_00), eur(0))


async def test_a_pause_on_paid_days_gives_them_back_and_its_early_end_takes_the_rest_again(
    subscribed: BillingPort,
) -> None:
    until = date(2026, 6, 1)
    pause = PauseBilling(key="pause/1", account_id="acc-1", from_date=date(2026, 3, 12), until=until)
    await subscribed.pause(pause)
    await subscribed.resume(ResumeBilling(key="resume/1", account_id="acc-1", from_date=date(2026, 3, 22)))
    state = await subscribed.read_back("acc-1", date(2026, 3, 22))
    adjusted = [one.total for one in state.invoices if one.kind is InvoiceKind.ADJUSTMENT]
    assert sorted(one.minor for one in adjusted) == [-200_00, 100_00]


@given(
    st.integers(1, 100),
    st.integers(0, 30),
    st.integers(1, 30),
    st.integers(0, 31),
    st.integers(1, 99_999),
)
def test_a_year_with_a_discount_costs_the_same_whether_it_was_paid_before_or_not(
    pct: int, first: int, days: int, left: int, price: int
) -> None:
    begun, end = date(2026, 3, 1), date(2026, 4, 1)
    plain = Terms(price=eur(price), interval=Interval.MONTH, started=begun)
    starts = begun + timedelta(days=first)
    given_up = DatedDiscount(pct=pct, starts=starts, ends=min(starts + timedelta(days=days), end))
    cheaper = plain.model_copy(update={"discounts": (given_up,)})
    paid = charge(plain, begun, end)
    adjusted = (*credit(paid, given_up.starts, given_up.ends), *charge(cheaper, given_up.starts, given_up.ends))
    leaves = begun + timedelta(days=left)
    back = credit((*paid, *adjusted), leaves, end)
    cost = sum(line.amount.minor for line in (*paid, *adjusted, *back))
    assert abs(cost - sum(line.amount.minor for line in charge(cheaper, begun, leaves))) <= 4  # one rounding a line


async def test_a_day_has_one_discount(subscribed: BillingPort) -> None:
    await subscribed.apply_concession(discount(20, date(2026, 4, 1), date(2026, 7, 1)))
    with pytest.raises(PermanentFault, match="from 2026-07-01 on"):
        await subscribed.apply_concession(discount(30, date(2026, 6, 30), date(2026, 8, 1), key="coupon/2"))
    await subscribed.apply_concession(discount(10, date(2026, 7, 1), date(2026, 8, 1), key="coupon/3"))


async def test_a_price_schedule_is_one_concession(subscribed: BillingPort) -> None:
    april, may, june = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
    parts = (DatedDiscount(pct=30, starts=april, ends=may), DatedDiscount(pct=10, starts=may, ends=june))
    await subscribed.apply_concession(ApplyConcession(key="schedule/1", account_id="acc-1", schedule=parts))
    assert (await subscribed.issue_final_invoice(final(june))).total == eur(217_00 + 279_00)


def test_a_schedule_that_overlaps_itself_is_refused() -> None:
    parts = tuple(DatedDiscount(pct=10, starts=date(2026, 4, day), ends=date(2026, 5, 1)) for day in (1, 15))
    with pytest.raises(ValidationError, match="overlap"):
        ApplyConcession(key="k", account_id="acc-1", schedule=parts)


async def test_a_pause_moves_the_next_charge_behind_it(subscribed: BillingPort) -> None:
    await subscribed.pause(
        PauseBilling(key="pause/1", account_id="acc-1", from_date=date(2026, 4, 1), until=date(2026, 6, 1))
    )
    state = await subscribed.read_back("acc-1", date(2026, 4, 10))
    assert state.state is SubscriptionState.PAUSED
    assert state.future[0].on == date(2026, 6, 1)


async def test_resuming_early_charges_from_that_day(subscribed: BillingPort) -> None:
    await subscribed.pause(
        PauseBilling(key="pause/1", account_id="acc-1", from_date=date(2026, 4, 1), until=date(2026, 6, 1))
    )
    await subscribed.resume(ResumeBilling(key="resume/1", account_id="acc-1", from_date=date(2026, 4, 16)))
    state = await subscribed.read_back("acc-1", date(2026, 4, 16))
    assert state.state is SubscriptionState.ACTIVE
    assert (state.future[0].on, state.future[0].amount) == (date(2026, 4, 16), eur(155_00))


async def test_a_stop_leaves_no_charge_and_can_be_taken_back(subscribed: BillingPort) -> None:
    await subscribed.stop_charging(StopCharging(key="stop/1", account_id="acc-1", from_date=date(2026, 4, 1)))
    assert (await subscribed.read_back("acc-1", date(2026, 3, 10))).state is SubscriptionState.ENDING
    assert (await subscribed.read_back("acc-1", date(2026, 4, 1))).future == ()

    await subscribed.resume(ResumeBilling(key="resume/1", account_id="acc-1", from_date=date(2026, 3, 10)))
    assert (await subscribed.read_back("acc-1", date(2026, 4, 1))).future[0].amount == eur(310_00)


async def test_never_more_is_paid_back_than_was_paid(subscribed: BillingPort) -> None:
    (invoice,) = (await subscribed.read_back("acc-1", date(2026, 3, 1))).invoices

    def refund(key: str, minor: int) -> RefundInvoice:
        return RefundInvoice(key=key, account_id="acc-1", invoice_id=invoice.id, amount=eur(minor))

    await subscribed.refund(refund("refund/1", 300_00))
    await subscribed.refund(refund("refund/1", 300_00))
    with pytest.raises(PermanentFault, match="at most 1000 minor units of EUR"):
        await subscribed.refund(refund("refund/2", 10_01))
    await subscribed.refund(refund("refund/3", 10_00))
    (after,) = (await subscribed.read_back("acc-1", date(2026, 3, 1))).invoices
    assert after.refunded == eur(310_00)


async def test_a_refund_in_another_currency_or_of_another_account_is_refused(subscribed: BillingPort) -> None:
    (invoice,) = (await subscribed.read_back("acc-1", date(2026, 3, 1))).invoices
    await subscribed.open_subscription(opening("open/2", account="acc-2"))
    for account, currency in (("acc-1", "USD"), ("acc-2", "EUR")):
        request = RefundInvoice(
            key=account, account_id=account, invoice_id=invoice.id, amount=Money(minor=1, currency=currency)
        )
        with pytest.raises(PermanentFault) as refusal:
            await subscribed.refund(request)
        assert refusal.value.kind == "BillingRefused"


async def test_an_account_without_a_subscription_is_refused(billing: BillingPort) -> None:
    with pytest.raises(PermanentFault, match="no subscription of the account 'acc-1'") as refusal:
        await billing.issue_final_invoice(final(date(2026, 3, 22)))
    assert refusal.value.kind == "UnknownSubscription"


async def test_an_amount_in_rupiah_is_not_too_large(billing: BillingPort) -> None:
    price = Money(minor=98_000_000_000_000, currency="IDR")
    await billing.open_subscription(opening().model_copy(update={"price": price}))
    assert (await billing.read_back("acc-1", date(2026, 3, 1))).future[0].amount == price


def test_a_subscription_from_the_31st_is_invoiced_on_the_last_day_of_a_short_month() -> None:
    terms = Terms(price=eur(100), interval=Interval.MONTH, started=date(2024, 1, 31))
    assert period_of(terms, date(2024, 2, 29)) == (date(2024, 2, 29), date(2024, 3, 31))
    assert period_of(terms, date(2024, 3, 30)) == (date(2024, 2, 29), date(2024, 3, 31))


@pytest.mark.parametrize(("numerator", "rounded"), [(5, 3), (4, 2), (-5, -3), (-4, -2), (0, 0)])
def test_half_a_cent_is_rounded_away_from_zero(numerator: int, rounded: int) -> None:
    assert half_up(numerator, 2) == rounded


days = st.dates(min_value=date(2024, 1, 31), max_value=date(2028, 12, 31))


@given(st.integers(0, 10**12), st.sampled_from(Interval), days, days, days)
def test_what_is_used_and_what_is_given_back_make_the_whole(
    price: int, interval: Interval, one: date, other: date, between: date
) -> None:
    terms = Terms(price=eur(price), interval=interval, started=date(2024, 1, 31))
    first, end, last = sorted((one, between, other))
    paid = charge(terms, first, last)
    back = credit(paid, end, last)
    used = charge(terms, first, end)
    kept = sum(line.amount.minor for line in used) - sum(line.amount.minor for line in back)
    assert abs(kept - sum(line.amount.minor for line in paid)) <= 2  # a half at the cut, on each side of it
    assert sum((line.ends - line.starts).days for line in paid) == (last - first).days


@given(days)
def test_a_whole_period_costs_its_price(day: date) -> None:
    terms = Terms(price=eur(99_99), interval=Interval.MONTH, started=date(2024, 1, 31))
    first, last = period_of(terms, day)
    assert first <= day < last
    assert [line.amount for line in charge(terms, first, last)] == [eur(99_99)]


LEDGER = pytest.mark.parametrize("biller", ["sqlite", "postgresql"], indirect=True)
"""Where the Stripe of the tests cannot: it knows no taxes on an invoice of ours (docs/parts/stripe.md)."""
TAXED = opening().model_copy(update={"tax": Tax(name="SST", bp=800)})


@LEDGER
async def test_an_invoice_adds_the_tax_to_its_lines(billing: BillingPort) -> None:
    await billing.open_subscription(TAXED)
    await billing.issue_final_invoice(final(date(2026, 5, 11)))
    paid, last = (await billing.read_back("acc-1", date(2026, 5, 11))).invoices
    assert (paid.total, paid.tax and paid.tax.amount) == (eur(334_80), eur(24_80))
    assert (last.total, last.tax and last.tax.amount) == (eur(442_80), eur(32_80))
    assert [line.amount for line in last.lines] == [eur(310_00), eur(100_00)]


@LEDGER
async def test_days_that_are_given_back_give_their_tax_back(billing: BillingPort) -> None:
    await billing.open_subscription(TAXED)
    foreseen = await billing.preview_final_invoice(previewed(date(2026, 3, 22)))
    assert (foreseen.total, foreseen.refund, foreseen.tax and foreseen.tax.amount) == (
        eur(-108_00),
        eur(108_00),
        eur(-8_00),
    )
    assert (await billing.issue_final_invoice(final(date(2026, 3, 22)))).total == eur(-108_00)


async def test_the_next_charge_is_shown_with_its_tax(billing: BillingPort) -> None:
    await billing.open_subscription(TAXED)
    assert (await billing.read_back("acc-1", date(2026, 3, 10))).future[0].amount == eur(334_80)


@given(st.integers(0, 99_999_999), st.integers(0, 10_000), st.integers(1, 40))
def test_lines_and_tax_are_the_total_and_the_tax_is_within_half_a_cent(price: int, bp: int, days: int) -> None:
    begun = date(2026, 3, 1)
    lines = charge(Terms(price=eur(price), interval=Interval.MONTH, started=begun), begun, begun + timedelta(days=days))
    tax = tax_line(lines, Tax(name="VAT", bp=bp), "EUR")
    assert tax is not None
    net = sum(line.amount.minor for line in lines)
    assert total(lines, tax) == net + tax.amount.minor
    assert abs(tax.amount.minor * 10_000 - net * bp) <= 5_000


async def test_an_imported_year_was_paid_whole_also_where_its_renewal_is_not_the_day_it_began(
    billing: BillingPort,
) -> None:
    account = AccountRecord(
        id="acc-1",
        name="A",
        arr=eur(365_00),
        customer_since=date(2023, 10, 30),
        renewal_date=date(2027, 11, 9),
    )
    opening = subscription(account, None)
    assert opening is not None
    await billing.open_subscription(opening)
    (paid,) = (await billing.read_back("acc-1", date(2027, 1, 1))).invoices
    assert (paid.lines[0].starts, paid.lines[-1].ends) == (date(2026, 11, 9), date(2027, 11, 9))
    assert paid.total == eur(365_00)
    assert opening.started == date(2023, 11, 9)
