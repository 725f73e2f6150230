"""Cases that start another one: what a save hands on to its recovery, and what becomes of the start."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from models.cancellation import CancellationCase
from models.case import Case, CaseKind, Sibling
from models.effects import Action, Outcome, Verb
from models.recovery import RecoveryCase
from models.save import SaveCase
from models.starts import CarriedCommitment, RecoveryStart, SaveStart
from models.work import is_closed
from rules import offers, promises, remembering
from rules.cancellation import save_beside
from rules.edit import C, change, say

_SAVES = (CaseKind.SAVE, CaseKind.RECOVERY)
"""Whom a cancellation speaks to about staying: a recovery that hears of it opens a save."""


def recovery_start(case: SaveCase, sibling: Sibling) -> RecoveryStart:
    """When the customer was saved and how, and every promise that is still owed (POST-7, POST-11).

    Offers in force go along: what they still bring is decided there. So do the follow-ups that the customer was told of.
    """
    return RecoveryStart(
        account_id=case.account_id,
        save_case_id=case.case_id,
        saved_at=case.closed_at or sibling.at,
        commitments=commitments(case),
        outcome=case.outcome,
        offers=offers.carried_over(case),
        steps=case.carried_steps,
        known=remembering.known(case, f"closed as {case.outcome}"),
        begins_at=sibling.at,
    )


def save_start(case: Case, sibling: Sibling) -> SaveStart:
    """The save that follows a relapse: what is still owed to the customer goes along (SAVE-29, POST-12).

    One that puts an outcome right knows what was found out before it (CONV-21).
    """
    corrected = case.corrected if isinstance(case, RecoveryCase) else None
    known = case.known if isinstance(case, RecoveryCase) and corrected else None
    return SaveStart(
        account_id=case.account_id,
        opened_by=sibling.by,
        reason=sibling.reason,
        carried_from=case.case_id,
        commitments=commitments(case),
        offers=offers.carried_over(case),
        playbook=known.playbook if known else None,
        known=known,
        corrects=corrected,
        begins_at=sibling.at,
    )


def commitments(case: Case) -> tuple[CarriedCommitment, ...]:
    """Every promise that is still owed, as far as it had come (SAVE-29)."""
    fields = set(CarriedCommitment.model_fields)
    return tuple(CarriedCommitment(**c.model_dump(include=fields)) for c in promises.carried_over(case))


def done(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The other case is open or has heard, or the wait for a decision is over; this one owes it nothing more."""
    case = without(case, action)
    case = _reached(case, action, outcome, now)
    match action.verb:
        case Verb.END_DEFERRAL:
            return _wait_ended(case, outcome, now)
        case Verb.TAKE_OVER:
            return case  # the signal of that name says what came
        case Verb.TELL_CASE:
            return say(case, now, f"{action.subject}_told", f"the account's {action.subject} case: {outcome.receipt}")
        case _:
            text = f"the account's {action.subject} case is open ({outcome.receipt})"
            return say(case, now, f"{action.subject}_started", text)


def _wait_ended(case: C, outcome: Outcome, now: datetime) -> C:
    """Nothing waits for the day of an earlier deferral any more; said where something did (CONV-23)."""
    if not outcome.receipt:
        return case
    text = f"the account is not asked on the day that it once named ({outcome.receipt})"
    return say(case, now, "deferral_ended", text)


def without(case: C, action: Action) -> C:
    """The case without the start, the telling, the taking over or the end of a wait, that the action was for."""
    if action.verb is Verb.END_DEFERRAL:
        return change(case, deferral_over_at=None)
    if action.verb is Verb.TAKE_OVER:
        return change(case, parked_since=None)
    done_with = next(iter(_asked(case, action)), None)
    others = (one for one in case.siblings if done_with is None or not _is_done(one, done_with, action))
    return change(case, siblings=tuple(others))


def sibling_of(case: Case, action: Action) -> Sibling:
    """What the action does: the first start or telling of its kind that is still owed."""
    return next(iter(_asked(case, action)))


def _asked(case: Case, action: Action) -> list[Sibling]:
    told = action.verb is Verb.TELL_CASE
    return [one for one in case.siblings if one.kind == action.subject and one.only_told is told]


def _is_done(sibling: Sibling, done_with: Sibling, action: Action) -> bool:
    """Whether the action did what is asked there; what came up while it was on its way is told anew."""
    said = (sibling.kind, sibling.only_told, sibling.signal) == (done_with.kind, done_with.only_told, done_with.signal)
    return said and sibling.at <= action.moment


def _reached(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """A cancellation that reached a save, or a recovery, which opens one, tells it what changes from here on."""
    reached = action.subject in _SAVES and not is_closed(outcome.receipt)
    return cast(C, save_beside.known_open(case, now)) if reached and isinstance(case, CancellationCase) else case
