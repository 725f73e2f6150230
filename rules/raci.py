"""The RACI of the policy at work: who else may complete a step, who is asked when it opens, who hears that it is done."""

from __future__ import annotations

from datetime import datetime

from models.case import Case
from models.effects import Word
from models.people import PersonId, RoleId
from models.plan import StepSpec
from models.raci import RaciException, RaciRule
from models.save import SaveCase
from models.step import Step
from rules.edit import C, tell
from rules.routing import barred, holder, policy_of


def rule_of(case: Case, step_id: str) -> RaciRule | None:
    """The activity that a step belongs to, by its plan id; None where the policy says nothing of it."""
    return next((rule for rule in policy_of(case).raci if step_id in rule.steps), None)


def completers(case: Case, step_id: str) -> set[RoleId]:
    """The roles that are responsible or accountable for a step's activity, and may complete it (SAVE-26)."""
    rule = rule_of(case, step_id)
    return {*rule.responsible, rule.accountable} if rule else set()


def ask(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """Whoever is consulted is asked as the step opens for the first time; a rhythm is not announced at every turn.

    What opens with the case itself is left to the alert that the plan sends to all stakeholders then (PLAY-13).
    """
    rule = rule_of(case, spec.id)
    if rule is None or step.occurrence > 1 or step.round > 1 or step.opens == case.opened_at:
        return case
    roles = (*rule.consulted, *(role for more in _besides(case, rule) for role in more.consulted))
    roles = tuple(role for role in roles if role not in spec.along)
    return tell_roles(case, roles, Word.CONSULTED, spec.title, step.id, {step.person}, now)


def inform(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """Whoever is informed hears that the step is done, each time that it is."""
    rule = rule_of(case, spec.id)
    if rule is None:
        return case
    roles = (*rule.informed, *(role for more in _besides(case, rule) for role in more.informed))
    return tell_roles(case, roles, Word.INFORMED, spec.title, step.id, {step.person, step.ended_by}, now)


def _besides(case: Case, rule: RaciRule) -> tuple[RaciException, ...]:
    found = case.assessment.severity if isinstance(case, SaveCase) and case.assessment else ""
    return tuple(more for more in rule.besides if found in more.severities)


def tell_roles(
    case: C,
    roles: tuple[RoleId, ...],
    word: Word,
    text: str,
    step: str | None,
    knowing: set[PersonId | None],
    now: datetime,
) -> C:
    """A line for each person in a filled seat of these roles, but for those who know it already."""
    off = barred(case)
    seated = (holder(case, role, now) for role in roles if case.team.seat(role) and role not in off)
    for person in dict.fromkeys(person for person in seated if person not in knowing):
        case = tell(case, now, person, word, text, step)
    return case
