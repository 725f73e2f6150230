"""What is particular to a recovery: how it begins, what its plan is, how it is turned away."""

from __future__ import annotations

from datetime import datetime

from models.case import Anchor, CaseKind
from models.plan import Plan
from models.promise import Commitment
from models.recovery import SAVED, RecoveryCase, RecoveryOutcome, RecoveryStage
from models.starts import RecoveryStart
from models.step import Step
from rules import asking, ending, taking_over, talking
from rules.edit import change, say
from rules.recovery import left_steps, stages
from rules.refusal import wrong_kind
from rules.routing import holder, policy_of

SPINE = "recovery"


def opened(start: RecoveryStart, case_id: str, now: datetime) -> RecoveryCase:
    """A new recovery at ``now`` (UTC) or when it begins; its plan counts from when the customer was saved (POST-11)."""
    now = max(now, start.begins_at or now)
    case = RecoveryCase(
        case_id=case_id,
        kind=CaseKind.RECOVERY,
        account_id=start.account_id,
        opened_at=now,
        reason=f"saved {start.saved_at:%Y-%m-%d}",
        save_case_id=start.save_case_id,
        save_outcome=start.outcome or "",
        known=start.known,
        saved_at=start.saved_at,
        anchors=(Anchor(name=SAVED, at=start.saved_at),),
        carried_offers=start.offers,
        carried_steps=start.steps,
        commitments=tuple(Commitment(**promise.model_dump()) for promise in start.commitments),
    )
    text = f"recovery opened after save {start.save_case_id} of {start.saved_at:%Y-%m-%d}"
    return asking.plan(say(case, now, "opened", text), SPINE, "", "the customer was saved", now)


def account_loaded(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """The account is known; nobody opened the case, so that it speaks for whoever leads the account."""
    lead = holder(case, policy_of(case).lead_role, now)
    return talking.account_known(change(case, opened_by=lead or ""), now)


def plan_wanted(_: RecoveryCase, __: Plan) -> str | None:
    """A recovery has the plan that it asked for."""
    return None


def plan_unfit(case: RecoveryCase, plan: Plan) -> str:
    """Why this plan may not be adopted: it is of another kind of case."""
    return "" if plan.kind == case.kind else wrong_kind(case, plan)


def plan_adopted(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """A plan is in force: see which stage the case has earned under it."""
    case = taking_over.carry_on(case, case.save_case_id, now)
    return stages.settle(left_steps.take_over(case, case.carried_steps, now), now)


def plan_refused(case: RecoveryCase, playbook: str, now: datetime) -> RecoveryCase:
    """A recovery that has no plan yet runs the usual one rather than none."""
    return asking.at_least(case, SPINE, playbook, now)


def step_ended(case: RecoveryCase, _: Step, now: datetime) -> RecoveryCase:
    """A step came to its end by the system: the stage may move."""
    return stages.settle(case, now)


def effect_ended(case: RecoveryCase, now: datetime) -> RecoveryCase:
    """Something took place: after a relapse it may have been the last thing that was owed."""
    return stages.settle(case, now) if case.relapsed_at else case


def reject(case: RecoveryCase, reason: str, now: datetime) -> RecoveryCase:
    """A recovery of an account that nobody knows closes as ``rejected``."""
    return ending.reject(case, RecoveryOutcome.REJECTED, RecoveryStage.CLOSED, reason, now)
