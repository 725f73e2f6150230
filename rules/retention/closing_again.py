"""An account that returned and left again while its former retention still owes something: one case keeps both (AMB-24)."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CLOSED
from models.case import Anchor
from models.plan import StepSpec, When
from models.retention import BACKUPS_DUE, DELETION_DUE, RETRIEVAL_ENDS, RetentionCase
from models.starts import ClosedAgain
from models.step import Step, StepState
from rules import personal, planning
from rules.edit import change, put_steps, say
from rules.retention import returning, work

_PURGE = "purge_backups"
_PROOF = ("verify_deletion", "certificate", "deletion_confirmation")
_DATES = (CLOSED, RETRIEVAL_ENDS, DELETION_DUE, BACKUPS_DUE)


def closed_again(case: RetentionCase, signal: ClosedAgain, now: datetime) -> RetentionCase:
    """The account was closed once more: its data is kept anew from then on. What opened the case is known already."""
    if case.closed or signal.cancellation_case_id in (case.cancellation_case_id, _next(case)):
        return case
    known = max((one.n for one in case.personal_requests), default=0)
    theirs = tuple(one.model_copy(update={"n": known + one.n}) for one in signal.personal_requests)
    case = personal.taken_over(change(case, next_closure=signal), theirs, now)
    return say(case, now, "closed_again", f"closed again on {signal.closed_at:%Y-%m-%d}")


def speaks_of_next(case: RetentionCase, case_id: str) -> bool:
    """Whether the cancellation of that id is the one whose closure still waits to be taken up."""
    return bool(case_id) and case_id == _next(case)


def wished(case: RetentionCase, **wishes: object) -> RetentionCase:
    """The case in which the closure that waits has these wishes of its customer."""
    assert case.next_closure is not None
    return change(case, next_closure=case.next_closure.model_copy(update=wishes))


def taken_up(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case with the new closure in force, once no hold stands and what the former deletion has to prove is proved."""
    start = case.next_closure
    if start is None or case.plan is None or case.legal_hold or _is_proving(case):
        return case
    if case.returned_at is None:
        case = returning.back(case, "it was closed again", now)
    case = _former_backups(case)
    anchors = tuple(anchor for anchor in case.anchors if anchor.name not in _DATES)
    known = {"cancellation_case_id": start.cancellation_case_id, "account_closed_at": start.closed_at}
    known |= {"policy": start.policy, "proof_wanted": start.proof_wanted, "data_choice": start.data_choice}
    known |= {"written_to": start.written_to}
    case = change(
        case,
        **known,
        anchors=(*anchors, Anchor(name=CLOSED, at=start.closed_at)),
        closures=case.closures + 1,
        next_closure=None,
        returned_at=None,
        verified_by=None,
    )
    return put_steps(case, *(_anew(step, now) for step in case.steps if case.plan and case.plan.step(step.step_id)))


def _next(case: RetentionCase) -> str:
    return case.next_closure.cancellation_case_id if case.next_closure else ""


def _is_proving(case: RetentionCase) -> bool:
    """Whether a deletion is on its way, or has still to be verified, certified and confirmed."""
    flying = any(work.done(case).id in action.steps for action in case.in_flight)
    return flying or (work.proved(case) and any(step.step_id in _PROOF for step, _ in planning.running(case)))


def _anew(step: Step, now: datetime) -> Step:
    return Step(step_id=step.step_id, origin=now, round=step.round + 1)


def _former_backups(case: RetentionCase) -> RetentionCase:
    """The backups of before the return go on the day that was told, as a step of its own."""
    running = ((step, spec) for step, spec in planning.running(case) if step.step_id == _PURGE)
    step, spec = next(running, (None, None))
    if step is None or spec is None:
        return case
    former = _former(spec, case.closures)
    kept = step.model_copy(update={"step_id": former.id, "by_hand": True, "pinned_due": True, "task": None})
    opened = {} if step.state is StepState.OPEN else {"state": StepState.WAITING}
    return put_steps(change(case, extras=(*case.extras, former)), kept.model_copy(update=opened))


def _former(spec: StepSpec, closure: int) -> StepSpec:
    return spec.model_copy(
        update={"id": f"{_PURGE}_{closure}", "needs": (), "opens": When(), "due": When(), "reaches": None}
    )
