"""The tables of the facts about an account. Each row says where it came from and when it was received."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import long_text, minor_units, moment, natural


class TicketRow(SQLModel, table=True):
    """A support ticket."""

    __tablename__ = "tickets"
    id: str = natural()
    account_id: str = Field(index=True)
    opened_at: datetime = moment()
    answered_at: datetime | None = moment(default=None, nullable=True)
    closed_at: datetime | None = moment(default=None, nullable=True)
    severity: str = ""
    sentiment: str = ""
    csat: int | None = None
    locale: str = "en"
    subject: str = ""
    text: str = long_text()
    source: str
    received_at: datetime = moment()


class NpsRow(SQLModel, table=True):
    """An NPS answer."""

    __tablename__ = "nps_answers"
    account_id: str = natural()
    contact_id: str = natural()
    at: datetime = moment(primary_key=True)
    score: int
    comment: str = long_text()
    source: str
    received_at: datetime = moment()


class InboundRow(SQLModel, table=True):
    """A fact that reached the company about an account."""

    __tablename__ = "inbound_facts"
    id: str = natural()
    account_id: str = Field(index=True)
    at: datetime = moment(index=True)
    fact: str
    kind: str
    playbook: str | None = None
    detail: str = long_text()
    by: str | None = None
    source: str
    received_at: datetime = moment()


class PaymentRow(SQLModel, table=True):
    """A payment and what became of it."""

    __tablename__ = "payments"
    id: str = natural()
    account_id: str = Field(index=True)
    due_on: date
    state: str
    paid_on: date | None = None
    amount_minor: int | None = minor_units(default=None, nullable=True)
    currency: str = ""
    detail: str = long_text()
    source: str
    received_at: datetime = moment()


class FigureRow(SQLModel, table=True):
    """A sub-metric or a KPI of a day."""

    __tablename__ = "given_figures"
    account_id: str = natural()
    kind: str = natural()
    name: str = natural()
    day: date = natural()
    value: float
    target: float | None = None
    source: str
    received_at: datetime = moment()


class StreamRow(SQLModel, table=True):
    """A message of a stream, by the id that its sender gave it."""

    __tablename__ = "stream_messages"
    message_id: str = natural()
    account_id: str = Field(index=True)
    user_id: str = Field(default="", index=True)
    type: str
    event: str = ""
    at: datetime = moment()
    day: date = Field(index=True)
    detail: str = long_text()
    source: str
    received_at: datetime = moment()
