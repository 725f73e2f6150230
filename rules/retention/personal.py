"""Requests of people for their own data: when they are confirmed and answered, by the law that protects them (AMB-26)."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.calendar import Clock
from models.case import RefusalType
from models.leaving import Limit, PersonalData
from models.plan import EvidenceRule, StepSpec, When
from models.retention import PersonsRequest, RetentionCase
from models.step import Step
from rules import dating, obeying
from rules.edit import change, put_steps, say
from rules.refusal import Refused, one_of
from rules.retention import choosing
from rules.retention.deleting import REVIEW
from rules.retention.terms import calendar_of, leaving_policy
from rules.routing import policy_of

_PREFIX, _ANSWER = "personal_", "_answer"


def personal_request(case: RetentionCase, command: ac.PersonalRequest, now: datetime) -> RetentionCase:
    """The case with a request of a person: its confirmation and its answer are owed, counted from the receipt."""
    law = _law(case, command.law)
    if command.received_at > now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"'received_at' lies after {now:%Y-%m-%d %H:%M} UTC; it is not in yet")
    due = _by(case, law.answer, command.received_at)
    latest = dating.moment(due, law.extension, Clock.ELAPSED, calendar_of(case))
    asked = PersonsRequest(
        n=len(case.requests) + 1,
        kind=command.kind,
        law=law.law,
        received_at=command.received_at,
        latest=latest,
        by=command.by,
    )
    case = change(case, requests=(*case.requests, asked))
    if law.confirm:
        case = _owed(
            case, asked, "_confirm", "Confirm that the request is in", _by(case, law.confirm, asked.received_at)
        )
    case = _owed(case, asked, _ANSWER, f"Answer it: {command.kind}", due)
    text = f"{command.kind} ({law.law}): {command.detail}; answered by {due:%Y-%m-%d}"
    return say(case, now, "personal_request", text, by=command.by)


def reschedule(case: RetentionCase, command: c.RescheduleStep, now: datetime) -> RetentionCase:
    """As any step; the answer to a person is put off no further than their law allows, and its confirmation not at all."""
    asked = next((one for one in case.requests if command.step_id.startswith(f"{_PREFIX}{one.n}_")), None)
    if asked and (command.due > asked.latest or not command.step_id.endswith(_ANSWER)):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"{asked.law} allows the answer until {asked.latest:%Y-%m-%d}, and no later; the confirmation is not put off",
        )
    return obeying.HANDLERS[c.RescheduleStep](case, command, now)  # type: ignore[no-any-return]


def skip(case: RetentionCase, command: c.SkipStep, now: datetime) -> RetentionCase:
    """As any step; what the law asks for, and the decision on a hold, are not left out."""
    choosing.check_left_to_the_command(command.step_id)
    if command.step_id.startswith((_PREFIX, REVIEW)):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{command.step_id} is not left out; complete it")
    return obeying.HANDLERS[c.SkipStep](case, command, now)  # type: ignore[no-any-return]


def is_owed_to_a_person(step_id: str) -> bool:
    """Whether a step is the answer to a person, or its confirmation; it outlives a return of the customer."""
    return step_id.startswith(_PREFIX)


def _law(case: RetentionCase, name: str) -> PersonalData:
    laws = leaving_policy(case).personal_data
    found = [law for law in laws if law.law.lower() == name.lower()] if name else list(laws)
    if len(found) != 1:
        wanted = f"there is no '{name}' in the policy {case.policy}" if name else "the policy knows several laws"
        raise Refused(RefusalType.BAD_PAYLOAD, f"{wanted}; 'law' is one of {one_of(law.law for law in laws)}")
    return found[0]


def _by(case: RetentionCase, limit: Limit, received: datetime) -> datetime:
    return dating.moment(received, limit.within, limit.clock, calendar_of(case))


def _owed(case: RetentionCase, asked: PersonsRequest, end: str, title: str, due: datetime) -> RetentionCase:
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
