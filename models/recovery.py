"""The recovery case: a year in which a saved customer gets more attention than before (POST-1..12)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Utc
from models.case import CaseKind
from models.commands import CancellationRequested
from models.contact import CustomerCase
from models.correction import Correction
from models.starts import CarriedStep, KnownBefore

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
    CORRECTED = "corrected"
    ENDED = "ended"
    REJECTED = "rejected"


class RecoveryCase(CustomerCase):
    """The recovery of one account, and of every save that it won meanwhile. ``save_outcome`` is how the last of them ended.

    ``verified`` is what was last found of the four criteria (SAVE-31..34).

    ``carried_steps`` are what the save still owed the customer, besides its promises and offers; ``cancellation`` is the
    wish to cancel, which the save that follows must hear. ``relapsed_at`` is since when (UTC) a save attempt takes over,
    also where the outcome of the save is ``corrected``; ``known`` is what that save had found out.
    """

    kind: CaseKind = CaseKind.RECOVERY
    stage: RecoveryStage = RecoveryStage.RECOVERING
    reached: tuple[RecoveryStage, ...] = (RecoveryStage.RECOVERING,)
    outcome: RecoveryOutcome | None = None
    save_case_id: str = ""
    save_outcome: str = ""
    saved_at: Utc
    carried_steps: tuple[CarriedStep, ...] = ()
    verified: bool | None = None
    relapsed_at: Utc | None = None
    cancellation: CancellationRequested | None = None
    known: KnownBefore | None = None
    corrected: Correction | None = None
