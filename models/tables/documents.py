"""The table of documents."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import long_text, moment, natural


class DocumentRow(SQLModel, table=True):
    """A page that was prepared, as it was."""

    __tablename__ = "documents"
    id: str = natural()
    key: str = Field(unique=True)
    kind: str
    account_id: str = Field(index=True)
    case_id: str = Field(default="", index=True)
    person: str = ""
    title: str
    text: str = long_text()
    at: datetime = moment()
