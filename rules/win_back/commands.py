"""The commands on who left: something happened, a contact that is worth it, a clean break, a return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.calendar import Offset
from models.case import RefusalType
from models.contract_names import NAMES
from models.leaving import LeavingPolicy
from models.leaving_stages import WinBackStage
from models.plan import EvidenceRule, StepSpec, When
from models.win_back import Outreach, Trigger, WinBackCase, WinBackOutcome
from rules import authority, ending, obeying, talking
from rules.dating import later
from rules.edit import change, put_steps, say
from rules.planning import new_steps
from rules.refusal import Refused
from rules.routing import policy_of
from rules.win_back import lifecycle

NEXT = "the next cancellation of the account starts a new one"
TEMPLATE = "win_back_contact"


def apply(case: WinBackCase, command: c.Command, now: datetime) -> WinBackCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    ending.check_open(case, NEXT)
    authority.check(case, NAMES[type(command)], command.by)
    changed: WinBackCase = _HANDLERS[type(command)](case, command, now)
    return lifecycle.settle(changed, now)


def record_trigger(case: WinBackCase, command: ac.RecordTrigger, now: datetime) -> WinBackCase:
    """Something happened that makes a contact worthwhile (OFFB-53)."""
    seen = Trigger(at=now, kind=command.kind, detail=command.detail, by=command.by)
    case = change(case, triggers=(*case.triggers, seen))
    return say(case, now, "trigger", f"{command.kind}: {command.detail}", by=command.by)


def contact(case: WinBackCase, command: ac.ContactAgain, now: datetime) -> WinBackCase:
    """Write to them, for a stated reason; never twice within the policy's time (OFFB-54)."""
    last = case.outreaches[-1] if case.outreaches else None
    earliest = later(last.at, _policy(case).win_back.contact_every) if last else None
    if earliest and now < earliest:
        raise Refused(
            RefusalType.ATTEMPT_LIMIT,
            f"they were written to on {last.at:%Y-%m-%d}; the next time is {earliest:%Y-%m-%d} or later"
            if last
            else "",
        )
    if not case.triggers:
        raise Refused(
            RefusalType.EVIDENCE_MISSING, "a contact needs something that happened: 'record_trigger' comes first"
        )
    reach = Outreach(n=len(case.outreaches) + 1, at=now, by=command.by, reason=command.reason)
    case = _with_letter(change(case, outreaches=(*case.outreaches, reach)), reach, now)
    return say(case, now, "outreach", f"contact {reach.n}: {command.reason}", by=command.by)


def leave_in_peace(case: WinBackCase, command: ac.LeaveInPeace, now: datetime) -> WinBackCase:
    """They want no contact any more: it ends here (OFFB-51)."""
    text = f"no contact any more: {command.words}".rstrip(": ")
    return ending.close(case, WinBackOutcome.CLEAN_BREAK, WinBackStage.CLOSED, text, now, command.by)


def returned(case: WinBackCase, command: ac.CustomerReturned, now: datetime) -> WinBackCase:
    """They are back."""
    text = f"the customer is back: {command.detail}".rstrip(": ")
    return ending.close(case, WinBackOutcome.RETURNED, WinBackStage.CLOSED, text, now, command.by)


def _with_letter(case: WinBackCase, reach: Outreach, now: datetime) -> WinBackCase:
    """The letter is a step of its own: drafted by the system, released by the person who wants it."""
    spec = StepSpec(
        id=f"contact_{reach.n}",
        title=f"Write to them: {reach.reason}"[:200],
        req="OFFB-54",
        owner=policy_of(case).lead_role,
        opens=When(),
        due=When(offset=Offset(days=3)),
        customer_facing=True,
        template=TEMPLATE,
        skippable=True,
        evidence=EvidenceRule(kind="message", what="the letter that was sent"),
    )
    return put_steps(change(case, extras=(*case.extras, spec)), *new_steps((spec,), now))


def _policy(case: WinBackCase) -> LeavingPolicy:
    return next(policy for policy in policy_of(case).leaving if policy.name == case.policy)


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.LogContact: talking.logged,
    ac.RecordTrigger: record_trigger,
    ac.ContactAgain: contact,
    ac.LeaveInPeace: leave_in_peace,
    ac.CustomerReturned: returned,
}
