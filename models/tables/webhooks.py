"""The tables of webhooks in both directions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import long_text, moment, natural


class OutgoingRow(SQLModel, table=True):
    """An event for other systems; it has its place in its stream."""

    __tablename__ = "webhooks_out"
    __table_args__ = (UniqueConstraint("stream", "sequence", name="uq_webhooks_out_place"),)
    id: str = natural()
    stream: str
    sequence: int
    name: str
    account_id: str = Field(index=True)
    case_id: str = Field(default="", index=True)
    body: str = long_text()
    at: datetime = moment()
    state: str
    attempts: int = 0
    due_at: datetime | None = moment(default=None, nullable=True, index=True)
    said: str = long_text()
    delivered_at: datetime | None = moment(default=None, nullable=True)


class ReceivedRow(SQLModel, table=True):
    """Something that another system sent, once by its id; its body is empty once it is worked."""

    __tablename__ = "webhooks_in"
    source: str = natural()
    id: str = natural()
    kind: str
    body: bytes = Field(default=b"", sa_type=LargeBinary)
    account_id: str = Field(default="", index=True)
    state: str = Field(index=True)
    received_at: datetime = moment()
    attempts: int = 0
    due_at: datetime | None = moment(default=None, nullable=True, index=True)
    said: str = long_text()
    effect: str = Field(default="", index=True)
    done_at: datetime | None = moment(default=None, nullable=True)
    settled_by: str | None = None
