"""The kinds of plan that a leaving customer goes through, and their stages."""

from __future__ import annotations

from enum import StrEnum


class LeavingKind(StrEnum):
    """The kinds of plan whose cases carry the policies of leaving."""

    CANCELLATION = "cancellation"
    RETENTION = "retention"
    WIN_BACK = "win_back"


class CancellationStage(StrEnum):
    """The stages of a cancellation, in order."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    VALIDATED = "validated"
    SAVE_DECISION = "save_decision"
    SAVE_CONVERSATION = "save_conversation"
    APPROVAL = "approval"
    CONFIRMED = "confirmed"
    EXPORTING = "exporting"
    TRANSFERRING = "transferring"
    WINDING_DOWN = "winding_down"
    CLOSING = "closing"
    CLOSED = "closed"
    DEACTIVATED = "deactivated"


class RetentionStage(StrEnum):
    """The stages of what is kept after closure, in order."""

    RETAINED = "retained"
    DELETED = "deleted"
    PURGED = "purged"
    CLOSED = "closed"


class WinBackStage(StrEnum):
    """The stages of a win-back, in order."""

    RESTING = "resting"
    CLOSED = "closed"
