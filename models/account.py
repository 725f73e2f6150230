"""The customer: what a case needs to know of an account, without personal data."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from models.base import Id, Record
from models.calendar import ZERO, Calendar, Offset
from models.people import Team


class Money(Record):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    minor: int = 0
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    @property
    def major(self) -> float:
        """The amount in whole units, for display and for search attributes only."""
        return self.minor / 100


class CustomerType(StrEnum):
    """Who the customer is before the law."""

    BUSINESS = "business"
    CONSUMER = "consumer"


class MidTerm(StrEnum):
    """Whether the contract lets the customer end before its term does (CANC-46)."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not_allowed"
    WITH_FEE = "with_fee"


class ContractTerms(Record):
    """What the contract says about its end; ``notice`` is counted from the day of the request.

    Where it does not ``auto_renews``, it ends with its term by itself. ``early_termination_fee`` belongs to ``with_fee``.
    """

    term_ends: date | None = None
    notice: Offset = ZERO
    auto_renews: bool = False
    mid_term: MidTerm = MidTerm.ALLOWED
    early_termination_fee: Money | None = None


class Account(Record):
    """The facts of an account that rules decide on; names and addresses stay in the CRM (AMB-41).

    ``contacts`` are those whom the account lists, None where that is not known, ``may_cancel`` those of them who may cancel
    for it. ``email_only``: the contact does not want to be
    called (DIS-7). ``jurisdiction`` is an ISO 3166 code such as ``DE`` or ``US-CA``; ``switching``: they move to another
    provider under the EU Data Act; ``reference``: they speak for us. ``churned_on``: no customer any more since that day.
    """

    id: Id
    arr: Money = Money()
    tier: str = "standard"
    strategic: bool = False
    customer_since: date | None = None
    renewal_date: date | None = None
    locale: str = "en"
    jurisdiction: str = ""
    calendar: Calendar = Calendar()
    contact_id: str | None = None
    contacts: tuple[str, ...] | None = None
    may_cancel: tuple[str, ...] = ()
    email_only: bool = False
    customer_type: CustomerType = CustomerType.BUSINESS
    switching: bool = False
    expansion_potential: bool = False
    reference: bool = False
    churned_on: date | None = None
    contract: ContractTerms = ContractTerms()


class AccountFile(Record):
    """An account together with its team, as read from the CRM when a case opens.

    ``deferred``: a save of it was put off before, so that something may still wait for the day of that decision.
    ``held_as_left``: the kinds of case that are open and take a customer for one who left (retention, win-back).
    ``cancelling``: a cancellation of it is open.
    """

    account: Account
    team: Team
    deferred: bool = False
    held_as_left: tuple[str, ...] = ()
    cancelling: bool = False
