"""The limits of a plan that the policy of leaving sets: a plan says which, the policy of the account says how long."""

from __future__ import annotations

from collections.abc import Callable

from models.cancellation import CancellationCase
from models.leaving import LeavingPolicy, Limit
from models.plan import ByPolicy, Plan, StepSpec, When
from rules.adopting import kept_dates
from rules.edit import change, put_steps


def limited(case: CancellationCase, policy: LeavingPolicy) -> CancellationCase:
    """The case with the limits of its policy in its plan and its steps dated by them (CANC-20, CANC-27, CANC-48, DIS-20)."""
    if case.plan is None or (plan := _in_terms(case.plan, policy)) == case.plan:
        return case
    case = change(case, plan=plan)
    return put_steps(case, *kept_dates(case, plan))


def _in_terms(plan: Plan, policy: LeavingPolicy) -> Plan:
    steps = tuple(_TERMS[spec.by_policy](spec, policy) if spec.by_policy else spec for spec in plan.steps)
    return plan.model_copy(update={"steps": steps})


def _acknowledged(spec: StepSpec, policy: LeavingPolicy) -> StepSpec:
    limits = policy.acknowledgement
    return spec.model_copy(update={"warn": _counted(When(), limits.soft), "due": _counted(When(), limits.hard)})


def _followed_up(spec: StepSpec, policy: LeavingPolicy) -> StepSpec:
    return spec.model_copy(update={"due": _counted(spec.due or When(), policy.follow_up)})


def _looked_at(spec: StepSpec, policy: LeavingPolicy) -> StepSpec:
    """By the first rule for the role that owns the step; as the plan says where the policy has none for it."""
    limit = next((rule for rule in policy.approvals if rule.role == spec.owner), None)
    return spec.model_copy(update={"due": _counted(spec.due or When(), limit)}) if limit else spec


def _surveyed(spec: StepSpec, policy: LeavingPolicy) -> StepSpec:
    """It goes out at the policy's moment, and is late a day after."""
    begins = When(after=policy.survey.counts_from.value, offset=policy.survey.after)
    late = begins.offset.model_copy(update={"days": begins.offset.days + 1})
    return spec.model_copy(update={"opens": begins, "due": begins.model_copy(update={"offset": late})})


def _counted(when: When, limit: Limit) -> When:
    return when.model_copy(update={"offset": limit.within, "clock": limit.clock})


_TERMS: dict[ByPolicy, Callable[[StepSpec, LeavingPolicy], StepSpec]] = {
    ByPolicy.ACKNOWLEDGEMENT: _acknowledged,
    ByPolicy.FOLLOW_UP: _followed_up,
    ByPolicy.APPROVALS: _looked_at,
    ByPolicy.SURVEY: _surveyed,
}
