"""A save that was not won after all: its recovery ends, and a save that is linked to it puts the outcome right (CONV-21)."""

from __future__ import annotations

from datetime import datetime

from models.case import CaseKind, RefusalType, Sibling
from models.close_commands import CorrectOutcome
from models.correction import Correction
from models.recovery import RecoveryCase
from rules import steps
from rules.edit import change, say
from rules.refusal import Refused
from rules.save.correcting import REASON
from rules.talking import warn_manager


def correct(case: RecoveryCase, command: CorrectOutcome, now: datetime) -> RecoveryCase:
    """The recovery that ends since its save was closed wrongly; what is still owed goes along to the save that follows.

    Raises ``Refused(IllegalMove)`` where a save attempt follows already, or where another save is meant than the last one
    that this recovery knows.
    """
    if case.relapsed_at:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            "this recovery ends already, and a save attempt follows it; close that one rightly",
        )
    given = Correction(
        case_id=_meant(case, command),
        outcome=case.save_outcome or None,
        by=command.by,
        at=now,
        why=command.why,
    )
    text = f"save case {given.case_id} {given.was_not}: {given.why}; a save attempt that puts it right is opened"
    case = say(change(case, corrected=given, relapsed_at=now, hold=None), now, "outcome_corrected", text, by=command.by)
    case = steps.end_all(case, f"the save {given.was_not}; a save attempt follows", now)
    save = Sibling(kind=CaseKind.SAVE, at=now, by=command.by, reason=REASON)
    return warn_manager(change(case, siblings=(*case.siblings, save)), now, text)


def _meant(case: RecoveryCase, command: CorrectOutcome) -> str:
    """The last save that the recovery knows; one that was won since may not have reached it yet."""
    last = (case.save_case_id, *case.taken_over)[-1]
    if command.case_id in (None, last):
        return last
    raise Refused(
        RefusalType.ILLEGAL_MOVE,
        f"the last save that this recovery knows is {last}, not {command.case_id}; where that one was won just now, "
        "give the command again in a moment",
    )
