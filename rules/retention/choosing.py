"""A retention whose policy was renamed or removed: a named person chooses the one that holds (OFFB-24, AMB-24)."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.calendar import Offset
from models.case import RefusalType
from models.plan import EvidenceRule, StepSpec, When
from models.retention import BACKUPS_DUE, RetentionCase
from models.step import Evidence, Step
from rules import planning, steps
from rules.edit import change, put_steps, say
from rules.refusal import Refused, one_of
from rules.retention.terms import dated, unknown
from rules.routing import policy_of
from rules.talking import warn_manager

CHOICE = "choose_policy"
_WITHIN = Offset(days=2)


def settle(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case with its dates; where nobody knows its policy, with the step that decides it, and the manager told."""
    wrong = unknown(case)
    if case.returned_at:
        return case
    if not wrong:
        return case if case.anchor(BACKUPS_DUE) else dated(case, now)
    if _running(case):
        return case
    case = _asked(case, now)
    return warn_manager(case, now, f"nothing of {case.account_id} is deleted before '{CHOICE}': {wrong}")


def choose(case: RetentionCase, command: ac.ChoosePolicy, now: datetime) -> RetentionCase:
    """The policy that holds from now on. Its days count from the closure; dates that the customer was told stay."""
    step = _running(case)
    if step is None:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"the policy '{case.policy}' holds; one is chosen where a policy is no more"
        )
    was, case = case.policy, change(case, policy=command.policy)
    if unknown(case):
        raise Refused(RefusalType.BAD_PAYLOAD, unknown(case))
    said = f"{was} -> {command.policy}: {command.reason}"
    case = steps.end_by_command(case, step.step_id, Evidence(text=said), command.by, now)
    case = say(case, now, "policy_chosen", said, by=command.by)
    return settle(case, now)


def check_left_to_the_command(step_id: str) -> None:
    """Raises ``Refused(IllegalMove)``: the choice of a policy is neither left out nor opened again."""
    if step_id.startswith(CHOICE):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step_id} is decided by the command '{CHOICE}' alone")


def _running(case: RetentionCase) -> Step | None:
    return next((step for step, _ in planning.running(case) if step.step_id.startswith(CHOICE)), None)


def _asked(case: RetentionCase, now: datetime) -> RetentionCase:
    policy = policy_of(case)
    spec = StepSpec(
        id=f"{CHOICE}_{1 + sum(spec.id.startswith(CHOICE) for spec in case.extras)}",
        title=f"Choose the policy by which their data is kept and deleted; '{case.policy}' is no more",
        req="OFFB-24",
        owner=policy.manager_role,
        opens=When(),
        due=When(offset=_WITHIN),
        command=CHOICE,
        evidence=EvidenceRule(kind="note", what=f"which of {one_of(known.name for known in policy.leaving)}, and why"),
    )
    step = planning.new_steps((spec,), now)[0].model_copy(update={"by_hand": True})
    return put_steps(change(case, extras=(*case.extras, spec)), step)
