"""What is particular to the memory of a customer who left: how it begins and how it ends."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CLOSED
from models.case import Anchor
from models.finding import Finding
from models.leaving_stages import WinBackStage
from models.plan import Plan
from models.starts import WinBackStart
from models.step import Step
from models.win_back import Memory, WinBackCase, WinBackOutcome
from rules import asking, ending, planning
from rules.edit import change, say
from rules.refusal import wrong_kind
from rules.routing import holder, policy_of
from rules.talking import account_known, warn_manager
from rules.win_back import outreach, reminders
from rules.win_back.terms import unknown

SPINE, REFERENCE = "win_back", "reference"


def opened(start: WinBackStart, case_id: str, now: datetime) -> WinBackCase:
    """A new memory at ``now`` (UTC) or when it begins; its reminders count from the closure of the account."""
    now = max(now, start.begins_at or now)
    case = WinBackCase(
        case_id=case_id,
        account_id=start.account_id,
        opened_at=now,
        reason=f"left {start.closed_at:%Y-%m-%d}: {start.reason}",
        cancellation_case_id=start.cancellation_case_id,
        account_closed_at=start.closed_at,
        policy=start.policy,
        churn_reason=start.reason,
        may_tell=start.may_tell,
        erased_at=start.erased_at,
        memory=start.memory,
        anchors=(Anchor(name=CLOSED, at=start.closed_at),),
    )
    text = f"the customer left on {start.closed_at:%Y-%m-%d} over {start.reason}"
    return asking.plan(say(case, now, "opened", text), SPINE, "", "the customer left", now)


def account_loaded(case: WinBackCase, now: datetime) -> WinBackCase:
    """The account is known; the case speaks for whoever led it."""
    return account_known(change(case, opened_by=holder(case, policy_of(case).lead_role, now) or ""), now)


def plan_wanted(_: WinBackCase, __: Plan) -> str | None:
    """It has the plan that it asked for."""
    return None


def plan_unfit(case: WinBackCase, plan: Plan) -> str:
    """Why this plan may not be adopted: it is of another kind of case."""
    return "" if plan.kind == case.kind else wrong_kind(case, plan)


def plan_adopted(case: WinBackCase, now: datetime) -> WinBackCase:
    """A plan is in force, and the reminders of the policy with it."""
    if wrong := unknown(case):
        return reject(warn_manager(case, now, f"nothing is done for {case.account_id}: {wrong}"), wrong, now)
    return settle(reminders.planned(case), now)


def plan_refused(case: WinBackCase, playbook: str, now: datetime) -> WinBackCase:
    """Without a plan it asks for the usual one."""
    return asking.at_least(case, SPINE, playbook, now)


def step_ended(case: WinBackCase, _: Step, now: datetime) -> WinBackCase:
    """A step came to its end by the system."""
    return settle(case, now)


def effect_ended(case: WinBackCase, _: datetime) -> WinBackCase:
    """Nothing besides its steps decides on it."""
    return case


def reject(case: WinBackCase, reason: str, now: datetime) -> WinBackCase:
    """Of an account that nobody knows, or under no policy, it closes as ``rejected``."""
    return ending.reject(case, WinBackOutcome.REJECTED, WinBackStage.CLOSED, reason, now)


def settle(case: WinBackCase, now: datetime) -> WinBackCase:
    """What was sent counts; it ends when the last look was taken."""
    if case.closed or case.plan is None:
        return case
    case = outreach.settle(_found(case))
    if any(True for _ in planning.running(case)):
        return case
    return ending.close(case, WinBackOutcome.ENDED, WinBackStage.CLOSED, "left in peace from now on", now)


def _found(case: WinBackCase) -> WinBackCase:
    """Whether they speak for us, on which the check-in of every year depends (OFFB-55)."""
    speaks = case.memory is Memory.REFERENCE
    found = (Finding(name=REFERENCE, holds=speaks, why="they were not kept as a reference"),)
    return case if case.findings == found else change(case, findings=found)
