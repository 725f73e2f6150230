"""What is asked of billing, and what it answers. Amounts are integer minor units with a currency.

Dates are the billing dates of the account. A range goes from its first date until before its last.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from models.account import Money
from models.base import Id, Record, Request, Utc
from models.work import Receipt


class Interval(StrEnum):
    """How often a subscription is invoiced."""

    MONTH = "month"
    YEAR = "year"


class SubscriptionState(StrEnum):
    """Where a subscription stands on a date; ``ended`` charges nothing any more."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDING = "ending"
    ENDED = "ended"


class InvoiceKind(StrEnum):
    """Why an invoice exists. An adjustment corrects days that were paid before their price changed."""

    REGULAR = "regular"
    ADJUSTMENT = "adjustment"
    FINAL = "final"


class BillingRequest(Request):
    """An operation on the subscription of an account; ``key`` makes it happen once."""

    key: str
    account_id: Id
    case_id: str = ""


class Tax(Request):
    """A tax on what is sold, as the seller's finance keeps it for a customer; ``bp`` is hundredths of a per cent."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    bp: Annotated[int, Field(ge=0, le=10_000)]


class OpenSubscription(BillingRequest):
    """Bring a running subscription into the ledger: its price per interval, its first day, and until when it is paid.

    ``started`` anchors the periods; in a month that lacks the day they begin on its last one. ``paid_from`` is the
    first day of what was paid last; without it, the last period before ``paid_through`` counts as paid. Prices are
    without ``tax``, which each invoice adds.
    """

    price: Money
    interval: Interval = Interval.YEAR
    started: date
    paid_through: date
    paid_from: date | None = None
    tax: Tax | None = None

    @model_validator(mode="after")
    def _ordered(self) -> OpenSubscription:
        if self.price.minor < 0:
            raise ValueError("the price of a subscription is not negative")
        if not self.started <= (self.paid_from or self.started) <= self.paid_through:
            raise ValueError("give dates in this order: started, paid_from, paid_through")
        return self


class IssueFinalInvoice(BillingRequest):
    """Settle the account to the day: ``end_date`` is the first day that is not charged any more.

    ``fee`` is what the contract asks for ending early, without tax, as a line of its own (CANC-46); None where it asks
    for nothing.
    """

    end_date: date
    fee: Money | None = None


class PreviewFinalInvoice(Request):
    """What the final invoice would come to for that end date; nothing is issued, and nothing changes (OFFB-18)."""

    key: str
    account_id: Id
    case_id: str = ""
    end_date: date
    fee: Money | None = None


class DatedDiscount(Record):
    """So many percent off, from ``starts`` until before ``ends``."""

    pct: int = Field(ge=0, le=100)
    starts: date
    ends: date

    @model_validator(mode="after")
    def _ordered(self) -> DatedDiscount:
        if self.ends <= self.starts:
            raise ValueError(f"a discount ends after it starts; {self.ends} is not after {self.starts}")
        return self


class ApplyConcession(BillingRequest):
    """Give a discount with an end: one range, or a price schedule of several that do not overlap."""

    schedule: tuple[DatedDiscount, ...] = Field(min_length=1)
    reason: str = ""

    @model_validator(mode="after")
    def _apart(self) -> ApplyConcession:
        ranges = sorted(self.schedule, key=lambda part: part.starts)
        if any(later.starts < earlier.ends for earlier, later in pairwise(ranges)):
            raise ValueError("the parts of a price schedule overlap; give each day one percentage")
        return self


class StopCharging(BillingRequest):
    """Charge nothing from ``from_date`` on."""

    from_date: date


class PauseBilling(BillingRequest):
    """Charge nothing from ``from_date`` until before ``until``."""

    from_date: date
    until: date

    @model_validator(mode="after")
    def _ordered(self) -> PauseBilling:
        if self.until <= self.from_date:
            raise ValueError(f"a pause ends after it starts; {self.until} is not after {self.from_date}")
        return self


class ResumeBilling(BillingRequest):
    """Charge again from ``from_date`` on: ends a pause and takes back a stop."""

    from_date: date


class RefundInvoice(BillingRequest):
    """Pay back part of a paid invoice."""

    invoice_id: str
    amount: Money
    reason: str = ""

    @model_validator(mode="after")
    def _positive(self) -> RefundInvoice:
        if self.amount.minor <= 0:
            raise ValueError("a refund is more than nothing; give its amount in minor units")
        return self


class LineKind(StrEnum):
    """What a line of an invoice asks for."""

    SERVICE = "service"
    EARLY_TERMINATION = "early_termination"


class InvoiceLine(Record):
    """A stretch of days on an invoice; a credit has a negative amount.

    The fee for ending early is for no days: it begins and ends on the first day without the service.
    """

    starts: date
    ends: date
    amount: Money
    discount_pct: int = 0
    kind: LineKind = LineKind.SERVICE


class TaxLine(Record):
    """The tax of an invoice on all its lines together, rounded half up to the minor unit."""

    tax: Tax
    amount: Money


class Invoice(Record):
    """An invoice as billing shows it: lines, tax, and their total. A negative total is a credit to the customer.

    ``issued_at`` is when billing made it (UTC), where it was issued by itself and not with something else.
    """

    id: str
    account_id: str
    kind: InvoiceKind
    issued_for: date
    issued_at: Utc | None = None
    total: Money
    lines: tuple[InvoiceLine, ...] = ()
    tax: TaxLine | None = None
    paid: bool = False
    refunded: Money


class InvoiceReceipt(Receipt):
    """The receipt of a final invoice, with what it came to."""

    total: Money


class InvoicePreview(Receipt):
    """What the final invoice would come to: its total, what is to be paid back, and what is still unpaid before it.

    ``refund`` is owed where the total is a credit of what was paid, to be paid back on ``refund_invoice``; ``refund_rest``
    is what is owed besides and that invoice did not take in: a person pays it back by the invoices before it.
    """

    total: Money
    refund: Money
    refund_rest: Money | None = None
    refund_invoice: str = ""
    balance: Money
    lines: tuple[InvoiceLine, ...] = ()
    tax: TaxLine | None = None


class FutureInvoice(Record):
    """The next charge that will happen if nothing changes."""

    on: date
    amount: Money


class BillingState(Record):
    """What billing shows when it is read back: the proof that nothing will be charged is an empty ``future``."""

    account_id: str
    state: SubscriptionState
    price: Money
    interval: Interval
    started: date
    paid_through: date
    ends_on: date | None = None
    paused_from: date | None = None
    paused_until: date | None = None
    discounts: tuple[DatedDiscount, ...] = ()
    future: tuple[FutureInvoice, ...] = ()
    invoices: tuple[Invoice, ...] = ()
