"""The commands of a retention: a legal hold, an erasure before its time, a person's request, a customer who is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.contract_names import NAMES
from models.retention import RetentionCase
from rules import authority, ending, obeying, talking
from rules.retention import choosing, deleting, legal, lifecycle, personal, returning

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


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.CompleteStep: deleting.complete_step,
    c.ReopenStep: deleting.reopen_step,
    c.RescheduleStep: personal.reschedule,
    c.SkipStep: personal.skip,
    c.LogContact: talking.logged,
    ac.LegalHoldOn: legal.legal_hold,
    ac.ReleaseHold: legal.release_hold,
    ac.EraseNow: deleting.erase_now,
    ac.WantProof: want_proof,
    ac.PersonalRequest: personal.personal_request,
    ac.CustomerReturned: returning.returned,
    ac.ChoosePolicy: choosing.choose,
}
