"""Who hears of a step that is late: its ladder, and when each rung is climbed (AMB-37)."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.plan import StepSpec
from models.policy import Ladder, Rung
from rules import dating
from rules.routing import holder, policy_of


def ladder_of(case: Case, spec: StepSpec) -> Ladder:
    """The ladder of a step; a case that the matrix calls urgent climbs its own ladder in place of the standard one.

    An optional step is reminded of, and escalates to nobody.
    """
    if spec.optional:
        return Ladder(name="optional", rungs=())
    ladders = {ladder.name: ladder for ladder in policy_of(case).ladders}
    name = case.ladder() if spec.ladder == "standard" else spec.ladder
    return ladders.get(name) or ladders.get(spec.ladder) or Ladder(name=spec.ladder, rungs=())


def rung_moment(case: Case, rung: Rung, due: datetime) -> datetime:
    """When a rung is climbed (UTC), by the calendar of whoever stands on it when the step is due."""
    person = holder(case, rung.role, due)
    known = case.team.person(person) if person else None
    return dating.moment(due, rung.after, rung.clock, case.team.calendar(known.calendar if known else ""))
