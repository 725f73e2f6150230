"""The value summary (SAVE-10, SAVE-11) and the ROI model (PLAY-51), from the customer's own numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from models.account import Money
from models.base import Record, Remark, Request, Text
from models.brief import Compared
from models.brief_policy import BriefRules
from models.crm import AccountRecord, Contact
from models.facts import NpsAnswer, Ticket, UsageFact
from models.usage import Period

_MOST_MINOR = 10**14

Hours = Annotated[Decimal, Field(ge=0, le=10_000_000, max_digits=12, decimal_places=2)]
"""Hours in a year. A person gives them, so that they are an estimate."""


def _same_currency(given: tuple[tuple[str, Money | None], ...], currency: str) -> None:
    for name, amount in given:
        if amount is None:
            continue
        if amount.currency != currency:
            raise ValueError(
                f"{name} is in {amount.currency}, the account pays in {currency}; amounts are not converted"
            )
        if not 0 <= amount.minor <= _MOST_MINOR:
            raise ValueError(f"{name} must lie between 0 and {_MOST_MINOR // 100} {currency}")


class GivenFigures(Request):
    """What a person knows of the alternatives, a year each: never invented, so that all of it may be absent.

    ``currency`` is the account's own, which every amount must be in.
    """

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    alternative_name: Remark = ""
    alternative: Money | None = None
    manual_hours: Hours | None = None
    hourly_rate: Money | None = None
    source: Remark = ""

    @model_validator(mode="after")
    def _sound(self) -> GivenFigures:
        amounts = (("the cost of the alternative", self.alternative), ("the hourly rate", self.hourly_rate))
        _same_currency(amounts, self.currency)
        return self


class ValueFacts(Record):
    """All that a value summary is computed from."""

    account: AccountRecord
    usage: tuple[UsageFact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    nps: tuple[NpsAnswer, ...] = ()
    contacts: tuple[Contact, ...] = ()
    figures: GivenFigures
    rules: BriefRules = BriefRules()


class Quote(Record):
    """The customer's own words, with their day and where they stand."""

    text: str
    day: date
    where: str
    name: str = ""


class Ask(Record):
    """A figure that nobody gave yet, by name; the page says what to ask for."""

    what: str


class CostLine(Record):
    """A cost a year beside ours. ``estimated`` figures are marked as such on the page."""

    what: str
    name: str = ""
    yearly: Money
    difference: Money
    hours: Decimal | None = None
    rate: Money | None = None
    estimated: bool = True


class ValueSummary(Record):
    """What the product did for this customer in a stated period: figures, their words, and the comparison."""

    account_id: str
    account_name: str
    period: Period
    quantitative: tuple[Compared, ...] = ()
    qualitative: tuple[Quote, ...] = ()
    ours: Money
    comparative: tuple[CostLine, ...] = ()
    asks: tuple[Ask, ...] = ()
    source: str = ""


class RoiInputs(Request):
    """What an ROI model needs, a year each, given by a person together with the customer (PLAY-51)."""

    price: Money
    hours_saved: Hours = Decimal(0)
    hourly_rate: Money | None = None
    revenue_enabled: Money | None = None
    cost_avoided: Money | None = None
    strategic: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> RoiInputs:
        _same_currency(self._amounts, self.price.currency)
        if self.price.minor <= 0:
            raise ValueError("the yearly price must be above 0, since the return is measured against it")
        if (self.hours_saved > 0) != (self.hourly_rate is not None):
            raise ValueError("hours saved and their hourly rate belong together; give both or neither")
        if not self.hours_saved and self.revenue_enabled is None and self.cost_avoided is None:
            raise ValueError("give at least one of hours with a rate, revenue enabled and cost avoided")
        return self

    @property
    def _amounts(self) -> tuple[tuple[str, Money | None], ...]:
        return (
            ("the yearly price", self.price),
            ("the hourly rate", self.hourly_rate),
            ("the revenue enabled", self.revenue_enabled),
            ("the cost avoided", self.cost_avoided),
        )


class RoiModel(Record):
    """The return of a year: the benefit by part, less the price. ``payback_months`` is None without a benefit."""

    inputs: RoiInputs
    labour_saved: Money
    revenue_enabled: Money
    cost_avoided: Money
    benefit: Money
    net: Money
    return_pct: int
    payback_months: Decimal | None = None
