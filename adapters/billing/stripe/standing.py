"""How an account stands in Stripe: its subscription, what was agreed on it, and the invoices of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from adapters.billing.prorating import Pause, Terms
from adapters.billing.statement import refuse
from adapters.billing.stripe.agreed import Agreed, discounts, pauses, read
from adapters.billing.stripe.plainness import check_plain
from models.account import Money
from models.base import Record, Utc
from models.billing import (
    Interval,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LineKind,
    Tax,
    TaxLine,
)

ACCOUNT, KEY, KIND, ISSUED_FOR, SUBSCRIPTION, LINES, REPLACES, STARTED = (
    "account_id",
    "followthrough_key",
    "followthrough_kind",
    "issued_for",
    "subscription",
    "lines",
    "replaces",
    "started",
)
"""The names of our metadata."""

_INTERVALS = {("month", 1): Interval.MONTH, ("year", 1): Interval.YEAR, ("month", 12): Interval.YEAR}
_COUNTED_OTHERWISE = ("ISK", "UGX")  # Stripe counts them in hundredths, which they have not
_OVER = ("canceled", "incomplete_expired")


class Bill(Record):
    """An invoice as Stripe has it; amounts in minor units, ``left`` is what can still be paid back of it."""

    invoice: Invoice
    key: str
    status: str
    lines_wanted: int = 0
    replaces: tuple[str, ...] = ()
    received: int
    left: int
    asks: int
    made: Utc
    collecting: bool = False

    @property
    def reach(self) -> date:
        """The end of the last days that it charges."""
        return max((line.ends for line in self.invoice.lines), default=self.invoice.issued_for)

    @property
    def counts(self) -> bool:
        """Whether it was issued and stands."""
        return self.status in ("open", "paid", "uncollectible")

    @property
    def unpaid(self) -> bool:
        """Whether it is still to be paid."""
        return self.status == "open" and self.asks > 0


class Standing(Record):
    """A subscription as Stripe shows it, with the ``bills`` of it; ``balance`` is the customer's, negative a credit."""

    id: str
    account_id: str
    customer: str
    status: str
    price: Money
    interval: Interval
    items: tuple[tuple[str, int], ...]
    started: date
    anchor: date
    period_end: date
    period_end_at: Utc
    trial_end: int | None = None
    ends_on: date | None = None
    ends_with_period: bool = False
    opened_by: str = ""
    schedule: str = ""
    paused: bool = False
    collection: str
    days_until_due: int | None = None
    tax: Tax | None = None
    tax_rates: tuple[str, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    bills: tuple[Bill, ...] = ()
    balance: int = 0

    @property
    def over(self) -> bool:
        """Whether Stripe has ended it for good."""
        return self.status in _OVER

    @property
    def terms(self) -> Terms:
        """What it costs, as agreed."""
        given, away = discounts(self.agreed), pauses(self.agreed)
        return Terms(price=self.price, interval=self.interval, started=self.anchor, discounts=given, pauses=away)

    @property
    def billed_through(self) -> date:
        """The first day for which nothing was invoiced yet."""
        regular = (bill.reach for bill in self.bills if bill.counts and bill.invoice.kind is InvoiceKind.REGULAR)
        return max(regular, default=self.period_end)

    @property
    def final(self) -> Bill | None:
        """The final invoice, where there is one."""
        finals = (bill for bill in self.bills if bill.invoice.kind is InvoiceKind.FINAL and bill.status != "void")
        return next(finals, None)

    @property
    def last_day(self) -> date | None:
        """The first day that is not charged any more, where there is one."""
        return self.final.invoice.issued_for if self.final else self.ends_on

    def pause_on(self, day: date) -> Pause | None:
        """The pause on a day."""
        return next((each for each in self.terms.pauses if each.starts <= day < each.ends), None)

    def bill(self, key: str) -> Bill | None:
        """The invoice that was made for a key."""
        return next((bill for bill in self.bills if bill.key == key), None)

    def agreed_under(self, key: str) -> Agreed | None:
        """What was agreed under a key."""
        return next((note for note in self.agreed if note.key == key), None)


def standing_of(account_id: str, found: dict[str, Any], bills: tuple[Bill, ...], balance: int) -> Standing:
    """A subscription, read. Refused where its price is none that we can divide by days."""
    items, rates = found["items"]["data"], found.get("default_tax_rates") or ()
    check_plain(found, items, rates)
    anchor = day_of(found["billing_cycle_anchor"])
    period_end_at = min(item["current_period_end"] for item in items)
    return Standing(
        id=found["id"],
        account_id=account_id,
        customer=id_of(found["customer"]),
        status=found["status"],
        price=_price(items),
        interval=_interval(items[0]["price"]["recurring"] or {}),
        items=tuple((item["price"]["id"], item.get("quantity") or 1) for item in items),
        started=_started(found),
        anchor=anchor,
        period_end=day_of(period_end_at),
        period_end_at=moment_of(period_end_at),
        trial_end=found.get("trial_end") if found["status"] == "trialing" else None,
        ends_on=_ends_on(found, period_end_at),
        ends_with_period=bool(found.get("cancel_at_period_end")),
        opened_by=found["metadata"].get(KEY, ""),
        schedule=id_of(found.get("schedule")),
        paused=bool(found.get("pause_collection")),
        collection=found["collection_method"],
        days_until_due=found.get("days_until_due"),
        tax=_tax(rates),
        tax_rates=tuple(rate["id"] for rate in rates),
        agreed=read(found["metadata"]),
        bills=tuple(sorted(bills, key=lambda bill: (bill.invoice.issued_for, bill.made, bill.invoice.id))),
        balance=balance,
    )


def bill_of(account_id: str, found: dict[str, Any], lines: list[dict[str, Any]]) -> Bill:
    """An invoice, read."""
    own, currency = found["metadata"] or {}, found["currency"].upper()
    charged = tuple(_line(line, currency) for line in lines)
    kind = InvoiceKind(own.get(KIND, InvoiceKind.REGULAR))
    earliest = min((line.starts for line in charged), default=day_of(found["created"]))
    refunded = found["post_payment_credit_notes_amount"]
    invoice = Invoice(
        id=found["id"],
        account_id=account_id,
        kind=kind,
        issued_for=date.fromisoformat(own[ISSUED_FOR]) if own.get(ISSUED_FOR) else earliest,
        issued_at=moment_of(found["created"]),
        total=Money(minor=found["total"], currency=currency),
        lines=charged,
        tax=_tax_line(found, currency),
        paid=found["status"] == "paid" and found["amount_paid"] > 0,
        refunded=Money(minor=refunded, currency=currency),
    )
    return Bill(
        invoice=invoice,
        key=own.get(KEY, ""),
        status=found["status"],
        lines_wanted=int(own.get(LINES, 0)),
        replaces=tuple(own.get(REPLACES, "").split()),
        received=found["amount_paid"],
        left=found["amount_paid"] - refunded,
        asks=found["amount_remaining"],
        made=moment_of(found["created"]),
        collecting=bool(found.get("auto_advance")),
    )


def day_of(stamp: int) -> date:
    """The day (UTC) of a moment of Stripe's."""
    return moment_of(stamp).date()


def moment_of(stamp: int) -> datetime:
    """A moment of Stripe's."""
    return datetime.fromtimestamp(stamp, UTC)


def stamp_of(day: date) -> int:
    """The first moment of a day (UTC), as Stripe counts."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def id_of(found: Any) -> str:
    """The id of what may be an id, a whole object, or nothing."""
    return str(found["id"] if isinstance(found, dict) else found or "")


def _price(items: list[dict[str, Any]]) -> Money:
    prices = [item["price"] for item in items]
    if any(price.get("unit_amount") is None or not price.get("recurring") for price in prices):
        raise refuse(
            "a price of the subscription is by use, in tiers or in parts of a cent; settle it in Stripe by hand"
        )
    if prices[0]["currency"].upper() in _COUNTED_OTHERWISE:
        raise refuse("Stripe counts this currency in hundredths that it has not; settle it in Stripe by hand")
    if len({(price["recurring"]["interval"], price["recurring"].get("interval_count", 1)) for price in prices}) > 1:
        raise refuse("the prices of the subscription have different intervals; settle it in Stripe by hand")
    whole = sum(item["price"]["unit_amount"] * (item.get("quantity") or 1) for item in items)
    return Money(minor=whole, currency=prices[0]["currency"].upper())


def _interval(recurring: dict[str, Any]) -> Interval:
    found = _INTERVALS.get((recurring.get("interval", ""), recurring.get("interval_count", 1)))
    if found is None:
        raise refuse("the subscription is invoiced neither by the month nor by the year; settle it in Stripe by hand")
    return found


def _started(found: dict[str, Any]) -> date:
    given = (found["metadata"] or {}).get(STARTED)
    return date.fromisoformat(given) if given else day_of(found["start_date"])


def _ends_on(found: dict[str, Any], period_end: int) -> date | None:
    if found.get("ended_at"):
        return day_of(found["ended_at"])
    if found.get("cancel_at"):
        return day_of(found["cancel_at"])
    return day_of(period_end) if found.get("cancel_at_period_end") else None


def _tax(rates: Any) -> Tax | None:
    if not rates:
        return None
    bp = sum(round(float(rate["percentage"]) * 100) for rate in rates)
    return Tax(name=" + ".join(rate["display_name"] for rate in rates)[:40], bp=bp)


def _tax_line(found: dict[str, Any], currency: str) -> TaxLine | None:
    rates = found.get("default_tax_rates")
    tax = _tax(rates)
    minor = sum(tax["amount"] for tax in found.get("total_taxes") or ())
    return TaxLine(tax=tax, amount=Money(minor=minor, currency=currency)) if tax else None


def _line(found: dict[str, Any], currency: str) -> InvoiceLine:
    starts, ends = day_of(found["period"]["start"]), day_of(found["period"]["end"])
    off = sum(each["amount"] for each in found.get("discount_amounts") or ())
    kind = (found.get("metadata") or {}).get(KIND, LineKind.SERVICE)
    amount = Money(minor=found["amount"] - off, currency=currency)
    return InvoiceLine(starts=starts, ends=ends, amount=amount, kind=LineKind(kind))
