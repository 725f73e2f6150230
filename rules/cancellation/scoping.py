"""How much is to end: as a person validated it, or as somebody asked who may cancel for the account (CANC-45, AMB-38)."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase, ReceivedRequest, Scope
from models.step import Step, StepState
from rules import steps
from rules.conditions import NOT_DECIDED
from rules.edit import change, say
from rules.talking import warn_manager

STEPS = CONFIRM, CHANGE = "confirm_end", "change_scope"
"""The step that each answer has: the whole ends, or a part of it."""
_BY_VALIDATION = (*STEPS, "manager_approval")


def scope_of(case: CancellationCase) -> Scope:
    """How much is to end: as it was settled, else as the last authorised request says, else as the first one does."""
    allowed = (one.scope for one in reversed(case.requests) if one.authorised)
    return case.scope or next(allowed, case.request.scope)


def joined(case: CancellationCase, fresh: ReceivedRequest, now: datetime) -> CancellationCase:
    """The case before a further request is added, which changes the scope where its sender may, until the confirmation.

    What a stranger asks for, and what comes after the confirmation, is put before the manager.
    """
    was = scope_of(case)
    if fresh.scope is was:
        return case
    if case.account is None:
        return case  # whether its sender may cancel is known with the account
    if fresh.authorised and case.end_date is None:
        case = change(case, scope=fresh.scope)
        return say(case, now, "scope_changed", f"{was} -> {fresh.scope}, as {fresh.requested_by} asked")
    text = f"two requests differ in what ends: {was} and {fresh.scope}; '{was}' holds, ask the customer"
    return warn_manager(say(case, now, "scopes_differ", text), now, text)


def owed_again(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case in which a step is owed that was left out before: the scope, or what the manager must see, is otherwise."""
    back = tuple(step.step_id for step in case.steps if step.step_id in _BY_VALIDATION and _is_back(case, step))
    for step_id in back:
        case = say(
            steps.again(case, (step_id,), now), now, "step_back", "what was found is otherwise now", step=step_id
        )
    return case


def _is_back(case: CancellationCase, step: Step) -> bool:
    spec = case.spec(step.step_id)
    left_out = step.state is StepState.SKIPPED and step.reason.startswith(NOT_DECIDED)
    return left_out and spec is not None and spec.only is not None and case.finding(spec.only).holds is True
