"""The tables of the CRM."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.account import ContractTerms
from models.directory import Hours, Week
from models.tables.columns import long_text, minor_units, moment, natural, shaped


class AccountRow(SQLModel, table=True):
    """An account of the portfolio."""

    __tablename__ = "accounts"
    id: str = natural()
    name: str
    arr_minor: int = minor_units(default=0)
    currency: str = "USD"
    tier: str = "standard"
    strategic: bool = False
    customer_since: date | None = None
    renewal_date: date | None = None
    locale: str = "en"
    jurisdiction: str = ""
    customer_type: str = "business"
    switching: bool = False
    expansion_potential: bool = False
    reference: bool = False
    contract: ContractTerms = shaped(ContractTerms, default=ContractTerms())
    contact_id: str | None = None
    churned_on: date | None = None
    churn_reason: str = ""
    moved_to: str = ""
    tax_number: str = ""
    postal_address: str = long_text()
    bought_for: str = long_text()
    win_back: str = ""
    time_zone: str = "UTC"
    region: str = ""
    hours: Hours = shaped(Hours, default=())
    week: Week | None = shaped(Week, default=None, nullable=True)


class ContactRow(SQLModel, table=True):
    """A person at the customer."""

    __tablename__ = "contacts"
    id: str = natural()
    account_id: str = Field(foreign_key="accounts.id", index=True)
    name: str
    email: str
    title: str = ""
    phone: str = ""
    locale: str = "en"
    email_only: bool = False
    may_cancel: bool = False
    sponsor: bool | None = None


class SeatRow(SQLModel, table=True):
    """Who holds a role on an account."""

    __tablename__ = "seats"
    account_id: str = natural(foreign_key="accounts.id")
    role: str = natural()
    person: str = Field(index=True)
    deputy: str | None = Field(default=None, index=True)


class FormerSeatRow(SQLModel, table=True):
    """Who held a role on an account, or stood in, before somebody else did."""

    __tablename__ = "former_seats"
    account_id: str = natural()
    role: str = natural()
    person: str = natural()


class TaskRow(SQLModel, table=True):
    """A CRM task of a step."""

    __tablename__ = "crm_tasks"
    key: str = natural()
    account_id: str = Field(index=True)
    case_id: str
    step: str
    title: str
    person: str | None = None
    due: datetime | None = moment(default=None, nullable=True)
    open: bool = True
    note: str = long_text()
    changed_at: datetime = moment()


class NoteRow(SQLModel, table=True):
    """A CRM note."""

    __tablename__ = "crm_notes"
    key: str = natural()
    account_id: str = Field(index=True)
    case_id: str
    text: str = long_text()
    at: datetime = moment()
