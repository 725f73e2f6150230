"""A user as a SCIM service tells of them, as far as access goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from models.access import Level
from models.base import Record
from models.scim import Grant, ReadingGrant

if TYPE_CHECKING:
    from adapters.access.scim_service import ScimServer

Grants = tuple[dict[str, Any], ...]
"""Values of roles or entitlements as the service has them; of groups, only that of the readers."""


class ScimUser(Record):
    """Who it is, whose they are, whether they get in, and what they are granted."""

    id: str
    account_id: str
    active: bool
    roles: frozenset[str]
    grants: Grants

    def level(self, reading: ReadingGrant) -> Level:
        """What they may do in the product; who has another role or entitlement beside that of readers may do more."""
        if not self.active:
            return Level.NONE
        return Level.READ_ONLY if values_of(self.grants) == {reading.value} else Level.FULL


class Page(Record):
    """A page of a list; ``total`` counts what all pages have."""

    total: int = Field(alias="totalResults")
    resources: tuple[dict[str, Any], ...] = Field(default=(), alias="Resources")


def user_of(raw: dict[str, Any], server: ScimServer, readers: frozenset[str]) -> ScimUser:
    """The user, with ``readers`` the ids of the group of those who may only read.

    One who is not said to be inactive is active.
    """
    user_id, kind = str(raw.get("id", "")), server.reading.kind
    member: Grants = ({"value": server.reading.value},) if user_id in readers else ()
    return ScimUser(
        id=user_id,
        account_id=_account(raw, server.account),
        active=raw.get("active") is not False,
        roles=values_of(_listed(raw, Grant.ROLES)),
        grants=member if kind is Grant.GROUPS else _listed(raw, kind),
    )


def values_of(grants: Grants) -> frozenset[str]:
    """What is granted, without how the service describes it."""
    return frozenset(str(grant.get("value", "")) for grant in grants)


def _listed(raw: dict[str, Any], kind: Grant) -> Grants:
    return tuple(grant for grant in raw.get(kind) or () if isinstance(grant, dict))


def _account(raw: dict[str, Any], path: str) -> str:
    """An attribute of the user or of one of its extensions; names of SCIM are the same in any letters."""
    extension, _, name = path.rpartition(":")
    holder = _of_any_letters(raw, extension) if extension else raw
    return str(_of_any_letters(holder, name)) if isinstance(holder, dict) else ""


def _of_any_letters(raw: dict[str, Any], name: str) -> Any:
    return next((value for key, value in raw.items() if key.lower() == name.lower()), "")
