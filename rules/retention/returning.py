"""A customer who is back: nothing more of theirs is deleted, and what people are owed is still given (OFFB-24, AMB-26).

Before the deletion everything ends but the answers to people who asked for their own data. After it the deletion that took
place is still verified, certified and confirmed, and the backups of before still go; what came in since is never touched.
"""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.case import CaseKind, Sibling
from models.people import PersonId
from models.plan import StepSpec
from models.retention import RetentionCase
from models.step import Step, StepState
from rules import planning
from rules.edit import change, drop_drafts, not_tried_again, put_steps, say
from rules.personal import is_owed_to_person
from rules.retention import deleting, work
from rules.talking import warn_manager


def returned(case: RetentionCase, command: ac.CustomerReturned, now: datetime) -> RetentionCase:
    """The customer is back, as a person says; the memory of who left hears of it."""
    deleting.check_not_back(case)
    case = back(case, command.detail, now, command.by)
    told = Sibling(kind=CaseKind.WIN_BACK, at=now, detail=command.detail, only_told=True)
    return change(case, siblings=(*case.siblings, told))


def came_back(case: RetentionCase, signal: ac.CameBack, now: datetime) -> RetentionCase:
    """The customer is back, as another case of the account heard."""
    return case if case.closed or case.returned_at else back(case, signal.detail, now)


def back(case: RetentionCase, detail: str, now: datetime, by: PersonId | None = None) -> RetentionCase:
    """The case of a customer who is back: it owes what is left, and deletes nothing more."""
    proved = work.proved(case)
    gone = [step for step, spec in planning.running(case) if not _still_owed(step, spec, proved=proved)]
    if case.legal_hold:
        text = f"the legal hold on {case.account_id} ends with their return; put it on again after the next closure"
        case = warn_manager(case, now, text)
    case = _left_out(change(case, returned_at=now, legal_hold=None), gone, now)
    text = f"the customer is back: {detail}".rstrip(": ")
    return say(case, now, "returned", text, by=by)


def _still_owed(step: Step, spec: StepSpec, *, proved: bool) -> bool:
    return is_owed_to_person(step) or (proved and not deleting.deletes(spec))


def _left_out(case: RetentionCase, gone: list[Step], now: datetime) -> RetentionCase:
    ids = {step.id for step in gone}
    ended = {"state": StepState.SKIPPED, "reason": "the customer is back", "ended_at": now}
    case = put_steps(case, *(step.model_copy(update=ended) for step in gone))
    return drop_drafts(not_tried_again(case, *ids), *ids)
