"""The deletion of what is kept: when it is due, when it is put off or hastened, and who says that it was done."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.automatic import Work
from models.case import Anchor, RefusalType
from models.effects import Retry, Verb
from models.people import PersonId
from models.plan import StepSpec
from models.retention import DELETION_DUE, RetentionCase
from models.step import Step, StepState
from rules import attesting, automatic, conditions, evidence, obeying, steps
from rules.edit import change, put_steps, say
from rules.refusal import Refused, one_of
from rules.retention import choosing, work
from rules.retention.terms import unknown

REVIEW = "review_hold"
"""How the steps are named in which somebody decides on a hold."""

_SYSTEMS_OWN = "certificate"
_DELETES = (Work.ERASE_DATA, Work.ERASE_REST)
_PROOF = ("erase_data", "verify_deletion", _SYSTEMS_OWN)


def complete_step(case: RetentionCase, command: c.CompleteStep, now: datetime) -> RetentionCase:
    """As any step, in its order; a deletion by hand is attested store by store, with evidence for each (OFFB-26)."""
    step, spec = steps.find(case, command.step_id)
    if conditions.waits(case, spec):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} comes after {one_of(spec.needs)}")
    if step.id == _SYSTEMS_OWN:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            "the certificate is issued by the system, from the proof of every store; 'retry_now' tries it again",
        )
    if deletes(spec):
        check_not_back(case)
        _check_attested(case, step, command)
    case = obeying.complete_step(case, command, now)
    return change(case, verified_by=command.by) if command.step_id == "verify_deletion" else case


def reopen_step(case: RetentionCase, command: c.ReopenStep, now: datetime) -> RetentionCase:
    """As any step; where the deletion was not what it seemed, it is looked at and certified anew."""
    if command.step_id.startswith(REVIEW):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{command.step_id} is decided; 'legal_hold' or 'release_hold' decides anew"
        )
    choosing.check_left_to_the_command(command.step_id)
    if deletes(steps.find(case, command.step_id)[1]):
        check_not_back(case)
    case = obeying.HANDLERS[c.ReopenStep](case, command, now)
    return put_steps(case, *(_anew(step, now) for step in case.steps if _rests_on(step, command.step_id)))


def erase_now(case: RetentionCase, command: ac.EraseNow, now: datetime) -> RetentionCase:
    """A verified request: the data is deleted now. A deletion that failed is tried again."""
    if unknown(case):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{unknown(case)}: 'choose_policy' comes first")
    check_not_held(case)
    check_not_back(case)
    check_not_proved(case, RefusalType.ALREADY_DECIDED, "it is not deleted twice")
    step = work.done(case)
    waits = tuple(retry for retry in case.retries if _erases(retry))
    if step.state is StepState.OPEN and not step.automatic_failed and not waits:
        raise Refused(RefusalType.ALREADY_DECIDED, "the deletion is under way")
    case = due(undated(case), now) if step.state is StepState.WAITING else _again(case, step, now)
    return say(case, now, "erase_now", f"deleted before its time; verified: {command.verified_how}", by=command.by)


def waits_again(case: RetentionCase) -> RetentionCase:
    """The case whose deletion has not begun, so that something comes before it. Raises ``Refused`` while it is under way."""
    step = work.done(case)
    if any(step.id in action.steps for action in case.in_flight):
        raise Refused(RefusalType.ILLEGAL_MOVE, "the deletion is under way; nothing can be given back any more")
    if step.state is not StepState.OPEN:
        return case
    case = put_steps(case, step.model_copy(update={"state": StepState.WAITING, "automatic_failed": False}))
    return change(case, retries=tuple(retry for retry in case.retries if not _erases(retry)))


def want_proof(case: RetentionCase, by: PersonId | None, now: datetime) -> RetentionCase:
    """The deletion is confirmed in writing; the address stays until that is sent. Raises ``Refused`` once it is gone."""
    if not work.proved(case):
        check_not_back(case)
    if not case.proof_wanted:
        instead = "no address was kept; hand the certificate to whoever asks"
        check_not_proved(case, RefusalType.ILLEGAL_MOVE, instead)
    case = change(case, proof_wanted=True)
    return say(case, now, "proof_wanted", "the deletion is confirmed in writing", by=by)


def check_not_held(case: RetentionCase) -> None:
    """Raises ``Refused(NotAllowed)`` while a legal hold is on."""
    if case.legal_hold:
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"a legal hold is on ({case.legal_hold.reason}); nothing is deleted before it is released",
        )


def check_not_back(case: RetentionCase) -> None:
    """Raises ``Refused(IllegalMove)`` once the customer is back: what is theirs since then is not deleted by this case."""
    if case.returned_at:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"the customer is back since {case.returned_at:%Y-%m-%d}; nothing of theirs is deleted by this case any more, "
            "and the next cancellation of the account deletes by its own policy",
        )


def check_not_proved(case: RetentionCase, kind: RefusalType, instead: str) -> None:
    """Raises ``Refused`` of that type once every store is proved empty."""
    step = work.done(case)
    if work.proved(case) and step.ended_at:
        raise Refused(kind, f"the data was deleted on {step.ended_at:%Y-%m-%d} already; {instead}")


def deletes(spec: StepSpec) -> bool:
    """Whether a step deletes something of the customer."""
    return spec.automatic is not None and spec.automatic.does in _DELETES


def undated(case: RetentionCase) -> RetentionCase:
    """The case whose deletion has no day, and is not tried again; what is on its way cannot be called back."""
    step = work.done(case)
    round_ = step.round + (step.state is StepState.OPEN)
    bare = {"state": StepState.WAITING, "opened_at": None, "automatic_failed": False, "told": (), "round": round_}
    case = put_steps(
        case, step.model_copy(update=bare | {"opens": None, "due": None, "warn": None, "pinned_due": False})
    )
    kept = tuple(anchor for anchor in case.anchors if anchor.name != DELETION_DUE)
    return change(case, anchors=kept, retries=tuple(retry for retry in case.retries if not _erases(retry)))


def due(case: RetentionCase, at: datetime) -> RetentionCase:
    """The case whose data is deleted at that moment (UTC)."""
    return change(case, anchors=(*case.anchors, Anchor(name=DELETION_DUE, at=at)))


def system_again(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case in which the system tries again what it could not do."""
    for step in (step for step in case.steps if step.automatic_failed and step.state is StepState.OPEN):
        case = automatic.once_more(case, step, now)
    return case


