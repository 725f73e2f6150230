"""What may be offered to a customer, as playbooks and policies write it (PLAY-42..44, 56, 76..89, 100, 101, 137..156)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from models.base import Id, Request
from models.calendar import Offset


class OfferKind(StrEnum):
    """What an offer changes; how it is priced, applied and ended follows from this."""

    DISCOUNT = "discount"
    PHASE_IN = "phase_in"
    BRIDGE = "bridge"
    ANNUAL_PREPAY = "annual_prepay"
    PAYMENT_TERMS = "payment_terms"
    DEFERRED_FEE = "deferred_fee"
    GRADUAL_INCREASE = "gradual_increase"
    REDUCED_SCOPE = "reduced_scope"
    FEWER_USERS = "fewer_users"
    QUARTERLY_PLAN = "quarterly_plan"
    PAUSE = "pause"
    FEATURE_TRIAL = "feature_trial"
    PILOT = "pilot"
    GUARANTEE = "guarantee"
    EASIER_EXIT = "easier_exit"
    SHORTER_TERM = "shorter_term"
    MONTH_TO_MONTH = "month_to_month"
    SERVICE_LEVEL = "service_level"
    ROADMAP_PRIORITY = "roadmap_priority"
    TRAINING = "training"
    PARTNER = "partner"
    MANUAL_SERVICE = "manual_service"
    BETA_ACCESS = "beta_access"
    RESOURCES = "resources"
    CUSTOM_FEATURES = "custom_features"


ON_THE_ROADMAP = (OfferKind.ROADMAP_PRIORITY, OfferKind.CUSTOM_FEATURES)
"""Kinds that only those who build it may approve, and that become a promise with their date (DIS-31, PLAY-155, PLAY-156)."""

MUST_SAY: dict[OfferKind, tuple[str, ...]] = {
    OfferKind.PAYMENT_TERMS: ("from", "to"),
    OfferKind.DEFERRED_FEE: ("fee_minor", "due_date"),
    OfferKind.MANUAL_SERVICE: ("until_date",),
    OfferKind.BETA_ACCESS: ("start_date",),
    **dict.fromkeys(ON_THE_ROADMAP, ("delivery_date",)),
}
"""What an offer of such a kind always says, since the software acts on it (DIS-27, PLAY-42, PLAY-82)."""

TEMPORARY = (OfferKind.PAUSE, OfferKind.FEATURE_TRIAL, OfferKind.PILOT)
"""Kinds that are nothing without an end."""


class PriceStep(Request):
    """One step of a phased price: the months it covers, counted from acceptance, and the percentage off."""

    months: str
    pct: int = Field(ge=0, le=100)


class OfferSpec(Request):
    """An offer that a playbook, a module or a policy authorises.

    ``kind`` is None only in plans that were pinned before offers had one; the check asks every file for it.
    """

    id: Id
    kind: OfferKind | None = None
    req: str = ""
    what: tuple[str, ...]
    limit_pct: int | None = Field(default=None, ge=0, le=100)
    limit_duration: Offset | None = None
    lead: Offset | None = None
    schedule: tuple[PriceStep, ...] = ()
    ends: str | None = None
    needs: tuple[str, ...] = ()
    approval: str = ""
    src: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("what"), str):
            return value | {"what": (value["what"],)}
        return value
