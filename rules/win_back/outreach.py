"""Contacts with a former customer: each for something that happened, and at most one in the policy's time (OFFB-54)."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from models import after_commands as ac
from models import commands as c
from models.calendar import Offset
from models.case import Case, RefusalType
from models.closing import TagAccount
from models.effects import Action, Word
from models.metrics import OUTREACH, OUTREACH_LEFT, OUTREACH_SENT
from models.people import RoleId
from models.plan import EvidenceRule, StepSpec, When
from models.step import Step, StepState
from models.win_back import Outreach, Trigger, WinBackCase
from rules import obeying, unsent
from rules.dating import later
from rules.edit import change, put_steps, say, tell
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
    check_may_write(case, now)
    trigger = next((seen for seen in case.triggers if not seen.used_by), None)
    if trigger is None:
        raise Refused(
            RefusalType.EVIDENCE_MISSING,
            "a contact needs something new that happened: 'record_trigger' comes first",
        )
    named = " ".join(command.named.split())
    reach = Outreach(n=len(case.outreaches) + 1, at=now, by=command.by, reason=command.reason, named=named)
    spec = letter(reach, TEMPLATE, "Write to them about what has changed", "OFFB-54", policy_of(case).lead_role)
    return begin(_use(case, trigger, reach.n), reach, spec, now)


def check_may_write(case: WinBackCase, now: datetime) -> None:
    """Raises ``Refused`` while a letter is being written, and within the policy's time after the last one (OFFB-54)."""
    _check_none_is_written(case)
    _check_time(case, now)


def begin(case: WinBackCase, reach: Outreach, spec: StepSpec, now: datetime) -> WinBackCase:
    """The case with a contact whose letter is a step of its own: drafted by the system, released by a person."""
    spec = _reachable(case, spec)
    step = new_steps((spec,), now)[0].model_copy(update={"by_hand": True})
    case = change(case, outreaches=(*case.outreaches, reach), extras=(*case.extras, spec))
    return say(put_steps(case, step), now, OUTREACH, f"contact {reach.n}: {reach.reason}", by=reach.by)


def letter(reach: Outreach, template: str, title: str, req: str, owner: RoleId) -> StepSpec:
    """The step of a contact's letter, due within three days."""
    return StepSpec(
        id=step_of(reach),
        title=title,
        req=req,
        owner=owner,
        opens=When(),
        due=When(offset=Offset(days=3)),
        customer_facing=True,
        template=template,
        skippable=True,
        evidence=EvidenceRule(kind="message", what="the letter that was sent"),
    )


def step_of(reach: Outreach) -> str:
    """The id of the step of a contact's letter."""
    return f"{_PREFIX}{reach.n}"


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
        step = case.step(step_of(reach))
        if step is None or not step.ended:
            continue
        if step.state is StepState.DONE and reach.sent_at is None:
            case = _sent(case, reach.model_copy(update={"sent_at": step.ended_at}))
        elif step.state is not StepState.DONE and not reach.left_at:
            case = _left_out(case, reach, step)
    return case


def data_erased(case: WinBackCase, signal: ac.DataErased, now: datetime) -> WinBackCase:
    """Whom to write to is gone with the data: an unsent letter is withdrawn, and its owner told what is left to do."""
    if case.closed or case.erased_at:
        return case
    case, gone = change(case, erased_at=signal.erased_at), unsent.letters(case)
    case = unsent.withdrawn(case, gone, signal.erased_at, now)
    for step in gone:
        case = tell(case, now, step.person, Word.FAILED, f"{step.id}: {unsent.why(signal.erased_at)}; 'contact' again")
    return say(case, now, "data_erased", f"{unsent.why(signal.erased_at)}; a contact is a person's own from now on")


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


def _left_out(case: WinBackCase, reach: Outreach, step: Step) -> WinBackCase:
    left = reach.model_copy(update={"left_at": step.ended_at})
    case = _free(_with(case, left), reach.n)
    return say(case, step.ended_at or reach.at, OUTREACH_LEFT, f"contact {reach.n} was left out", step=step.id)


def _free(case: WinBackCase, n: int) -> WinBackCase:
    if all(seen.used_by != n for seen in case.triggers):
        return case
    free = {"used_by": 0}
    return change(case, triggers=tuple(t.model_copy(update=free) if t.used_by == n else t for t in case.triggers))


def _sent(case: WinBackCase, sent: Outreach) -> WinBackCase:
    text = f"contact {sent.n} went out: {sent.reason}"
    return say(_with(case, sent), sent.sent_at or sent.at, OUTREACH_SENT, text, step=step_of(sent))


def _with(case: WinBackCase, changed: Outreach) -> WinBackCase:
    return change(case, outreaches=tuple(changed if reach.n == changed.n else reach for reach in case.outreaches))


def _reachable(case: WinBackCase, spec: StepSpec) -> StepSpec:
    """By a letter of ours; after the erasure a person finds out whether and where they may be written to (GDPR 5(1)(c))."""
    if case.erased_at is None:
        return spec
    title = (
        f"{spec.title}, yourself: their address was erased on {case.erased_at:%Y-%m-%d}. "
        "Use one that they gave since, or that their company publishes; with neither, skip this step"
    )
    proof = EvidenceRule(kind="message", what="what was sent, and where the address is from")
    return spec.model_copy(update={"title": title, "template": None, "evidence": proof})
