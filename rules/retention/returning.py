"""A customer who is back: nothing more of theirs is deleted."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.case import CaseKind, RefusalType, Sibling
from models.leaving_stages import RetentionStage
from models.people import PersonId
from models.retention import RetentionCase, RetentionOutcome
from rules import ending
from rules.edit import change
from rules.retention import deleting


def returned(case: RetentionCase, command: ac.CustomerReturned, now: datetime) -> RetentionCase:
    """The customer is back, as a person says; the memory of who left hears of it."""
    case = _ended(case, command.detail, now, command.by)
    told = Sibling(kind=CaseKind.WIN_BACK, at=now, detail=command.detail, only_told=True)
    return change(case, siblings=(*case.siblings, told))


def came_back(case: RetentionCase, signal: ac.CameBack, now: datetime) -> RetentionCase:
    """The customer is back, as another case of the account heard."""
    return case if case.closed else _ended(case, signal.detail, now)


def _ended(case: RetentionCase, detail: str, now: datetime, by: PersonId | None = None) -> RetentionCase:
    deleting.check_not_proved(case, RefusalType.ILLEGAL_MOVE, "it does not come back")
    text = f"the customer is back: {detail}".rstrip(": ")
    return ending.close(case, RetentionOutcome.RETURNED, RetentionStage.CLOSED, text, now, by)
