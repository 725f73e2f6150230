"""The settings of access: the register in the database, or a SCIM 2.0 service for the customers' people."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, SecretStr

from models.scim import ReadingGrant
from settings.part import PartSettings, safe_on_its_way, unless

_ORGANIZATION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization"
_READING = r"^(roles|entitlements|groups):\S+$"


class AccessPart(StrEnum):
    """Who decides who gets in."""

    REGISTER = "register"
    SCIM = "scim"


class AccessSettings(PartSettings):
    """Who decides who gets in, and how it says that somebody may only read."""

    access: AccessPart = Field(default=AccessPart.REGISTER, description="register or scim")
    scim_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"@?#]+)?$",
        description="the URL under which the SCIM service has /Users, like https://id.example.com/scim/v2",
    )
    scim_token: SecretStr = Field(default=SecretStr(""), description="the bearer token for the SCIM service")
    scim_account: str = Field(
        default=_ORGANIZATION,
        pattern=r"^(urn:[A-Za-z0-9:.\-]+:)?[A-Za-z][A-Za-z0-9_\-]*$",
        description="the attribute of a SCIM user that has the account's id, like userType or urn:...:User:organization",
    )
    scim_read_only: str = Field(
        default="",
        pattern=f"{_READING}|^$",
        description="what users have who may only read: roles:NAME, entitlements:NAME or groups:ID",
    )
    scim_admin_roles: str = Field(
        default="admin,owner", min_length=1, description="the roles that are reduced last, with commas between"
    )
    scim_timeout: float = Field(default=10, ge=1, le=25, description="seconds for an answer, from 1 to 25")

    @property
    def scim_reading(self) -> ReadingGrant:
        """What users have who may only read."""
        return ReadingGrant.named(self.scim_read_only)

    @property
    def scim_admins(self) -> tuple[str, ...]:
        """The roles that are reduced last."""
        return tuple(role.strip() for role in self.scim_admin_roles.split(",") if role.strip())

    def lacking(self) -> list[str]:
        """What the SCIM service still needs."""
        if self.access is not AccessPart.SCIM:
            return super().lacking()
        needed = {
            "SCIM_URL is not set; FOLLOWTHROUGH_ACCESS=scim needs the URL of the service.": bool(self.scim_url),
            "SCIM_URL is not encrypted; http is for a service on this machine only, set https.": safe_on_its_way(
                self.scim_url
            ),
            "SCIM_TOKEN is not set; FOLLOWTHROUGH_ACCESS=scim needs the token of the service.": bool(
                self.scim_token.get_secret_value()
            ),
            "SCIM_READ_ONLY is not set; FOLLOWTHROUGH_ACCESS=scim needs the role, entitlement or group of users who may "
            "only read.": bool(self.scim_read_only),
        }
        return super().lacking() + unless(needed)
