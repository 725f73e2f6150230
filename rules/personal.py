"""Requests of people for their own data: when they are confirmed and answered, by the law that protects them (AMB-26).

Their clocks run on a cancellation as they do on the retention that follows it, which takes along what is still owed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from models import after_commands as ac
from models import commands as c
from models.calendar import Calendar, Clock
from models.case import RefusalType
from models.contact import CustomerCase
from models.leaving import LeavingPolicy, Limit, PersonalData
from models.personal import PersonsRequest
from models.plan import EvidenceRule, StepSpec, When
from models.step import Step, StepState
from rules import dating, obeying
from rules.edit import change, drop_drafts, put_steps, say
from rules.refusal import Refused, one_of
from rules.routing import policy_of

_PREFIX, _CONFIRM, _ANSWER = "personal_", "_confirm", "_answer"
_GOES_ON = "the retention of the account goes on with it"
T = TypeVar("T", bound=CustomerCase)


def request(case: T, command: ac.PersonalRequest, policy: LeavingPolicy, now: datetime) -> T:
    """The case with a request of a person: its confirmation and its answer are owed, counted from the receipt."""
    law = _law(policy, command.law)
    if command.received_at > now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"'received_at' lies after {now:%Y-%m-%d %H:%M} UTC; it is not in yet")
    due = _by(case, law.answer, command.received_at)
    asked = PersonsRequest(
        n=max((one.n for one in case.personal_requests), default=0) + 1,
        kind=command.kind,
        law=law.law,
        received_at=command.received_at,
        latest=dating.moment(due, law.extension, Clock.ELAPSED, _calendar(case)),
        by=command.by,
        confirm_by=_by(case, law.confirm, command.received_at) if law.confirm else None,
        answer_by=due,
    )
    text = f"{command.kind} ({law.law}): {command.detail}; answered by {due:%Y-%m-%d}"
    return say(_with(case, asked), now, "personal_request", text, by=command.by)


def taken_over(case: T, requests: tuple[PersonsRequest, ...], now: datetime) -> T:
    """The case that goes on with what another one of the account still owed to people; each once."""
    known = {one.n for one in case.personal_requests}
    for asked in (one for one in requests if one.n not in known):
        case = say(_with(case, asked), now, "personal_request", f"{asked.kind} ({asked.law}): it goes on here")
    return case


def handed_on(case: T, now: datetime) -> T:
    """The case without what it still owes to people, noted on their requests for the retention that follows."""
    case = change(case, personal_requests=tuple(_as_owed(case, one) for one in case.personal_requests))
    for step in owed(case):
        ended = step.model_copy(update={"state": StepState.SKIPPED, "reason": _GOES_ON, "ended_at": now})
        case = say(drop_drafts(put_steps(case, ended), step.id), now, "step_skipped", _GOES_ON, step=step.id)
    return case


def open_requests(case: CustomerCase) -> tuple[PersonsRequest, ...]:
    """The requests of which something was still owed as they were handed on."""
    return tuple(one for one in case.personal_requests if one.confirm_by or one.answer_by)


def owed(case: CustomerCase) -> tuple[Step, ...]:
    """The confirmations and answers that people still wait for, whatever else ends."""
    return tuple(step for step in case.steps if is_owed_to_person(step) and not step.ended)


def is_owed_to_person(step: Step) -> bool:
    """Whether the law asks for the step, for a person who asked about their own data."""
    return step.by_hand and step.step_id.startswith(_PREFIX)


def reschedule(case: T, command: c.RescheduleStep, now: datetime) -> T:
    """As any step; the answer to a person is put off no further than their law allows, and its confirmation not at all."""
    requests = case.personal_requests
    asked = next((one for one in requests if command.step_id.startswith(f"{_PREFIX}{one.n}_")), None)
    if asked and (command.due > asked.latest or not command.step_id.endswith(_ANSWER)):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"{asked.law} allows the answer until {asked.latest:%Y-%m-%d}, and no later; the confirmation is not put off",
        )
    return obeying.HANDLERS[c.RescheduleStep](case, command, now)  # type: ignore[no-any-return]


def skip(case: T, command: c.SkipStep, now: datetime) -> T:
    """As any step; what the law asks for is not left out."""
    if command.step_id.startswith(_PREFIX):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{command.step_id} is not left out; complete it")
    return obeying.HANDLERS[c.SkipStep](case, command, now)  # type: ignore[no-any-return]


def _law(policy: LeavingPolicy, name: str) -> PersonalData:
    laws = policy.personal_data
    found = [law for law in laws if law.law.lower() == name.lower()] if name else list(laws)
    if len(found) != 1:
        wanted = f"there is no '{name}' in the policy {policy.name}" if name else "the policy knows several laws"
        raise Refused(RefusalType.BAD_PAYLOAD, f"{wanted}; 'law' is one of {one_of(law.law for law in laws)}")
    return found[0]


def _by(case: CustomerCase, limit: Limit, received: datetime) -> datetime:
    return dating.moment(received, limit.within, limit.clock, _calendar(case))


def _calendar(case: CustomerCase) -> Calendar:
    assert case.account is not None
    return case.account.calendar


def _as_owed(case: CustomerCase, asked: PersonsRequest) -> PersonsRequest:
    open_now = {step.step_id: step.due for step in owed(case)}
    name = f"{_PREFIX}{asked.n}"
    return asked.model_copy(
        update={"confirm_by": open_now.get(f"{name}{_CONFIRM}"), "answer_by": open_now.get(f"{name}{_ANSWER}")}
    )


def _with(case: T, asked: PersonsRequest) -> T:
    case = change(case, personal_requests=(*case.personal_requests, asked))
    if asked.confirm_by:
        case = _owe(case, asked, _CONFIRM, "Confirm that the request is in", asked.confirm_by)
    return _owe(case, asked, _ANSWER, f"Answer it: {asked.kind}", asked.answer_by) if asked.answer_by else case


def _owe(case: T, asked: PersonsRequest, end: str, title: str, due: datetime) -> T:
    spec = StepSpec(
        id=f"{_PREFIX}{asked.n}{end}",
        title=f"{title} ({asked.law}, request {asked.n} of a person)",
        req="AMB-26",
        owner=policy_of(case).lead_role,
        opens=When(),
        due=When(),
        promise=True,
        evidence=EvidenceRule(kind="record", what="what they were answered, when and how"),
    )
    step = Step(
        step_id=spec.id, origin=asked.received_at, opens=asked.received_at, due=due, pinned_due=True, by_hand=True
    )
    return put_steps(change(case, extras=(*case.extras, spec)), step)
