"""Approvals of a cancellation: a manager's and a lawyer's, beside the work and never in its way (CANC-14, CANC-48)."""

from __future__ import annotations

from datetime import datetime

from models import cancellation_commands as cc
from models.cancellation import CancellationCase
from models.case import RefusalType
from models.step import Evidence, StepState
from rules import authority, steps
from rules.cancellation import policies
from rules.refusal import Refused, one_of
from rules.routing import policy_of

LEGAL = "legal"
APPROVALS = ("manager_approval", "legal_review")


def needs_manager(case: CancellationCase) -> tuple[bool | None, str]:
    """The finding ``needs_manager``: unknown until the wish is validated."""
    return _needs(case, policy_of(case).manager_role)


def needs_legal(case: CancellationCase) -> tuple[bool | None, str]:
    """The finding ``needs_legal``."""
    return _needs(case, LEGAL)


def date_invalid(case: CancellationCase) -> tuple[bool | None, str]:
    """The finding ``date_invalid``: the day that the customer asked for is earlier than contract or policy allow."""
    found = policies.end_date(case, case.asked_end_date, case.opened_at)
    return (None, "") if found is None else (not found.valid, "the end date can be had as it was asked for")


def decide(case: CancellationCase, command: cc.DecideLeaving, now: datetime) -> CancellationCase:
    """An approval is given, or an objection is on record; nobody who leaves waits for it (CANC-48)."""
    step, spec = steps.find(case, command.approval_id)
    if spec.command != "decide_approval":
        waiting = one_of(s.id for s in case.steps if s.step_id in APPROVALS and s.state is StepState.OPEN)
        raise Refused(RefusalType.UNKNOWN_APPROVAL, f"{step.id} is no approval; waiting: {waiting}")
    if step.ended:
        raise Refused(RefusalType.ALREADY_DECIDED, f"{step.id} is {step.state} already")
    authority.check_step(case, step, spec, command.by)
    text = f"{command.decision}: {command.reason}".rstrip(": ")
    return steps.end_by_command(case, step.step_id, Evidence(text=text, decision=command.decision), command.by, now)


def _needs(case: CancellationCase, role: str) -> tuple[bool | None, str]:
    found = policies.end_date(case, case.end_date or case.asked_end_date, case.opened_at)
    if case.intentional is None or found is None:
        return None, ""
    return any(one.rule.role == role for one in found.approvals), f"no approval of {role} is needed"
