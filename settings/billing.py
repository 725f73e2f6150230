"""The settings of billing."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from settings.part import PartSettings


class BillingPart(StrEnum):
    """Who keeps the invoices."""

    LEDGER = "ledger"


class BillingSettings(PartSettings):
    """Who keeps the invoices."""

    billing: BillingPart = Field(default=BillingPart.LEDGER, description="ledger")
