"""The tables of the access register."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, SQLModel

from models.tables.columns import natural, shaped


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


class ScimHeldRow(SQLModel, table=True):
    """What a user of a SCIM service had before their access was first reduced; ``key`` is of the last change about them."""

    __tablename__ = "scim_held"
    account_id: str = natural()
    user_id: str = natural()
    case_id: str
    key: str = Field(index=True)
    active: bool
    grants: tuple[dict[str, Any], ...] = shaped(tuple[dict[str, Any], ...])
