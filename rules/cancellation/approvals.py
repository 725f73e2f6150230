"""Approvals of a cancellation: a manager's and a lawyer's, beside the work and never in its way (CANC-14, CANC-48)."""

from __future__ import annotations

from datetime import datetime

from models import cancellation_commands as cc
from models.cancellation import CancellationCase
from models.case import RefusalType
from models.effects import Word
from models.step import Evidence, StepState
from rules import authority, steps
from rules.cancellation import policies
from rules.edit import say, tell
from rules.refusal import Refused, one_of
from rules.routing import holder, policy_of

LEGAL, OBJECTS = "legal", "refused"
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
    proof = Evidence(text=text, decision=command.decision)
    case = steps.end_by_command(case, step.step_id, proof, command.by, now)
    return _objected(case, command, now) if command.decision == OBJECTS else case


def _objected(case: CancellationCase, command: cc.DecideLeaving, now: datetime) -> CancellationCase:
    """An objection reaches whoever leads the case and their manager; the customer leaves all the same (CANC-48)."""
    policy = policy_of(case)
    text = f"{command.approval_id}: {command.by} objects: {command.reason}; the customer leaves all the same, decide"
    case = say(case, now, "objection", text, by=command.by)
    people = (holder(case, role, now) for role in (policy.lead_role, policy.manager_role))
    for person in dict.fromkeys(person for person in people if person != command.by):
        case = tell(case, now, person, Word.PROPOSED, text)
    return case


def _needs(case: CancellationCase, role: str) -> tuple[bool | None, str]:
    found = policies.end_date(case, case.end_date or case.asked_end_date, case.opened_at)
    if case.intentional is None or found is None:
        return None, ""
    return any(one.rule.role == role for one in found.approvals), f"no approval of {role} is needed"
