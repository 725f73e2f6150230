"""The records of a case without what people wrote in them: days, steps, decisions and amounts stay (OFFB-25, GDPR 17).

One place says what is a person's own text, for the book and for the case that is still open.
"""

from __future__ import annotations

from typing import Any

from models.cancellation import CancellationCase
from models.leaving_status import LeavingStatus
from models.people import PersonId
from models.step import Evidence

GONE = "-"
"""What stands in the place of a text that was erased."""

ADDED = "step_added"
"""The kind of the line of a history that says which step a person added; the title is theirs."""

_WORDED = ("promise_", "approval_", "offer_", "improve_by_", "exit_notice_")
"""How the ids of steps begin whose title quotes what people wrote."""


def is_titled_by_person(step_id: str, added: frozenset[str]) -> bool:
    """Whether the title of a step is what a person wrote; ``added`` are the steps that people added."""
    return step_id in added or step_id.startswith(_WORDED)


def step(ended_by: PersonId | None, evidence: Evidence | None) -> dict[str, Any]:
    """A step's fields: what the system did and found are receipts and figures; what a person gave is their text."""
    if ended_by is None:
        return {}
    return {"reason": "", "evidence": Evidence(text=GONE, decision=evidence.decision) if evidence else None}


def offer(offer_id: str) -> dict[str, Any]:
    """An offer's fields."""
    return {"title": offer_id, "reason": "", "answer": "", "details": (), "tie_ref": ""}


def approval() -> dict[str, Any]:
    """An approval's fields."""
    return {"reason": "", "why": ""}


def leaving(known: LeavingStatus | CancellationCase) -> dict[str, Any]:
    """The fields of a cancellation: days, choices and counts stay."""
    return {
        "requests": tuple(
            one.model_copy(update={"reason": "", "detail": "", "requested_by": ""}) for one in known.requests
        ),
        "invitations": tuple(one.model_copy(update={"words": ""}) for one in known.invitations),
        "answers": tuple(one.model_copy(update={"text": GONE}) for one in known.answers),
        "reasons_before": tuple(one.model_copy(update={"detail": ""}) for one in known.reasons_before),
        "reason_detail": "",
        "waiver": GONE if known.waiver else "",
    }
