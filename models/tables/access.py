"""The tables of the access register."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.tables.columns import natural


class AccessRow(SQLModel, table=True):
    """A person or a key of a customer in the product: what they may do now, and what they could before it was reduced."""

    __tablename__ = "access_register"
    account_id: str = natural()
    external_id: str = natural()
    kind: str = "person"
    role: str = "member"
    access: str = "full"
    before: str | None = None


class InternalAccessRow(SQLModel, table=True):
    """A system in which our own people reach the account of a customer."""

    __tablename__ = "internal_access"
    account_id: str = natural()
    system: str = natural()
    open: bool = Field(default=True)
