"""The tables of drafts, the outbox and the kill switch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.case import Edit
from models.letter import Letter
from models.tables.columns import long_text, moment, natural, shaped


class DraftRow(SQLModel, table=True):
    """A message to the customer: what it was drafted from, and its text as it stands."""

    __tablename__ = "drafts"
    case_id: str = natural()
    message_id: str = natural()
    key: str
    account_id: str
    step: str
    template: str
    language: str
    signer: str
    parts: tuple[Edit, ...] = shaped(tuple[Edit, ...], default=())
    facts: dict[str, Any] = shaped(dict[str, Any], default_factory=dict)
    subject: str = ""
    text: str = long_text()
    drafted_at: datetime = moment()
    changed_at: datetime = moment()


class OutboxRow(SQLModel, table=True):
    """A letter: the intent before the send, and what became of it."""

    __tablename__ = "outbox"
    key: str = natural()
    message_id: str = Field(unique=True)
    state: str = Field(index=True)
    letter: Letter = shaped(Letter)
    case_id: str = Field(default="", index=True)
    note: str = long_text()
    receipt: str = ""
    queued_at: datetime = moment(index=True)
    changed_at: datetime = moment()
    sent_at: datetime | None = moment(default=None, nullable=True)


class SwitchRow(SQLModel, table=True):
    """The outbound kill switch; one row, with who moved it last, why and when."""

    __tablename__ = "outbound_switch"
    name: str = natural()
    paused: bool = False
    by: str = ""
    reason: str = ""
    at: datetime | None = moment(default=None, nullable=True)
