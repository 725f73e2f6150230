"""Cases that start another one: what a save hands on to its recovery, and what becomes of the start."""

from __future__ import annotations

from datetime import datetime

from models.case import Sibling
from models.effects import Action, Outcome, Verb
from models.save import SaveCase
from models.starts import CarriedCommitment, RecoveryStart
from rules import deferring, offers, promises
from rules.edit import C, change, say


def recovery_start(case: SaveCase, sibling: Sibling) -> RecoveryStart:
    """When the customer was saved and how, and every promise that is still owed (POST-7, POST-11).

    Offers in force go along: what they still bring is decided there. So do the follow-ups that the customer was told of.
    """
    owed = promises.carried_over(case)
    carried = (CarriedCommitment(id=c.id, title=c.title, owner=c.owner, due=c.due, state=c.state) for c in owed)
    return RecoveryStart(
        account_id=case.account_id,
        save_case_id=case.case_id,
        saved_at=case.closed_at or sibling.at,
        commitments=tuple(carried),
        outcome=case.outcome,
        offers=offers.carried_over(case),
        steps=case.carried_steps,
    )


def done(case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The other case is open, or the wait for a decision is over; this one owes it nothing more."""
    case = without(case, action)
    if action.verb is Verb.END_DEFERRAL:
        return deferring.ended(case, outcome, now)
    text = f"the account's {action.subject} case is open ({outcome.receipt})"
    return say(case, now, f"{action.subject}_started", text)


def without(case: C, action: Action) -> C:
    """The case without the start, or the end of a wait, that the action was for."""
    if action.verb is Verb.END_DEFERRAL:
        return change(case, deferral_over_at=None)
    return change(case, siblings=tuple(one for one in case.siblings if one.kind != action.subject))
