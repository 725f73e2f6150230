"""The table of alerts."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import long_text, moment, natural


class AlertRow(SQLModel, table=True):
    """An alert of an account by a rule, and what became of it."""

    __tablename__ = "alerts"
    id: str = natural()
    account_id: str = Field(index=True)
    bucket: int = Field(index=True)
    rule: str
    kind: str
    level: str
    family: str = ""
    severity: str = ""
    since: date
    was: float | None = None
    now: float | None = None
    bound: float | None = None
    happens: str
    why: str = long_text()
    raised_at: datetime = moment()
    open: bool = Field(default=True, index=True)
    held: bool = True
    answered_at: datetime | None = moment(default=None, nullable=True)
    answer: str = long_text()
    written: bool = False
    case: str = ""
    settled_at: datetime | None = moment(default=None, nullable=True)
    settled_by: str | None = None
    reason: str = long_text()
