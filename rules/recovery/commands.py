"""The commands of a recovery: each takes the case, the command and the time, and gives the new case or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import commands as c
from models.case import RefusalType
from models.contract_names import NAMES
from models.plan import StepSpec
from models.policy import CLOSING
from models.recovery import RecoveryCase, RecoveryStage
from models.step import Step
from rules import authority, ending, evidence, obeying, promises, steps, talking
from rules.edit import change, say
from rules.planning import running
from rules.recovery import correcting, stages
from rules.refusal import Refused, one_of
from rules.routing import policy_of

NEXT = "the account's next save that ends well starts a new recovery"
COMMITMENTS = "commitments"
"""The content of a step whose evidence must speak of every commitment by its id (POST-1)."""


def apply(case: RecoveryCase, command: c.Command, now: datetime) -> RecoveryCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    ending.check_open(case, NEXT)
    authority.check(case, NAMES[type(command)], command.by)
    changed: RecoveryCase = _HANDLERS[type(command)](case, command, now)
    return stages.settle(changed, now)


def complete_step(case: RecoveryCase, command: c.CompleteStep, now: datetime) -> RecoveryCase:
    """A step is done by evidence: a finding not before its day, a check-in with every promise."""
    step, spec = steps.find(case, command.step_id)
    _check_minimum(step, spec)
    _check_commitments(case, spec, command.evidence)
    if command.evidence.decision == stages.VERIFIED:
        _check_kept(case, f"{spec.id} cannot be '{stages.VERIFIED}'", now)
    case = obeying.complete_step(case, command, now)
    return _no_customer_any_more(case, step, now) if command.evidence.decision == stages.GONE else case


def add_step(case: RecoveryCase, command: c.AddStep, now: datetime) -> RecoveryCase:
    """A step by hand; what the saved customer waits for climbs the ladder of issues, faster than the rest (POST-10)."""
    case = steps.add(case, command, now)
    ladder = {"ladder": policy_of(case).issue_ladder} if command.customer_facing else {}
    extras = (spec.model_copy(update=ladder) if spec.id == command.step_id else spec for spec in case.extras)
    return change(case, extras=tuple(extras))


def close(case: RecoveryCase, command: c.CloseRecovery, now: datetime) -> RecoveryCase:
    """The outcome of a recovery, which people give where it does not end by itself."""
    rule = next((rule for rule in stages.OUTCOMES if rule.outcome == command.outcome), None)
    if rule is None:
        known = one_of(rule.outcome for rule in stages.OUTCOMES)
        raise Refused(RefusalType.UNKNOWN_OUTCOME, f"'{command.outcome}' is no outcome to choose; known: {known}")
    _check_outcome(case, rule, command)
    if rule.verified:
        _check_kept(case, f"the outcome cannot be '{rule.outcome}'", now)
    return ending.close(
        case, rule.outcome, RecoveryStage.CLOSED, command.notes, now, command.by, closing_evidence=command.evidence
    )


def _check_minimum(step: Step, spec: StepSpec) -> None:
    """What is found of a save on a day is not found before it, and monitoring has a least time (POST-4)."""
    too_early = step.opened_at is None and step.opens is not None
    if too_early and (spec.evidence.decisions or spec.reaches == RecoveryStage.CLOSED):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} opens on {step.opens:%Y-%m-%d %H:%M} UTC; not before")


def _check_commitments(case: RecoveryCase, spec: StepSpec, given: c.EvidenceGiven) -> None:
    said = given.items.get(COMMITMENTS, "")
    asked = any(content.id == COMMITMENTS for content in spec.contents)
    missing = [f"{one.id} ({one.title})" for one in promises.counting(case) if one.id not in said] if asked else []
    if missing:
        how = f"give it as 'items' {COMMITMENTS}=\"{_as_said(case)}\""
        raise Refused(RefusalType.EVIDENCE_MISSING, f"{spec.id} must say how it stands with {one_of(missing)}: {how}")


def _as_said(case: RecoveryCase) -> str:
    """Every promise by its id, as a text that such a step takes."""
    return ", ".join(f"{one.id}: ..." for one in promises.counting(case))


def _judged_by(case: RecoveryCase) -> str:
    """Which step judges the save next, and from when on; nothing where none is left."""
    owed = (step for step, spec in running(case) if stages.VERIFIED in spec.evidence.decisions)
    step = min(owed, key=lambda step: (step.opens is None, step.opens, step.id), default=None)
    if step is None:
        return ""
    opens = f" (it opens on {step.opens:%Y-%m-%d})" if step.opens and step.opened_at is None else ""
    return f"; the step {step.id} judges it{opens}: 'complete_step' with a 'decision'"


def _check_kept(case: RecoveryCase, verdict: str, now: datetime) -> None:
    """No save is verified over a broken promise (SAVE-34). Raises ``Refused(IllegalMove)`` naming each."""
    titles = {one.id: f"{one.id} ({one.title})" for one in case.commitments}
    if broken := [titles.get(name, name) for name in promises.broken(case, now)]:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{verdict} while a promise is broken: {one_of(broken)}; deliver it first, or find 'not_verified'",
        )


def _no_customer_any_more(case: RecoveryCase, step: Step, now: datetime) -> RecoveryCase:
    """The save did not last (SAVE-35): it is recorded, and the manager decides how the case ends."""
    text = "the account is no customer any more: close the recovery"
    return talking.warn_manager(say(case, now, "not_durable", text, step=step.id), now, text)


def _check_outcome(case: RecoveryCase, rule: stages.OutcomeRule, command: c.CloseRecovery) -> None:
    gone = bool(stages.decisions(case, stages.GONE))
    if rule.verified is not None and case.verified is not rule.verified:
        found = {True: "verified", False: "not verified", None: "not judged yet"}[case.verified]
        found += _judged_by(case)
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{rule.outcome} needs the save to be found so; it is {found}")
    if rule.after_minimum and not gone and not stages.past_minimum(case):
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"{rule.outcome} needs the least time of monitoring to be over, unless the account is no customer any more",
        )
    if rule.evidence:
        wanted = f"{rule.outcome} needs evidence: {rule.evidence}"
        evidence.check(case, CLOSING, command.evidence, RefusalType.EVIDENCE_MISSING, wanted, rule.example)


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **obeying.HANDLERS,
    c.LogContact: talking.logged,
    c.TagStatement: talking.heard,
    c.CompleteStep: complete_step,
    c.AddStep: add_step,
    c.CorrectOutcome: correcting.correct,
    c.CloseRecovery: close,
}
