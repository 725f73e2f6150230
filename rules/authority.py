"""Who may give which command: the table of the policy, and the rule that a step belongs to its owner."""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Case, RefusalType
from models.commands import Assign
from models.contract_names import NAMES
from models.people import PersonId, RoleId
from models.plan import StepSpec
from models.policy import Policy
from models.step import Step
from rules import raci
from rules.refusal import Refused, one_of
from rules.routing import barred, policy_of, roles_of

_ASSIGN = NAMES[Assign]


def check(case: Case, command: str, by: PersonId) -> None:
    """Raises ``Refused``: ``UnknownPerson`` for a stranger to the case, ``NotAllowed`` for a role that may not."""
    person = case.team.person(by)
    if person is None and command == _ASSIGN and not _can_be_given(case, command):
        return  # nobody here can, so that the directory says whether they may, before the seat is theirs to give
    if person is None:
        raise Refused(
            RefusalType.UNKNOWN_PERSON,
            f"'{by}' is not on the team of account {case.account_id}; a manager can 'assign' them a role first",
        )
    check_active(by, active=person.active)
    check_permission(policy_of(case), command, by, roles_of(case, by))


def _can_be_given(case: Case, command: str) -> bool:
    """Whether anybody on the team may give that command."""
    allowed = next((set(p.roles) for p in policy_of(case).permissions if p.command == command), set())
    active = [person.id for person in case.team.people if person.active]
    return any(not allowed or allowed & set(roles_of(case, one)) for one in active)


def check_permission(policy: Policy, command: str, by: PersonId, held: Sequence[RoleId]) -> None:
    """Whether somebody who holds these roles may give the command. Raises ``Refused(NotAllowed)``."""
    allowed = next((p.roles for p in policy.permissions if p.command == command), ())
    if allowed and not set(allowed) & set(held):
        raise Refused(RefusalType.NOT_ALLOWED, f"'{command}' is for {one_of(allowed)}; '{by}' is {one_of(held)}")


def check_active(by: PersonId, *, active: bool) -> None:
    """Whoever has left the team gives no commands. Raises ``Refused(NotAllowed)``."""
    if not active:
        raise Refused(RefusalType.NOT_ALLOWED, f"'{by}' is deactivated and may not give commands")


def check_not_barred(case: Case, by: PersonId) -> None:
    """Where the customer wants no sales conversation, sales has no part in the case (DIS-32). Raises ``NotAllowed``."""
    held = set(roles_of(case, by))
    if held and held <= set(barred(case)):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"the customer wants no sales conversation; '{by}' is {one_of(sorted(held))} and has no part in this case",
        )


def check_step(case: Case, step: Step, spec: StepSpec, by: PersonId) -> None:
    """A step is for its owner, the roles that take part in it or carry its activity (SAVE-26), and those who answer
    for the case; one that is a decision by the policy is for its owner and the roles named there alone.
    Raises ``Refused``, also for a former owner, who has the role elsewhere but handed this case over.
    """
    policy = policy_of(case)
    takes_part = {*spec.along, *raci.completers(case, spec.id)} - {spec.owner}
    decided_by = next((set(rule.roles) for rule in policy.decisions if rule.step == spec.id), None)
    allowed = decided_by or {*takes_part, policy.manager_role, policy.executive_role}
    if not _owns(case, step, spec, by) and not allowed & set(roles_of(case, by)):
        owner = f"{spec.owner} ({step.person})" if step.person else spec.owner
        owner = f"{owner}, to be decided by {one_of(sorted(decided_by))}" if decided_by else owner
        raise Refused(RefusalType.NOT_ALLOWED, f"{step.id} is owed by {owner}; '{by}' is {one_of(roles_of(case, by))}")


def _owns(case: Case, step: Step, spec: StepSpec, by: PersonId) -> bool:
    """Whether somebody owes the step: as its person, in the seat of its role, or by the role where no seat has it."""
    seat = case.team.seat(spec.owner)
    by_role = by in (seat.person, seat.deputy) if seat else spec.owner in roles_of(case, by)
    return by == step.person or by_role
