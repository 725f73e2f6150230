"""Legal holds: nothing is deleted until somebody releases it, and somebody decides anew on a day that is set (AMB-24)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import after_commands as ac
from models.case import RefusalType
from models.plan import EvidenceRule, StepSpec, When
from models.retention import DELETION_DUE, LegalHold, RetentionCase
from models.step import Evidence, Step, StepState
from rules import conditions, steps
from rules.dating import later
from rules.edit import change, put_steps, say
from rules.planning import dated
from rules.refusal import Refused, one_of
from rules.retention import deleting, work
from rules.retention.deleting import REVIEW
from rules.retention.terms import leaving_policy
from rules.routing import policy_of, roles_of


def legal_hold(case: RetentionCase, command: ac.LegalHoldOn, now: datetime) -> RetentionCase:
    """Nothing is deleted until the hold is released; on a hold that is on, it goes on until the new day."""
    deleting.check_not_back(case)
    deleting.check_not_proved(case, RefusalType.ILLEGAL_MOVE, "a hold comes too late")
    until = command.until or later(now, leaving_policy(case).retention.hold_review)
    if until <= now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"'until' must lie after {now:%Y-%m-%d %H:%M} UTC")
    former, was_due = case.legal_hold, case.anchor(DELETION_DUE)
    case = _decided(case, f"it goes on: {command.reason}", command.by, now) if former else deleting.undated(case)
    since, at = (former.since, former.was_due) if former else (now, was_due or now)
    hold = LegalHold(since=since, by=command.by, reason=command.reason, was_due=at, until=until)
    case = _with_review(change(case, legal_hold=hold, hold_reviews=case.hold_reviews + 1), hold, now)
    text = f"nothing is deleted: {command.reason}; decided anew by {until:%Y-%m-%d}"
    return say(case, now, "legal_hold", text, by=command.by)


def release_hold(case: RetentionCase, command: ac.ReleaseHold, now: datetime) -> RetentionCase:
    """The hold is over; the data is deleted on its day, or now where that has passed."""
    if case.legal_hold is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, "there is no legal hold to release")
    due = max(case.legal_hold.was_due, now)
    case = _decided(case, f"released: {command.reason}", command.by, now)
    case = change(deleting.due(case, due), legal_hold=None)
    return say(case, now, "hold_released", f"{command.reason}; {_deleted_by(case)}", by=command.by)


def _deleted_by(case: RetentionCase) -> str:
    """By when it is deleted, as its step shows it, and which steps it waits for besides."""
    step = work.done(case)
    spec = case.spec(step.step_id)
    due = dated(case, step, spec).due if spec else None
    said = f"the deletion is due by {due:%Y-%m-%d %H:%M} UTC" if due else "the deletion is not dated yet"
    waits = conditions.waits_for(case, spec) if spec else ()
    return f"{said}, and waits for {one_of(waits)}" if waits else said


def _decided(case: RetentionCase, text: str, by: str, now: datetime) -> RetentionCase:
    return steps.end_by_command(case, f"{REVIEW}_{case.hold_reviews}", Evidence(text=text), by, now)


def _with_review(case: RetentionCase, hold: LegalHold, now: datetime) -> RetentionCase:
    """Whoever placed the hold decides anew, in a step of theirs that opens at once and is due on the day."""
    spec = StepSpec(
        id=f"{REVIEW}_{case.hold_reviews}",
        title="Decide whether the legal hold goes on, or release it",
        req="AMB-24",
        owner=_role(case, hold.by),
        opens=When(),
        due=When(),
        command="legal_hold",
        evidence=EvidenceRule(kind="note", what="why it goes on, or that it is released"),
    )
    when: dict[str, Any] = {"origin": now, "opens": now, "opened_at": now, "due": hold.until, "pinned_due": True}
    step = Step(step_id=spec.id, state=StepState.OPEN, person=hold.by, by_hand=True, **when)
    return put_steps(change(case, extras=(*case.extras, spec)), dated(case, step, spec))


def _role(case: RetentionCase, by: str) -> str:
    allowed = next((p.roles for p in policy_of(case).permissions if p.command == "legal_hold"), ())
    return next((role for role in roles_of(case, by) if role in allowed), policy_of(case).manager_role)
