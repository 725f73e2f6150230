"""A cancellation whose customer's data is erased while letters are unsent: which go first, and what becomes of the others.

The erasure waits for what the law or the contract wants the customer to have (``before_erasure`` of a plan: the closure
confirmation with the final invoice, and the last of their data). Any other letter is withdrawn: neither its text nor
anybody to write to is left, and the case ends without it (OFFB-22, OFFB-25, GDPR 17). Nor are words of theirs in the case.
"""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.cancellation import CLOSED, CancellationCase
from rules import forgetting, planning, unsent
from rules.edit import change, say


def owed_before(case: CancellationCase) -> tuple[str, ...]:
    """The ids of the steps that the erasure waits for; none before the closure, and none once the case has ended."""
    if case.closed or case.anchor(CLOSED) is None:
        return ()
    return tuple(step.id for step, spec in planning.running(case) if spec.before_erasure)


def data_erased(case: CancellationCase, signal: ac.DataErased, now: datetime) -> CancellationCase:
    """The customer's data is gone: what was still to be written to them is withdrawn, with that reason.

    So is every word of theirs in the case itself, which is read like any other while something is owed in it; hearing it
    again takes what was written since.
    """
    gone = unsent.letters(case)
    if case.closed or case.anchor(CLOSED) is None:
        return case
    case = forgetting.cancellation(case)
    if case.erased_at and not gone:
        return case
    erased_at = case.erased_at or signal.erased_at
    case = unsent.withdrawn(change(case, erased_at=erased_at), gone, erased_at, now)
    what = ", ".join(step.id for step in gone)
    return say(case, now, "data_erased", f"{unsent.why(erased_at)}; withdrawn: {what or 'nothing was unsent'}")
