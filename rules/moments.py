"""When what a plan says comes, as moments (UTC): of a step, of its turns, of the first response that a case wants."""

from __future__ import annotations

from models.base import Utc
from models.calendar import Calendar, Offset
from models.case import Case
from models.plan import OPENED, StepSpec, When
from models.step import Step
from rules import dating
from rules.routing import step_owner


def response_due(case: Case, step: Step, spec: StepSpec) -> Utc | None:
    """By when the case's own judgement wants this step; None where it does not speak of it."""
    response = case.first_response() if spec.respond else None
    if response is None or step.origin is None:
        return None
    limit, since = response
    return dating.moment(max(since, step.origin), limit, spec.clock, customer_calendar(case))


def turn_due(case: Case, step: Step, spec: StepSpec, number: int) -> Utc | None:
    """When the ``number``-th occurrence is due."""
    start = moment(case, step, spec.opens)
    if start is None or spec.recur is None:
        return None
    every = spec.recur
    times = Offset(months=every.months * number, days=every.days * number, minutes=every.minutes * number)
    return dating.moment(start + step.shift, times, spec.clock, customer_calendar(case))


def moment(case: Case, step: Step, when: When) -> Utc | None:
    """When a moment of the plan comes for this step (UTC); None while its anchor is unknown."""
    calendar = customer_calendar(case)
    if when.before:
        end = case.anchor(when.before)
        return dating.ahead(end, when.offset, when.clock, calendar) if end else None
    anchor = step.origin if when.after == OPENED else case.anchor(when.after)
    return dating.moment(anchor, when.offset, when.clock, calendar) if anchor else None


def customer_calendar(case: Case) -> Calendar:
    """The working time of the customer."""
    return case.account.calendar if case.account else Calendar()


def owner_calendar(case: Case, step: Step, spec: StepSpec) -> Calendar:
    """The working time of whoever owns the step, or will when it opens."""
    owner = step.person or step_owner(case, step, spec.owner, step.opens or case.opened_at)
    person = case.team.person(owner) if owner else None
    return case.team.calendar(person.calendar) if person else Calendar()
