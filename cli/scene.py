"""What the people of a story see of a case, and who is who in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.letters.catalogue import Catalogue
from models.case import TimelineEvent
from models.effects import Word
from models.people import PersonId, Team
from models.plan import Plan, StepSpec
from models.status import Status, StepStatus
from rules.routing import absence_at


@dataclass(frozen=True)
class Scene:
    """What the people know: the case as it stands, the plan in force, the team as it was when the case opened."""

    status: Status
    plan: Plan
    team: Team
    catalogue: Catalogue


def spec_of(plan: Plan, step: StepStatus) -> StepSpec | None:
    """What the plan says of a step; None for one that was added by hand or left with a former playbook."""
    return plan.step(step.id.split("/")[0])


def cause_of(plan: Plan) -> str | None:
    """The first root cause that picks this playbook, or None where none does."""
    return next((rule.code for rule in plan.policy.root_causes if rule.playbook == plan.name), None)


def without_offers(plan: Plan, spec: StepSpec) -> tuple[str, ...]:
    """The decisions of a step that call for no offer: the people of a story make none."""
    told = (step.condition for step in plan.steps if step.offers and step.condition)
    offered = {after.decision for after in told if after.step == spec.id}
    return tuple(one for one in spec.evidence.decisions if one not in offered)


def lead(scene: Scene) -> PersonId | None:
    """Who leads the case as it was opened: the holder of the policy's lead role, else the manager."""
    seat = scene.team.seat(scene.plan.policy.lead_role)
    return seat.person if seat else manager(scene)


def manager(scene: Scene) -> PersonId | None:
    """The holder of the policy's manager role, or None."""
    seat = scene.team.seat(scene.plan.policy.manager_role)
    return seat.person if seat else None


def acting_lead(scene: Scene, at: datetime) -> PersonId | None:
    """The lead, or who stands in while the lead is away (UTC)."""
    known = scene.team.person(lead(scene) or "")
    present = known is not None and known.active and absence_at(known, at) is None
    return lead(scene) if present else stand_in(scene, at)


def stand_in(scene: Scene, at: datetime) -> PersonId | None:
    """Who acts for an absent lead: the deputy where they are there, else the manager."""
    known = scene.team.person(deputy(scene) or "")
    present = known is not None and known.active and absence_at(known, at) is None
    return known.id if known and present else manager(scene)


def deputy(scene: Scene) -> PersonId | None:
    """Who stands in for the lead, or None."""
    seat = scene.team.seat(scene.plan.policy.lead_role)
    return seat.deputy if seat else None


def calendar_of(team: Team, person: PersonId) -> str:
    """The id of the calendar that a person works by."""
    known = team.person(person)
    return known.calendar if known else ""


def first_event(status: Status, kind: str) -> TimelineEvent | None:
    """The first line of that kind in the history, or None."""
    return next((event for event in status.timeline if event.kind == kind), None)


def with_owner_since(status: Status, step_id: str) -> datetime | None:
    """When the step last came to somebody: it was opened, handed on or opened again."""
    kinds = ("step_opened", "rerouted", "step_reopened", "rescheduled")
    return max((e.at for e in status.timeline if e.step == step_id and e.kind in kinds), default=None)


def is_manual(status: Status, step: StepStatus) -> bool:
    """Whether the system gave an automatic step up, so that a person owes it."""
    return any(e.step == step.id and e.kind == "step_manual" for e in status.timeline)


def first_breach(status: Status) -> datetime | None:
    """When an owner was first told that a step is overdue (UTC), or None."""
    told = f"{Word.OVERDUE}:"
    return next((e.at for e in status.timeline if e.kind == "told" and told in e.text), None)
