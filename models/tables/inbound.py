"""The table of what came in and may be a request to cancel."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.inbound import Kept
from models.tables.columns import moment, natural, shaped


class ArrivalRow(SQLModel, table=True):
    """A mail, ticket, form or note, whole, and what became of it; ``account_id`` is empty where nobody knows it."""

    __tablename__ = "arrivals"
    id: str = natural()
    account_id: str = Field(default="", index=True)
    state: str = Field(index=True)
    kept_at: datetime = moment()
    kept: Kept = shaped(Kept)
