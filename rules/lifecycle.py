"""Which lifecycle a case follows: the moments at which the generic engine asks the particular one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol, TypeVar

from models.case import Case, CaseKind
from models.plan import Plan
from models.step import Step
from rules.cancellation import lifecycle as cancellation
from rules.recovery import lifecycle as recovery
from rules.retention import lifecycle as retention
from rules.reviews import lifecycle as review
from rules.save import lifecycle as save
from rules.win_back import lifecycle as win_back

C = TypeVar("C", bound=Case)


class Lifecycle(Protocol[C]):
    """What a lifecycle answers; each function gives the new case. ``SPINE`` is the plan that no case goes without."""

    SPINE: str

    def account_loaded(self, case: C, now: datetime) -> C:
        """The account and its team are known."""

    def plan_wanted(self, case: C, plan: Plan) -> str | None:
        """The playbook that the case should have in place of this first plan; None where it is right."""

    def plan_unfit(self, case: C, plan: Plan) -> str:
        """Why the case may not adopt this plan, empty where it may."""

    def plan_adopted(self, case: C, now: datetime) -> C:
        """A plan is in force."""

    def plan_refused(self, case: C, playbook: str, now: datetime) -> C:
        """A playbook could not be had."""

    def step_ended(self, case: C, step: Step, now: datetime) -> C:
        """The system brought a step to its end."""

    def effect_ended(self, case: C, now: datetime) -> C:
        """An effect took place, or was given up."""

    def reject(self, case: C, reason: str, now: datetime) -> C:
        """The case must not have been opened."""


_KINDS: dict[CaseKind, Any] = {
    CaseKind.SAVE: save,
    CaseKind.RECOVERY: recovery,
    CaseKind.CANCELLATION: cancellation,
    CaseKind.RETENTION: retention,
    CaseKind.WIN_BACK: win_back,
    CaseKind.REVIEW: review,
}


def of(case: C) -> Lifecycle[C]:
    """The lifecycle that the case follows."""
    lifecycle: Lifecycle[C] = _KINDS[case.kind]
    return lifecycle
