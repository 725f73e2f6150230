"""A plan says what is owed, the policy of the account how soon: what a policy says is what holds (CANC-20, CANC-48)."""

from __future__ import annotations

from typing import Any

import pytest

from models.calendar import Clock, Offset
from models.case import Case
from models.effects import Action, Outcome
from models.leaving import LeavingPolicy, SurveyAnchor
from models.plan import Plan, StepSpec
from rules.cancellation import by_policy
from tests.unit.rules.cancellation.leavers import policy
from tests.unit.rules.leaving import Leaving, company


@pytest.fixture(scope="module")
def confirmed() -> Leaving:
    d = Leaving()
    d.confirmed()
    return d


def changed(**values: Any) -> LeavingPolicy:
    facts = policy("default").model_dump(mode="json", by_alias=True) | values
    return LeavingPolicy.model_validate(facts)


def step(d: Leaving, step_id: str, under: LeavingPolicy) -> StepSpec:
    plan = by_policy.limited(d.case, under).plan
    assert isinstance(plan, Plan)
    return next(spec for spec in plan.steps if spec.id == step_id)


def test_the_acknowledgement_is_due_when_the_policy_says(confirmed: Leaving):  # CANC-20
    limits = {"soft": {"within": "PT2H", "clock": "business"}, "hard": {"within": "PT12H"}, "rule": "our own promise"}
    spec = step(confirmed, "acknowledgement", changed(acknowledgement=limits))
    assert spec.warn and spec.due
    assert (spec.warn.offset, spec.warn.clock) == (Offset(minutes=120), Clock.BUSINESS)
    assert (spec.due.offset, spec.due.clock) == (Offset(minutes=720), Clock.ELAPSED)


def test_the_follow_up_counts_from_the_acknowledgement_as_the_policy_says(confirmed: Leaving):  # CANC-27
    spec = step(confirmed, "follow_up", changed(follow_up={"within": "PT6H", "rule": "our own promise"}))
    assert spec.due and (spec.due.after, spec.due.offset) == ("step:acknowledgement", Offset(minutes=360))


def test_each_approval_has_the_time_of_its_own_rule(confirmed: Leaving):  # CANC-48
    rules = [{"when": "notice", "role": "legal", "within": "P3D", "clock": "elapsed", "rule": "CANC-48"}]
    under = changed(approvals=rules)
    legal, manager = step(confirmed, "legal_review", under), step(confirmed, "manager_approval", under)
    assert legal.due and (legal.due.offset, legal.due.clock) == (Offset(days=3), Clock.ELAPSED)
    assert manager.due and manager.due.clock is Clock.BUSINESS  # the policy has no rule for it: as the plan says


@pytest.mark.parametrize("anchor", SurveyAnchor)
def test_the_survey_goes_out_when_the_policy_says(confirmed: Leaving, anchor: SurveyAnchor):  # OFFB-27, DIS-20
    survey = {"counts_from": anchor.value, "after": "P4D", "rule": "DIS-20"}
    spec = step(confirmed, "survey_invitation", changed(survey=survey))
    assert (spec.opens.after, spec.opens.offset) == (anchor.value, Offset(days=4))
    assert spec.due and (spec.due.after, spec.due.offset) == (anchor.value, Offset(days=5))


def test_a_running_case_has_the_limits_of_its_policy(confirmed: Leaving):
    """The shipped plans agree with the shipped default, so that its limits change nothing there."""
    assert confirmed.case.plan
    assert by_policy.limited(confirmed.case, policy("default")).plan == confirmed.case.plan


def test_what_a_case_owes_follows_a_policy_of_other_limits():
    own = changed(follow_up={"within": "PT6H", "rule": "our own promise"})

    def world(case: Case, action: Action) -> Outcome:
        found = company()(case, action)
        if found.plan is None:
            return found
        rules = found.plan.policy.model_copy(update={"leaving": (own,)})
        return found.model_copy(update={"plan": found.plan.model_copy(update={"policy": rules})})

    d = Leaving(world)
    d.confirmed()
    late = next(s for s in d.case.steps if s.step_id == "follow_up")
    acknowledged = next(s for s in d.case.steps if s.step_id == "acknowledgement")
    assert late.due and acknowledged.ended_at
    assert (late.due - acknowledged.ended_at).total_seconds() == 6 * 3600
