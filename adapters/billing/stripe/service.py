"""Stripe's API: the official SDK, with its answers as plain data and its errors as ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import stripe
from pydantic import SecretStr

from adapters.billing.statement import refuse
from adapters.billing.stripe.faults import asked_to_wait, fault_of
from adapters.billing.stripe.standing import ACCOUNT, Bill, Standing, bill_of, id_of, standing_of
from adapters.clock import Now, utc_now
from models.base import Record
from models.faults import PermanentFault

T = TypeVar("T")
Plain = dict[str, Any]
Rest = Callable[[float], Awaitable[None]]
_SECONDS, _PATIENCE = 8, 5
_DISCOUNTS = ("discounts", "items.data.discounts")
"""What Stripe shows by its id alone unless it is asked for more."""
_PAGE = 100
_SEARCHABLE_AFTER = timedelta(hours=1)
_OVER = ("canceled", "incomplete_expired")


class StripeAccount(Record):
    """Whose Stripe it is: the key of the account, and where Stripe answers."""

    key: SecretStr
    url: str

    @property
    def is_test(self) -> bool:
        """Whether the key is one of test mode, where no money moves."""
        return self.key.get_secret_value().startswith(("sk_test_", "rk_test_"))


class StripeService:
    """Calls of Stripe. They block, so that they run in threads of their own by ``run``."""

    def __init__(
        self, account: StripeAccount, now: Now = utc_now, seconds: float = _SECONDS, rest: Rest = asyncio.sleep
    ) -> None:
        self.account = account
        self._rest = rest
        self._now = now
        client = stripe.StripeClient(
            account.key.get_secret_value(),
            base_addresses={"api": account.url.rstrip("/")},
            http_client=stripe.RequestsClient(timeout=seconds),
            max_network_retries=0,
        )
        self.api: Any = client.v1  # its parameters are typed dictionaries, ours are put together

    async def run(self, work: Callable[[], T], case_id: str = "") -> T:
        """Do work that calls Stripe, once more where Stripe asks to come back soon. Raises what a ``BillingPort`` raises."""
        try:
            return await asyncio.to_thread(work)
        except stripe.RateLimitError as error:
            wait = asked_to_wait(error)
            if wait is None or wait > _PATIENCE:
                raise fault_of(error, case_id) from None
        except stripe.StripeError as error:
            raise fault_of(error, case_id) from None
        await self._rest(wait)
        try:
            return await asyncio.to_thread(work)
        except stripe.StripeError as error:
            raise fault_of(error, case_id) from None

    def plain(self, found: Any) -> Plain:
        """An object of Stripe's as plain data."""
        read: Plain = found.to_dict()
        return read

    def make(self, service: Any, given: Mapping[str, Any], key: str) -> Plain:
        """Create something once for a key of ours."""
        return self.plain(service.create(dict(given), {"idempotency_key": key[:255]}))

    def pages(self, service: Any, **given: Any) -> Iterator[Plain]:
        """Everything of a list."""
        return (self.plain(each) for each in service.list({"limit": _PAGE, **given}).auto_paging_iter())

    def customer(self, account_id: str) -> Plain | None:
        """The customer whose metadata names the account. Refused where two do."""
        escaped = account_id.replace("\\", "\\\\").replace('"', '\\"')
        search = self.api.customers.search({"query": f'metadata["{ACCOUNT}"]:"{escaped}"', "limit": _PAGE})
        found = [each for each in map(self.plain, search.data) if each["metadata"][ACCOUNT] == account_id]
        if len(found) > 1:
            raise refuse(f"{len(found)} customers in Stripe have the {ACCOUNT} '{account_id}'; leave it to one of them")
        return found[0] if found else self._new_customer(account_id)

    def _new_customer(self, account_id: str) -> Plain | None:
        """One of the last hour, which Stripe's search may not find yet."""
        since = int((self._now() - _SEARCHABLE_AFTER).timestamp())
        recent = self.pages(self.api.customers, created={"gte": since})
        return next((each for each in recent if (each["metadata"] or {}).get(ACCOUNT) == account_id), None)

    def standing(self, account_id: str) -> Standing:
        """How an account stands. Raises ``PermanentFault("UnknownSubscription")``."""
        customer = self.customer(account_id)
        found = self._subscription(account_id, customer["id"]) if customer else None
        if customer is None or found is None:
            raise PermanentFault(
                "UnknownSubscription",
                f"billing knows no subscription of the account '{account_id}'; in Stripe, give its customer the metadata "
                f"{ACCOUNT} = {account_id}, and a subscription",
            )
        return self._standing(account_id, found, customer)

    def again(self, standing: Standing) -> Standing:
        """The same subscription, read anew."""
        found = self.plain(self.api.subscriptions.retrieve(standing.id, {"expand": list(_DISCOUNTS)}))
        return self._standing(standing.account_id, found, self.plain(self.api.customers.retrieve(standing.customer)))

    def _standing(self, account_id: str, found: Plain, customer: Plain) -> Standing:
        bills = tuple(self._bills(account_id, customer["id"], found["id"]))
        return standing_of(account_id, found, bills, customer["balance"])

    def _subscription(self, account_id: str, customer: str) -> Plain | None:
        """The one that runs, else the one that ended last."""
        shown = [f"data.{part}" for part in _DISCOUNTS]
        found = list(self.pages(self.api.subscriptions, customer=customer, status="all", expand=shown))
        running = [each for each in found if each["status"] not in _OVER]
        if len(running) > 1:
            raise refuse(f"the customer of '{account_id}' has {len(running)} subscriptions in Stripe; bill it by hand")
        return next(iter(running), None) or max(found, key=lambda each: each["created"], default=None)

    def _bills(self, account_id: str, customer: str, subscription: str) -> Iterator[Bill]:
        for found in self.pages(self.api.invoices, customer=customer):
            if _subscription_of(found) == subscription:
                bill = bill_of(account_id, found, self._lines(found))
                if bill.key or bill.invoice.total.minor:
                    yield bill

    def _lines(self, found: Plain) -> list[Plain]:
        lines = found["lines"]
        if not lines["has_more"]:
            return list(lines["data"])
        listed = self.api.invoices.line_items.list(found["id"], {"limit": _PAGE})
        return [self.plain(each) for each in listed.auto_paging_iter()]


def _subscription_of(found: Plain) -> str:
    """The subscription that an invoice belongs to: by Stripe's own word, or by our metadata."""
    parent = (found.get("parent") or {}).get("subscription_details") or {}
    return id_of(parent.get("subscription")) or str((found["metadata"] or {}).get("subscription", ""))