def _rests_on(step: Step, reopened: str) -> bool:
    """Whether a step was done on the strength of the one that is opened again."""
    after = _PROOF[_PROOF.index(reopened) + 1 :] if reopened in _PROOF else ()
    return step.step_id in after and step.ended


def _anew(step: Step, now: datetime) -> Step:
    return Step(step_id=step.step_id, origin=now, round=step.round + 1)


def _again(case: RetentionCase, step: Step, now: datetime) -> RetentionCase:
    if step.automatic_failed:
        return automatic.once_more(case, step, now)
    at_once = {"not_before": now, "held": 0}
    return change(case, retries=tuple(r.model_copy(update=at_once) if _erases(r) else r for r in case.retries))


def _check_attested(case: RetentionCase, step: Step, command: c.CompleteStep) -> None:
    """By hand only what the system failed at, with proof of its own for each store."""
    check_not_held(case)
    attesting.check_system_failed(step)
    attesting.check_each_its_own(step.id, command.evidence.items)
    for store, text in command.evidence.items.items():
        wanted = f"what shows that '{store}' is empty needs a reference"
        evidence.check(case, "record", text, RefusalType.EVIDENCE_MISSING, wanted)


def _erases(retry: Retry) -> bool:
    return retry.action.verb is Verb.ERASE_DATA
