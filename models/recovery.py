"""The recovery case: a year in which a saved customer gets more attention than before (POST-1..12)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Utc
from models.case import CaseKind
from models.concession import CarriedOffer
from models.contact import CustomerCase
from models.starts import CarriedStep

SAVED = "saved"
"""The anchor that a recovery's plan counts from: when the customer was saved."""


class RecoveryStage(StrEnum):
    """The stages of a recovery, in order: ninety days of recovery, then elevated monitoring (POST-4, POST-6)."""

    RECOVERING = "recovering"
    ELEVATED = "elevated"
    CLOSED = "closed"


class RecoveryOutcome(StrEnum):
    """How a recovery ends; ``rejected`` is one that was started for an account nobody knows."""

    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"
    RELAPSED = "relapsed"
    ENDED = "ended"
    REJECTED = "rejected"


class RecoveryCase(CustomerCase):
    """The recovery of one account. ``verified`` is what was last found of the four criteria (SAVE-31..34).

    ``carried_offers`` are those that the save left in force, to be seen through once the plan is there, and
    ``carried_steps`` what it still owed the customer.
    """

    kind: CaseKind = CaseKind.RECOVERY
    stage: RecoveryStage = RecoveryStage.RECOVERING
    reached: tuple[RecoveryStage, ...] = (RecoveryStage.RECOVERING,)
    outcome: RecoveryOutcome | None = None
    save_case_id: str = ""
    save_outcome: str = ""
    saved_at: Utc
    carried_offers: tuple[CarriedOffer, ...] = ()
    carried_steps: tuple[CarriedStep, ...] = ()
    verified: bool | None = None
    relapsed_at: Utc | None = None
