"""The tables of the ledger."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

from models.billing import InvoiceLine
from models.tables.columns import minor_units, natural, shaped


class SubscriptionRow(SQLModel, table=True):
    """The subscription of an account in the ledger."""

    __tablename__ = "subscriptions"
    account_id: str = natural()
    price_minor: int = minor_units()
    currency: str
    interval: str
    started: date
    paid_through: date
    tax_name: str = ""
    tax_bp: int = 0
    ends_on: date | None = None
    settled_on: date | None = None


class CouponRow(SQLModel, table=True):
    """A discount on a range of days; a schedule has several under one key."""

    __tablename__ = "coupons"
    key: str = natural()
    starts: date = natural()
    account_id: str = Field(foreign_key="subscriptions.account_id", index=True)
    ends: date
    pct: int
    reason: str = ""


class PauseRow(SQLModel, table=True):
    """Days on which nothing is charged."""

    __tablename__ = "pauses"
    key: str = natural()
    account_id: str = Field(foreign_key="subscriptions.account_id", index=True)
    starts: date
    ends: date


class InvoiceRow(SQLModel, table=True):
    """An invoice or, with a negative total, a credit."""

    __tablename__ = "invoices"
    id: str = natural()
    account_id: str = Field(foreign_key="subscriptions.account_id", index=True)
    kind: str
    issued_for: date
    total_minor: int = minor_units()
    currency: str
    lines: tuple[InvoiceLine, ...] = shaped(tuple[InvoiceLine, ...], default=())
    tax_name: str = ""
    tax_bp: int = 0
    tax_minor: int = minor_units(default=0)
    paid: bool = False


class RefundRow(SQLModel, table=True):
    """Money paid back on an invoice."""

    __tablename__ = "refunds"
    key: str = natural()
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    amount_minor: int = minor_units()
    currency: str
    reason: str = ""
