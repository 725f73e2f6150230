"""The table of the reviews of the process."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from models.tables.columns import long_text, moment, natural


class ReviewRow(SQLModel, table=True):
    """A review that somebody did; written once."""

    __tablename__ = "reviews"
    kind: str = natural()
    at: datetime = moment(primary_key=True)
    by: str
    notes: str = long_text()
