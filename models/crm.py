"""The customer as the CRM keeps it: accounts, contacts, seats, tasks and notes, with names and addresses."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.account import ContractTerms, CustomerType, Money
from models.base import Id, Record, Utc
from models.directory import WorkingTime
from models.people import PersonId, RoleId


class AccountRecord(Record):
    """An account of the portfolio; ``contact_id`` is the contact whom messages of a case go to.

    ``churned_on`` is since when it is no customer any more; a customer who returns is put anew, without it. An invoice
    shows ``tax_number`` and ``postal_address``, whose lines have a semicolon between, where they are known. ``win_back`` is
    how one who left is remembered: ``remember``, ``reference``, or not at all (OFFB-50, OFFB-55). ``bought_for`` is what the
    customer first bought the product for, in a line (CONV-10).
    """

    id: Id
    name: str = Field(min_length=1)
    arr: Money = Money()
    tier: str = "standard"
    strategic: bool = False
    customer_since: date | None = None
    renewal_date: date | None = None
    locale: str = "en"
    jurisdiction: str = ""
    customer_type: CustomerType = CustomerType.BUSINESS
    switching: bool = False
    expansion_potential: bool = False
    reference: bool = False
    contract: ContractTerms = ContractTerms()
    works: WorkingTime = WorkingTime()
    contact_id: str | None = None
    churned_on: date | None = None
    churn_reason: str = ""
    moved_to: str = ""
    tax_number: str = ""
    postal_address: str = ""
    bought_for: str = ""
    win_back: str = ""

    @property
    def active(self) -> bool:
        """Whether it is a customer still; who left is on no list of customers any more (OFFB-45)."""
        return self.churned_on is None

    @property
    def forecast(self) -> Money:
        """What the forecast counts on in a year (minor units): the ARR of a customer, nothing of who left (OFFB-45)."""
        return self.arr if self.active else self.arr.model_copy(update={"minor": 0})


class Contact(Record):
    """A person at the customer; ``email_only`` is the wish not to be called (DIS-7).

    ``may_cancel`` says that they have the authority to end the contract, ``sponsor`` whether they are the executive sponsor
    (PLAY-104); None where nobody said.
    """

    id: Id
    account_id: Id
    name: str = Field(min_length=1)
    email: str
    title: str = ""
    phone: str = ""
    locale: str = "en"
    email_only: bool = False
    may_cancel: bool = False
    sponsor: bool | None = None


class SeatRecord(Record):
    """Who holds a role on an account, and who stands in for them."""

    account_id: Id
    role: RoleId
    person: PersonId
    deputy: PersonId | None = None


class TaskStatus(Record):
    """A task as the CRM shows it. Moments are UTC."""

    key: str
    account_id: str
    case_id: str
    step: str
    title: str
    person: PersonId | None = None
    due: Utc | None = None
    open: bool = True
    note: str = ""
    changed_at: Utc


class NoteRecord(Record):
    """A note on an account."""

    key: str
    account_id: str
    case_id: str
    text: str
    at: Utc
