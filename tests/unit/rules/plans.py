"""Small plans written by hand, for what the shipped playbooks have no step for, and worlds that answer with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.account import AccountFile
from models.case import Case
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.plan import Plan, StepSpec
from models.policy import Policy
from models.starts import SaveStart
from tests.unit.rules.world import Drive, World, file, instantly, plan

POLICY = plan("common_spine").policy
QUIET = POLICY.model_copy(update={"digest_window": POLICY.digest_window.model_copy(update={"minutes": 0})})


def spec(step_id: str = "call_them", **fields: Any) -> StepSpec:
    """A step that is owed by the CSM within two days, and proved by a note."""
    written = {"id": step_id, "title": f"Do {step_id}", "owner": "csm", **fields}
    if "recur" not in written:
        written.setdefault("due", "PT48H")
    return StepSpec.model_validate(written)


def hand_plan(*steps: StepSpec, policy: Policy = POLICY, name: str = "by_hand", version: int = 1) -> Plan:
    """A plan of these steps."""
    return Plan(name=name, version=version, digest=f"{name}{version}", title="By hand", steps=steps, policy=policy)


def world(*plans: Plan, team: AccountFile | None = None) -> World:
    """An outside world with these plans besides the shipped ones, and this account."""

    def answer(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=team or file())
        if action.verb is Verb.LOAD_PLAN:
            wanted = next((ask.subject for ask in case.asks if ask.id == action.subject), "common_spine")
            return Outcome(plan=next((p for p in plans if p.name == wanted), None) or plan(wanted))
        return instantly(case, action)

    return answer


def drive(*steps: StepSpec, policy: Policy = POLICY, team: AccountFile | None = None, around: Any = None) -> Drive:
    """A case that runs a plan of these steps; ``around`` wraps its world."""
    inner = world(hand_plan(*steps, policy=policy), team=team)
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook="by_hand")
    return Drive(start, around(inner) if around else inner)


def failing(verb: Verb, times: int, outcome: Outcome | None = None) -> Any:
    """A wrapper: that verb ends with ``outcome`` (a transient failure) so many times, then goes through."""
    left = [times]
    bad = outcome or Outcome(kind=OutcomeKind.FAILED, reason="the mail server is down")

    def around(inner: World) -> World:
        def answer(case: Case, action: Action) -> Outcome:
            if action.verb is verb and left[0] > 0:
                left[0] -= 1
                return bad
            return inner(case, action)

        return answer

    return around


def hours(n: float) -> timedelta:
    """That many hours."""
    return timedelta(hours=n)
