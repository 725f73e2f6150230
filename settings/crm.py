"""The settings of the CRM: our own tables, or HubSpot."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr

from settings.part import PartSettings, unless


class CrmPart(StrEnum):
    """Where accounts, contacts, tasks and notes live."""

    EMBEDDED = "embedded"
    HUBSPOT = "hubspot"


class CrmSettings(PartSettings):
    """Who keeps the accounts."""

    crm: CrmPart = Field(default=CrmPart.EMBEDDED, description="embedded or hubspot")
    hubspot_token: SecretStr = Field(default=SecretStr(""), description="the access token of a private app in HubSpot")
    hubspot_properties: Path | None = Field(
        default=None, description="a YAML file that says which property of HubSpot holds what, or nothing"
    )
    hubspot_url: str = Field(
        default="https://api.hubapi.com",
        pattern=r"^(https://[A-Za-z0-9.\-]+(:\d+)?|http://(127\.0\.0\.1|localhost):\d+)$",
        description="the address of HubSpot's API, with https",
    )

    def lacking(self) -> list[str]:
        """What HubSpot still needs."""
        if self.crm is not CrmPart.HUBSPOT:
            return super().lacking()
        token = bool(self.hubspot_token.get_secret_value())
        file = self.hubspot_properties
        needed = {
            "HUBSPOT_TOKEN is not set; FOLLOWTHROUGH_CRM=hubspot needs the access token of a private app.": token,
            "HUBSPOT_PROPERTIES names no file; give the path of one, or nothing for the usual names.": file is None
            or file.is_file(),
        }
        return super().lacking() + unless(needed)
