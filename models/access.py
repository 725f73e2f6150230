"""What is asked of the access of a customer's people, and of our own people's access to the customer's account."""

from __future__ import annotations

from enum import StrEnum

from models.base import Id, Request, Utc
from models.work import Receipt


class Reach(StrEnum):
    """Whose access is reduced to reading (AMB-23)."""

    NON_ADMINS = "non_admins"
    ALL = "all"


class InternalSystem(StrEnum):
    """Where our own people reach the account, and do not any more once it is closed (OFFB-48)."""

    CRM = "crm"
    ADMIN_PORTAL = "admin_portal"
    SUPPORT_TOOL = "support_tool"
    SLACK_CHANNEL = "slack_channel"
    EMAIL_GROUPS = "email_groups"


class Level(StrEnum):
    """What somebody may do in the product."""

    FULL = "full"
    READ_ONLY = "read_only"
    NONE = "none"


RANK = {Level.NONE: 0, Level.READ_ONLY: 1, Level.FULL: 2}
"""Which level is more than another."""


class HolderKind(StrEnum):
    """Who or what gets in."""

    PERSON = "person"
    KEY = "key"


class Holder(Request):
    """A person or a key of a customer, by the id that the product knows them by (SCIM's ``externalId``)."""

    account_id: Id
    external_id: Id
    kind: HolderKind = HolderKind.PERSON
    role: str = "member"
    access: Level = Level.FULL


class AccessChange(Request):
    """A change of the access to an account; ``key`` makes it happen once, ``at`` is the case's own time (UTC)."""

    key: str
    case_id: str
    account_id: Id
    at: Utc


class ReduceAccess(AccessChange):
    """These people may only read from now on (OFFB-16)."""

    reach: Reach


class AccessReceipt(Receipt):
    """Proof of a change of access: how many people or systems it was about."""

    changed: int = 0


class AccessState(Request):
    """What the register shows of an account: people by what they may do, and the systems in which we still reach it."""

    account_id: str
    full: int = 0
    read_only: int = 0
    revoked: int = 0
    keys: int = 0
    internal: tuple[InternalSystem, ...] = ()

    @property
    def live(self) -> int:
        """How many people or keys still get in."""
        return self.full + self.read_only + self.keys
