"""What is particular to a retention: how it begins, what its dates are, how it ends."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CLOSED
from models.case import Anchor
from models.finding import Finding
from models.leaving_stages import RetentionStage
from models.plan import Plan
from models.retention import RetentionCase, RetentionOutcome
from models.starts import RetentionStart
from models.step import Step, StepState
from rules import asking, ending, personal, planning
from rules.edit import change, say
from rules.refusal import wrong_kind
from rules.retention import choosing, closing_again, giving_back, work
from rules.routing import holder, policy_of
from rules.talking import account_known

SPINE = "retention"
PROOF_WANTED, RETRIEVABLE = "proof_wanted", "retrievable"
ORDER = tuple(RetentionStage)


def opened(start: RetentionStart, case_id: str, now: datetime) -> RetentionCase:
    """A new retention at ``now`` (UTC) or when it begins; its dates count from the closure of the account (AMB-24)."""
    now = max(now, start.begins_at or now)
    case = RetentionCase(
        case_id=case_id,
        account_id=start.account_id,
        opened_at=now,
        reason=f"account closed {start.closed_at:%Y-%m-%d}",
        cancellation_case_id=start.cancellation_case_id,
        account_closed_at=start.closed_at,
        policy=start.policy,
        proof_wanted=start.proof_wanted,
        data_choice=start.data_choice,
        written_to=start.written_to,
        carried_requests=start.personal_requests,
        anchors=(Anchor(name=CLOSED, at=start.closed_at),),
    )
    text = f"the account was closed on {start.closed_at:%Y-%m-%d}; its data is kept as the policy '{start.policy}' says"
    return asking.plan(say(case, now, "opened", text), SPINE, "", "the account was closed", now)


def account_loaded(case: RetentionCase, now: datetime) -> RetentionCase:
    """The account is known; nobody opened the case, so that it speaks for whoever led the account."""
    return account_known(change(case, opened_by=holder(case, policy_of(case).lead_role, now) or ""), now)


def plan_wanted(_: RetentionCase, __: Plan) -> str | None:
    """A retention has the plan that it asked for."""
    return None


def plan_unfit(case: RetentionCase, plan: Plan) -> str:
    """Why this plan may not be adopted: it is of another kind of case."""
    return "" if plan.kind == case.kind else wrong_kind(case, plan)


def plan_adopted(case: RetentionCase, now: datetime) -> RetentionCase:
    """A plan is in force: with it the policy, and with the policy the days of deletion; or somebody chooses one."""
    case = choosing.settle(case, now)
    return settle(personal.taken_over(case, case.carried_requests, now), now)


def plan_refused(case: RetentionCase, playbook: str, now: datetime) -> RetentionCase:
    """A retention that has no plan yet runs the usual one rather than none."""
    return asking.at_least(case, SPINE, playbook, now)


def step_ended(case: RetentionCase, _: Step, now: datetime) -> RetentionCase:
    """A step came to its end by the system."""
    return settle(case, now)


def effect_ended(case: RetentionCase, _: datetime) -> RetentionCase:
    """Nothing besides its steps decides on a retention."""
    return case


def reject(case: RetentionCase, reason: str, now: datetime) -> RetentionCase:
    """A retention of an account that nobody knows closes as ``rejected``."""
    return ending.reject(case, RetentionOutcome.REJECTED, RetentionStage.CLOSED, reason, now)


def settle(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case as its facts have it: its stage, and its end once everything is deleted and confirmed."""
    if case.closed:
        return case
    before, case = case, closing_again.taken_up(case, now)
    case = case if case is before else choosing.settle(case, now)
    found = _findings(case)
    case = giving_back.settle(case if case.findings == found else change(case, findings=found), now)
    case = _staged(case, now)
    owed = [step for step, _ in planning.running(case)]
    if owed or (case.plan is None and case.returned_at is None):
        return case
    outcome, text = _end(case)
    return ending.close(case, outcome, RetentionStage.CLOSED, text, now)


def _end(case: RetentionCase) -> tuple[RetentionOutcome, str]:
    """What was deleted was deleted, also of a customer who came back afterwards."""
    if case.returned_at and not work.proved(case):
        return RetentionOutcome.RETURNED, "the customer is back, and nobody is owed an answer any more"
    since = f"; the customer is back since {case.returned_at:%Y-%m-%d}" if case.returned_at else ""
    return RetentionOutcome.DELETED, f"deleted, verified, and gone from the backups{since}"


def _findings(case: RetentionCase) -> tuple[Finding, ...]:
    """Proof may be wanted until the deletion is proved, since the address goes with it; so long data can be fetched."""
    proved = work.proved(case)
    wanted = True if case.proof_wanted else False if proved else None
    return (
        Finding(name=PROOF_WANTED, holds=wanted, why="nobody asked for it in writing"),
        giving_back.finding(case),
        Finding(name=RETRIEVABLE, holds=not proved, why="the data was deleted"),
    )


def _staged(case: RetentionCase, now: datetime) -> RetentionCase:
    specs = case.specs()
    done = [specs[s.step_id].reaches for s in case.steps if s.state is StepState.DONE and s.step_id in specs]
    stage = max((ORDER.index(RetentionStage(reached)) for reached in done if reached), default=0)
    if ORDER[stage] is case.stage:
        return case
    return say(change(case, stage=ORDER[stage]), now, "stage", f"{case.stage} -> {ORDER[stage]}")
