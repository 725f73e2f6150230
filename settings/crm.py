"""The settings of the CRM."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from settings.part import PartSettings


class CrmPart(StrEnum):
    """Where accounts, contacts, tasks and notes live."""

    EMBEDDED = "embedded"


class CrmSettings(PartSettings):
    """Who keeps the accounts."""

    crm: CrmPart = Field(default=CrmPart.EMBEDDED, description="embedded")
