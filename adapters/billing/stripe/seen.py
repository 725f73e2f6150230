"""What Stripe shows when it is read back: an account's billing on a day, and a subscription by its own id."""

from __future__ import annotations

from datetime import date, datetime

import stripe

from adapters.billing.prorating import next_charge
from adapters.billing.stripe.service import StripeService
from adapters.billing.stripe.standing import ACCOUNT, Standing, id_of, moment_of
from adapters.billing.taxing import tax_line, total
from models.account import Money
from models.billing import BillingState, FutureInvoice, InvoiceLine, SubscriptionState
from models.webhooks import ReadSubscription

_MISSING = "resource_missing"


def seen(service: StripeService, subscription_id: str) -> ReadSubscription | None:
    """A subscription, read anew; None where Stripe has none of that id, or neither it nor its customer names an account."""
    try:
        found = service.plain(service.api.subscriptions.retrieve(subscription_id))
    except stripe.InvalidRequestError as error:
        if error.code == _MISSING:
            return None
        raise
    account_id = (found["metadata"] or {}).get(ACCOUNT) or _account_of(service, id_of(found["customer"]))
    ends = _moment(found["ended_at"] or found["cancel_at"])
    return (
        ReadSubscription(
            id=found["id"],
            account_id=account_id,
            cancelled_at=_moment(found["canceled_at"]),
            ends_on=ends.date() if ends else None,
            feedback=(found.get("cancellation_details") or {}).get("feedback") or "",
        )
        if account_id
        else None
    )


def state_of(standing: Standing, on: date) -> BillingState:
    """How an account stands on a day; a draft that Stripe will collect by itself is a charge to come."""
    pause = standing.pause_on(on)
    return BillingState(
        account_id=standing.account_id,
        state=_state(standing, on),
        price=standing.price,
        interval=standing.interval,
        started=standing.started,
        paid_through=standing.billed_through,
        ends_on=standing.last_day,
        paused_from=pause.starts if pause else None,
        paused_until=pause.ends if pause else None,
        discounts=standing.terms.discounts,
        future=_future(standing),
        invoices=tuple(bill.invoice for bill in standing.bills if bill.counts),
    )


def _moment(stamp: int | None) -> datetime | None:
    return moment_of(stamp) if stamp else None


def _account_of(service: StripeService, customer: str) -> str:
    found = service.plain(service.api.customers.retrieve(customer))
    return str((found.get("metadata") or {}).get(ACCOUNT, ""))


def _state(standing: Standing, on: date) -> SubscriptionState:
    if standing.last_day is not None:
        return SubscriptionState.ENDED if standing.last_day <= on else SubscriptionState.ENDING
    return SubscriptionState.PAUSED if standing.pause_on(on) else SubscriptionState.ACTIVE


def _future(standing: Standing) -> tuple[FutureInvoice, ...]:
    drafts = (bill.invoice for bill in standing.bills if bill.status == "draft" and bill.collecting)
    waiting = tuple(FutureInvoice(on=draft.issued_for, amount=draft.total) for draft in drafts)
    ends_on = standing.ends_on
    if standing.over or (standing.final and ends_on and ends_on <= standing.period_end):
        return waiting
    coming = next_charge(standing.terms, standing.billed_through, ends_on)
    return (*waiting, _with_tax(standing, coming)) if coming else waiting


def _with_tax(standing: Standing, coming: FutureInvoice) -> FutureInvoice:
    net = InvoiceLine(starts=coming.on, ends=coming.on, amount=coming.amount)
    tax = tax_line((net,), standing.tax, standing.price.currency)
    return FutureInvoice(on=coming.on, amount=Money(minor=total((net,), tax), currency=standing.price.currency))
