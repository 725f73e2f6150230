"""The commands of a retention: a legal hold, an erasure before its time, a customer who is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.case import Anchor, RefusalType
from models.contract_names import NAMES
from models.leaving_stages import RetentionStage
from models.retention import DELETION_DUE, LegalHold, RetentionCase, RetentionOutcome
from models.step import StepState
from rules import authority, ending, obeying, talking
from rules.edit import change, put_steps, say
from rules.refusal import Refused
from rules.retention import lifecycle

NEXT = "the next cancellation of the account starts a new retention"


def apply(case: RetentionCase, command: c.Command, now: datetime) -> RetentionCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    ending.check_open(case, NEXT)
    authority.check(case, NAMES[type(command)], command.by)
    changed: RetentionCase = _HANDLERS[type(command)](case, command, now)
    return lifecycle.settle(changed, now)


def complete_step(case: RetentionCase, command: c.CompleteStep, now: datetime) -> RetentionCase:
    """As any step; whoever verified the deletion is named in the certificate."""
    case = obeying.complete_step(case, command, now)
    return change(case, verified_by=command.by) if command.step_id == "verify_deletion" else case


def legal_hold(case: RetentionCase, command: ac.LegalHoldOn, now: datetime) -> RetentionCase:
    """Nothing is deleted until the hold is released."""
    if case.legal_hold:
        raise Refused(RefusalType.ALREADY_DECIDED, f"a legal hold is on since {case.legal_hold.since:%Y-%m-%d}")
    due = case.anchor(DELETION_DUE)
    if due is None or lifecycle.begun(case):
        raise Refused(RefusalType.ILLEGAL_MOVE, "the deletion has begun already; a hold comes too late")
    hold = LegalHold(since=now, by=command.by, reason=command.reason, was_due=due)
    case = change(_undated(case), legal_hold=hold)
    return say(case, now, "legal_hold", f"nothing is deleted: {command.reason}", by=command.by)


def release_hold(case: RetentionCase, command: ac.ReleaseHold, now: datetime) -> RetentionCase:
    """The hold is over; the data is deleted on its day, or now where that has passed."""
    if case.legal_hold is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, "there is no legal hold to release")
    due = max(case.legal_hold.was_due, now)
    case = change(_due(case, due), legal_hold=None)
    return say(case, now, "hold_released", f"{command.reason}; deleted on {due:%Y-%m-%d}", by=command.by)


def erase_now(case: RetentionCase, command: ac.EraseNow, now: datetime) -> RetentionCase:
    """A verified request: the data is deleted now."""
    if case.legal_hold:
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"a legal hold is on ({case.legal_hold.reason}); nothing is deleted before it is released",
        )
    if lifecycle.begun(case):
        raise Refused(RefusalType.ALREADY_DECIDED, "the deletion has begun already")
    case = _due(_undated(case), now)
    return say(case, now, "erase_now", f"deleted before its time; verified: {command.verified_how}", by=command.by)


def want_proof(case: RetentionCase, command: ac.WantProof, now: datetime) -> RetentionCase:
    """The customer wants it in writing."""
    case = change(case, proof_wanted=True)
    return say(case, now, "proof_wanted", "the deletion is confirmed in writing", by=command.by)


def returned(case: RetentionCase, command: ac.CustomerReturned, now: datetime) -> RetentionCase:
    """The customer is back: nothing is deleted, unless it has been already."""
    if lifecycle.begun(case):
        raise Refused(RefusalType.ILLEGAL_MOVE, "the data was deleted already; it does not come back")
    text = f"the customer is back: {command.detail}".rstrip(": ")
    return ending.close(case, RetentionOutcome.RETURNED, RetentionStage.CLOSED, text, now, command.by)


def _undated(case: RetentionCase) -> RetentionCase:
    """The case whose deletion has no day."""
    waiting = [s for s in case.steps if s.step_id == "erase_data" and s.state is StepState.WAITING]
    bare = (step.model_copy(update={"opens": None, "due": None, "warn": None}) for step in waiting)
    case = put_steps(case, *bare)
    return change(case, anchors=tuple(anchor for anchor in case.anchors if anchor.name != DELETION_DUE))


def _due(case: RetentionCase, at: datetime) -> RetentionCase:
    return change(case, anchors=(*case.anchors, Anchor(name=DELETION_DUE, at=at)))


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.CompleteStep: complete_step,
    c.LogContact: talking.logged,
    ac.LegalHoldOn: legal_hold,
    ac.ReleaseHold: release_hold,
    ac.EraseNow: erase_now,
    ac.WantProof: want_proof,
    ac.CustomerReturned: returned,
}
