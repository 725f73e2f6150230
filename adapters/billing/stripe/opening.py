"""Subscriptions that we bring into Stripe ourselves: in its test mode only, to try things out.

In live mode Stripe has its own, and a second one would charge the customer twice.
"""

from __future__ import annotations

from datetime import timedelta

from adapters.billing.prorating import Terms, charge, period_of
from adapters.billing.statement import refuse
from adapters.billing.stripe import standing as names
from adapters.billing.stripe.documents import Documents, Issue
from adapters.billing.stripe.service import Plain, StripeService
from adapters.billing.stripe.standing import Standing, stamp_of
from models.billing import InvoiceKind, InvoiceLine, OpenSubscription

_CARD = {"type": "card", "card": {"token": "tok_visa"}}
"""Stripe's own test card."""


class Opening:
    """A customer with Stripe's test card, a subscription that renews where it is paid to, and the invoice that paid it."""

    def __init__(self, service: StripeService, documents: Documents) -> None:
        self._service, self._documents = service, documents
        self._api = service.api

    def check(self) -> None:
        """Refused in live mode."""
        if not self._service.account.is_test:
            raise refuse("a live Stripe has its own subscriptions; give its customer the metadata account_id there")

    def customer(self, request: OpenSubscription) -> str:
        """The customer of the account, made where there is none."""
        named = {"name": request.account_id, "metadata": {names.ACCOUNT: request.account_id}}
        found = self._service.customer(request.account_id) or self._service.make(
            self._api.customers, named, f"{request.key}/customer"
        )
        if not found["invoice_settings"]["default_payment_method"]:
            card = self._service.make(self._api.payment_methods, _CARD, f"{request.key}/card")
            self._api.payment_methods.attach(card["id"], {"customer": found["id"]})
            self._api.customers.update(found["id"], {"invoice_settings": {"default_payment_method": card["id"]}})
        return str(found["id"])

    def subscription(self, request: OpenSubscription, customer: str) -> None:
        """A subscription that charges from the day on to which it is paid."""
        recurring = {"interval": request.interval.value}
        price = {
            "currency": request.price.currency.lower(),
            "unit_amount": request.price.minor,
            "recurring": recurring,
            "product_data": {"name": "Subscription"},
        }
        given: Plain = {
            "customer": customer,
            "items": [{"price": self._service.make(self._api.prices, price, f"{request.key}/price")["id"]}],
            "trial_end": stamp_of(request.paid_through),
            "metadata": {
                names.ACCOUNT: request.account_id,
                names.KEY: request.key,
                names.STARTED: request.started.isoformat(),
            },
        }
        if request.tax:
            rate = {"display_name": request.tax.name, "percentage": request.tax.bp / 100, "inclusive": False}
            given["default_tax_rates"] = [self._service.make(self._api.tax_rates, rate, f"{request.key}/tax")["id"]]
        self._service.make(self._api.subscriptions, given, request.key)

    def history(self, request: OpenSubscription, standing: Standing) -> None:
        """The invoice of what was paid before."""
        lines = _paid_lines(request)
        if not lines:
            return
        key = f"{request.key}/paid"
        wanted = Issue(key=key, kind=InvoiceKind.REGULAR, issued_for=lines[0].starts, lines=lines)
        bill = self._documents.issued(standing, self._documents.drafted(standing, wanted))
        if bill.unpaid:
            self._api.invoices.pay(bill.invoice.id, {}, {"idempotency_key": f"{key}/pay"})


def _paid_lines(request: OpenSubscription) -> tuple[InvoiceLine, ...]:
    terms = Terms(price=request.price, interval=request.interval, started=request.started)
    last_period = period_of(terms, request.paid_through - timedelta(days=1))[0]
    since = request.paid_from or max(request.started, last_period)
    return charge(terms, since, request.paid_through) if since < request.paid_through else ()
