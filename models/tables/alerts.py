"""The table of alerts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.tables.columns import long_text, moment, natural


class AlertRow(SQLModel, table=True):
    """An alert of an account by a rule, and what became of it; of both there is one open at most (AMB-8)."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "ix_alerts_one_open",
            "account_id",
            "rule",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
    )
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
    told_at: datetime | None = moment(default=None, nullable=True)
    answered_at: datetime | None = moment(default=None, nullable=True, index=True)
    answer: str = long_text()
    written: bool = False
    case: str = ""
    settled_at: datetime | None = moment(default=None, nullable=True)
    settled_by: str | None = None
    reason: str = long_text()
