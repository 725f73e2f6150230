"""Contacts with a former customer: each for something that happened, and at most one in the policy's time (OFFB-54)."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from models import after_commands as ac
from models import commands as c
from models.calendar import Offset
from models.case import Case, RefusalType
from models.closing import TagAccount
from models.effects import Action
from models.plan import EvidenceRule, StepSpec, When
from models.step import StepState
from models.win_back import Outreach, Trigger, WinBackCase
from rules import obeying
from rules.dating import later
from rules.edit import change, put_steps, say
from rules.planning import new_steps
from rules.refusal import Refused
from rules.routing import policy_of
from rules.win_back.terms import leaving_policy

TEMPLATE, CHECK_IN = "win_back_contact", "check_in"
_PREFIX = "contact_"
_UNSENT = (StepState.WAITING, StepState.OPEN)


def tagging(case: Case, action: Action) -> TagAccount:
    """How the customer is remembered, for the CRM (OFFB-50, OFFB-55)."""
    memory = cast(WinBackCase, case).memory
    who = {"key": action.key, "case_id": case.case_id, "account_id": case.account_id}
    return TagAccount(**who, at=action.moment, tag=memory)


def record_trigger(case: WinBackCase, command: ac.RecordTrigger, now: datetime) -> WinBackCase:
    """Something happened that makes a contact worthwhile (OFFB-53)."""
    seen = Trigger(at=now, kind=command.kind, detail=command.detail, by=command.by)
    case = change(case, triggers=(*case.triggers, seen))
    return say(case, now, "trigger", f"{command.kind}: {command.detail}", by=command.by)


def contact(case: WinBackCase, command: ac.ContactAgain, now: datetime) -> WinBackCase:
    """Write to them, for a stated reason; never twice within the policy's time (OFFB-54)."""
    _check_none_is_written(case)
    _check_time(case, now)
    trigger = next((seen for seen in case.triggers if not seen.used_by), None)
    if trigger is None:
        raise Refused(
            RefusalType.EVIDENCE_MISSING,
            "a contact needs something new that happened: 'record_trigger' comes first",
        )
    reach = Outreach(n=len(case.outreaches) + 1, at=now, by=command.by, reason=command.reason)
    case = _use(change(case, outreaches=(*case.outreaches, reach)), trigger, reach.n)
    case = _with_letter(case, reach, now)
    return say(case, now, "outreach", f"contact {reach.n}: {command.reason}", by=command.by)


def reopen(case: WinBackCase, command: c.ReopenStep, now: datetime) -> WinBackCase:
    """As any step; a letter is not written a second time by opening its step again."""
    if command.step_id.startswith(_PREFIX):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{command.step_id} is not opened again; 'contact' asks for another one"
        )
    return obeying.HANDLERS[c.ReopenStep](case, command, now)  # type: ignore[no-any-return]


def settle(case: WinBackCase) -> WinBackCase:
    """What went out counts from its sending; what was left out gives its trigger back."""
    for reach in case.outreaches:
        step = case.step(f"{_PREFIX}{reach.n}")
        if step is None or not step.ended:
            continue
        if step.state is StepState.DONE and reach.sent_at is None:
            case = _sent(case, reach.model_copy(update={"sent_at": step.ended_at}))
        elif step.state is not StepState.DONE:
            case = _free(case, reach.n)
    return case


def _check_none_is_written(case: WinBackCase) -> None:
    under_way = (step for step in case.steps if step.step_id.startswith(_PREFIX) and step.state in _UNSENT)
    if step := next(under_way, None):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is being written; send it or leave it out first")


def _check_time(case: WinBackCase, now: datetime) -> None:
    greeted = [s.ended_at for s in case.steps if s.step_id == CHECK_IN and s.state is StepState.DONE and s.ended_at]
    last = max((*greeted, *(reach.sent_at for reach in case.outreaches if reach.sent_at)), default=None)
    earliest = later(last, leaving_policy(case).win_back.contact_every) if last else now
    if last and now < earliest:
        raise Refused(
            RefusalType.ATTEMPT_LIMIT,
            f"they were written to on {last:%Y-%m-%d}; the next time is {earliest:%Y-%m-%d} or later",
        )


def _use(case: WinBackCase, trigger: Trigger, n: int) -> WinBackCase:
    used = trigger.model_copy(update={"used_by": n})
    return change(case, triggers=tuple(used if seen is trigger else seen for seen in case.triggers))


def _free(case: WinBackCase, n: int) -> WinBackCase:
    if all(seen.used_by != n for seen in case.triggers):
        return case
    free = {"used_by": 0}
    return change(case, triggers=tuple(t.model_copy(update=free) if t.used_by == n else t for t in case.triggers))


def _sent(case: WinBackCase, sent: Outreach) -> WinBackCase:
    return change(case, outreaches=tuple(sent if reach.n == sent.n else reach for reach in case.outreaches))


def _with_letter(case: WinBackCase, reach: Outreach, now: datetime) -> WinBackCase:
    """The letter is a step of its own: drafted by the system, released by the person who wants it."""
    spec = StepSpec(
        id=f"{_PREFIX}{reach.n}",
        title="Write to them about what has changed",
        req="OFFB-54",
        owner=policy_of(case).lead_role,
        opens=When(),
        due=When(offset=Offset(days=3)),
        customer_facing=True,
        template=TEMPLATE,
        skippable=True,
        evidence=EvidenceRule(kind="message", what="the letter that was sent"),
    )
    step = new_steps((spec,), now)[0].model_copy(update={"by_hand": True})
    return put_steps(change(case, extras=(*case.extras, spec)), step)
