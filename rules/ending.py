"""How a case ends, whatever its lifecycle: nothing is owed any more, and whoever waits for it is told so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from models.case import Case, RefusalType
from models.effects import OWED_AFTER_CLOSE, Verb
from models.people import PersonId
from rules.edit import C, change, say
from rules.refusal import Refused
from rules.steps import end_all

REJECTED = "rejected"


def check_open(case: Case, instead: str) -> None:
    """Raises ``Refused(CaseClosed)`` for a case that has its outcome, ``UnknownAccount`` where it never had an account."""
    if case.outcome == REJECTED:
        reason = next((event.text for event in case.timeline if event.kind == REJECTED), "")
        raise Refused(RefusalType.UNKNOWN_ACCOUNT, f"the case was rejected: {reason}")
    if case.closed:
        raise Refused(
            RefusalType.CASE_CLOSED,
            f"the case is closed as {case.outcome} since {case.closed_at:%Y-%m-%d %H:%M} UTC; {instead}",
        )


def close(
    case: C, outcome: StrEnum, stage: StrEnum, notes: str, now: datetime, by: PersonId | None = None, **more: Any
) -> C:
    """The case with its outcome, documented whether it went well or not (CONV-21); ``more`` is kept with it."""
    case = end_all(_without_waiting(case, outcome), f"closed as {outcome}", now)
    case = change(case, outcome=outcome, stage=stage, closed_at=now, hold=None, **more)
    return say(case, now, "closed", f"{outcome}: {notes}", by=by)


def reject(case: C, outcome: StrEnum, stage: StrEnum, reason: str, now: datetime) -> C:
    """A case for an account that nobody knows closes as ``rejected``; nothing was owed."""
    ended = {"outcome": outcome, "stage": stage, "closed_at": now, "asks": ()}
    return say(change(end_all(case, REJECTED, now), **ended), now, REJECTED, reason)


def _without_waiting(case: C, outcome: str) -> C:
    """Mail and look-ups that wait for another try are moot; who waits for an answer is told that the case is closed."""
    retries = tuple(retry for retry in case.retries if retry.action.verb in OWED_AFTER_CLOSE)
    flying = {action.subject for action in case.in_flight if action.verb is Verb.RELEASE_MESSAGE}
    refused = {"answered": True, "refusal": RefusalType.CASE_CLOSED, "sentence": f"the case was closed as {outcome}"}
    asks = tuple(ask if ask.answered or ask.id in flying else ask.model_copy(update=refused) for ask in case.asks)
    awaited = tuple(ask for ask in asks if ask.awaited or not ask.answered)
    return case.model_copy(update={"retries": retries, "asks": awaited})
