"""How a SCIM service says that somebody may only read."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record


class Grant(StrEnum):
    """What of a user carries a right."""

    ROLES = "roles"
    ENTITLEMENTS = "entitlements"
    GROUPS = "groups"


class ReadingGrant(Record):
    """The one grant of users who may only read: a role, an entitlement, or a group by its id."""

    kind: Grant
    value: str

    @classmethod
    def named(cls, text: str) -> ReadingGrant:
        """What settings write as ``roles:read-only``. Raises ValueError for another kind of grant."""
        kind, _, value = text.partition(":")
        return cls(kind=Grant(kind), value=value)
