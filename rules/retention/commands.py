"""The commands of a retention: a legal hold, an erasure before its time, a person's request, a customer who is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.case import RefusalType
from models.contract_names import NAMES
from models.retention import RetentionCase
from rules import authority, ending, obeying, personal, talking
from rules.refusal import Refused
from rules.retention import choosing, deleting, giving_back, legal, lifecycle, returning
from rules.retention.terms import leaving_policy

NEXT = "the next cancellation of the account starts a new retention"


def apply(case: RetentionCase, command: c.Command, now: datetime) -> RetentionCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    ending.check_open(case, NEXT)
    authority.check(case, NAMES[type(command)], command.by)
    changed: RetentionCase = _HANDLERS[type(command)](case, command, now)
    return lifecycle.settle(changed, now)


def want_proof(case: RetentionCase, command: ac.WantProof, now: datetime) -> RetentionCase:
    """The customer wants it in writing (OFFB-26)."""
    return deleting.want_proof(case, command.by, now)


def personal_request(case: RetentionCase, command: ac.PersonalRequest, now: datetime) -> RetentionCase:
    """A person asked for something about their own data (AMB-26)."""
    return personal.request(case, command, leaving_policy(case), now)


def skip(case: RetentionCase, command: c.SkipStep, now: datetime) -> RetentionCase:
    """As any step; the decision on a hold, and what the law asks for, are not left out."""
    choosing.check_left_to_the_command(command.step_id)
    if command.step_id.startswith(deleting.REVIEW):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{command.step_id} is not left out; complete it")
    return personal.skip(case, command, now)


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.CompleteStep: deleting.complete_step,
    c.ReopenStep: deleting.reopen_step,
    c.RescheduleStep: personal.reschedule,
    c.SkipStep: skip,
    c.LogContact: talking.logged,
    ac.LegalHoldOn: legal.legal_hold,
    ac.ReleaseHold: legal.release_hold,
    ac.EraseNow: deleting.erase_now,
    ac.WantProof: want_proof,
    ac.ChooseKeptData: giving_back.choose,
    ac.PersonalRequest: personal_request,
    ac.CustomerReturned: returning.returned,
    ac.ChoosePolicy: choosing.choose,
}
