"""What is particular to a cancellation: how it begins, what its plan is, how it is turned away."""

from __future__ import annotations

from datetime import datetime

from models.automatic import Work
from models.cancellation import CLOSED, CancellationCase, CancellationOutcome, CancellationStage
from models.cancellation_commands import RequestCancellation
from models.case import CaseKind, Sibling
from models.plan import Plan
from models.step import Step, StepState
from rules import asking, ending, personal
from rules.cancellation import by_policy, confirming, policies, receipts, redating, requests, save_talk, stages
from rules.edit import change, say
from rules.refusal import wrong_kind
from rules.routing import holder, policy_of
from rules.talking import account_known, warn_manager

SPINE = "cancellation"


def opened(start: RequestCancellation, case_id: str, now: datetime) -> CancellationCase:
    """A new cancellation at ``now`` (UTC), with the request that opened it; its clocks run from the receipt (CANC-20)."""
    first = requests.received(start, now)
    case = CancellationCase(
        case_id=case_id,
        kind=CaseKind.CANCELLATION,
        account_id=start.account_id,
        opened_by=first.taken_by or "",
        opened_at=min(first.at, now),
        reason=f"asked to cancel by {start.channel}",
        requests=(first,),
        no_sales_contact=first.no_sales_contact,
        asked_end_date=first.exit_date,
        churn_reason=policies.reason_code(start.reason),
        reason_detail=start.reason,
    )
    case = say(case, now, "opened", requests.told(first))
    return asking.plan(case, SPINE, first.taken_by or "", "a request to cancel came in", now)


def account_loaded(case: CancellationCase, now: datetime) -> CancellationCase:
    """The account is known: who may cancel for it, and who leads it. Its open cases hear of the wish (RISK-86).

    Where it has left already, nothing is to be cancelled, and the case closes as ``rejected``.
    """
    if case.plan is None and case.account and case.account.churned_on:
        return reject(case, requests.left(case.account_id, case.account.churned_on).sentence, now)
    lead = case.opened_by or holder(case, policy_of(case).lead_role, now) or ""
    judged = tuple(requests.judged(case, request) for request in case.requests)
    heard = tuple(Sibling(kind=kind, at=now, only_told=True) for kind in (CaseKind.SAVE, CaseKind.RECOVERY))
    return account_known(change(case, opened_by=lead, requests=judged, siblings=(*case.siblings, *heard)), now)


def plan_wanted(_: CancellationCase, __: Plan) -> str | None:
    """A cancellation has the plan that it asked for."""
    return None


def plan_unfit(case: CancellationCase, plan: Plan) -> str:
    """Why this plan may not be adopted: it is of another kind of case."""
    return "" if plan.kind == case.kind else wrong_kind(case, plan)


def plan_adopted(case: CancellationCase, now: datetime) -> CancellationCase:
    """A plan is in force: the policy of the account is picked with the first one, and stays.

    Where the plan knows that policy no more, the one that holds now is picked, and the manager hears of it.
    """
    case = save_talk.led(case)
    if case.policy and policies.leaving_policy(case):
        return stages.settle(receipts.owed(_limited(case), now), now)
    was, case = case.policy, policies.picked(case, now)
    if was:
        case = warn_manager(case, now, f"the policy of leaving '{was}' is no more; '{case.policy}' holds from now on")
    return stages.settle(receipts.owed(_limited(case), now), now)


def _limited(case: CancellationCase) -> CancellationCase:
    policy = policies.leaving_policy(case)
    return by_policy.limited(case, policy) if policy else case


def plan_refused(case: CancellationCase, playbook: str, now: datetime) -> CancellationCase:
    """A cancellation that has no plan yet runs the usual one rather than none."""
    return asking.at_least(case, SPINE, playbook, now)


def step_ended(case: CancellationCase, step: Step, now: datetime) -> CancellationCase:
    """A step came to its end: an invitation counts as an attempt, the account may be closed by it, and what was put back
    while it was on its way is owed anew.
    """
    spec = case.spec(step.step_id)
    done = next((s for s in case.steps if s.id == step.id), step).state is StepState.DONE
    if done and step.step_id == save_talk.INVITATION:
        case = save_talk.invited(case, step.ended_by, now)
    if done and spec and spec.automatic and spec.automatic.does is Work.CLOSE_ACCOUNT:
        case = _account_closed(case, now)
    return stages.settle(redating.landed(case, step, now), now)


def effect_ended(case: CancellationCase, now: datetime) -> CancellationCase:
    """Something took place: after a withdrawal it may have been the last thing that was on its way."""
    return stages.settle(case, now) if case.withdrawn_at else case


def reject(case: CancellationCase, reason: str, now: datetime) -> CancellationCase:
    """A request for an account that nobody knows, or that has left, closes as ``rejected``."""
    return ending.reject(case, CancellationOutcome.REJECTED, CancellationStage.RECEIVED, reason, now)


def _account_closed(case: CancellationCase, now: datetime) -> CancellationCase:
    case = personal.handed_on(confirming.anchored(case, CLOSED, now), now)
    return change(case, siblings=(*case.siblings, Sibling(kind=CaseKind.RETENTION, at=now)))
