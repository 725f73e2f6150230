"""The commands on steps: complete, reschedule, reopen, skip, add. Each gives the new case or raises ``Refused``."""

from __future__ import annotations

from datetime import datetime

from models.calendar import Offset
from models.case import Case, RefusalType
from models.commands import AddStep, CompleteStep, ReopenStep, RescheduleStep, SkipStep
from models.effects import Action, Word
from models.people import PersonId
from models.plan import StepSpec, When
from models.policy import CONSENT
from models.step import Evidence, Move, Step, StepState
from rules import attesting, authority, evidence, offers, promises, raci, until_delivery
from rules.conditions import NOT_DECIDED
from rules.dating import later
from rules.edit import C, change, drop_drafts, put_steps, say, tell
from rules.planning import dated, follow_up, new_steps
from rules.refusal import Refused, one_of
from rules.reviving import revive
from rules.routing import policy_of, step_owner


def find(case: Case, step_id: str) -> tuple[Step, StepSpec]:
    """The step of that id and its obligation. Raises ``Refused(UnknownStep)`` naming the steps that are open."""
    step = case.step(step_id)
    spec = case.spec(step.step_id) if step else None
    if step is None or spec is None:
        open_now = one_of(s.id for s in case.steps if s.state is StepState.OPEN)
        raise Refused(RefusalType.UNKNOWN_STEP, f"there is no step '{step_id}' to act on; open now: {open_now}")
    return step, spec


def of_action(case: Case, action: Action) -> tuple[Step | None, StepSpec | None]:
    """The first step that an action is about, and its obligation; None where the case has it no more."""
    step = next((step for step in case.steps if step.id in action.steps), None)
    return step, case.spec(step.step_id) if step else None


def complete(case: C, command: CompleteStep, now: datetime, *, email_only: bool = False) -> C:
    """The step is done by evidence that a named person gives, never because time passed. A waiting step may be early."""
    step, spec = find(case, command.step_id)
    if step.ended:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is {step.state} already; 'reopen_step' opens it again")
    _check_command(step, spec)
    attesting.check_not_at_it(case, step)
    offers.check_not_approval(case, step)
    authority.check_step(case, step, spec, command.by)
    promises.check_order(case, step, spec)
    offers.check_offered(case, step, spec)
    if step.recurring and step.opened_at is None and step.opens:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"the turn {step.id} opens on {step.opens:%Y-%m-%d %H:%M} UTC; not before"
        )
    proof = evidence.accept(case, spec, command.evidence, email_only=email_only)
    return finish(case, step, spec, proof, command.by, now)


def _check_command(step: Step, spec: StepSpec) -> None:
    if spec.command:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is done by the command '{spec.command}'")


def finish(case: C, step: Step, spec: StepSpec, proof: Evidence, by: PersonId | None, now: datetime) -> C:
    """The case with that step done; a recurring one goes on with its next occurrence."""
    owner = step.person or by
    ended = {"state": StepState.DONE, "ended_at": now, "ended_by": by, "evidence": proof, "person": owner}
    after = step.model_copy(update=ended | {"opened_at": step.opened_at or now})
    late = f", {_late(step, now)}" if step.due and now > step.due else ""
    case = say(put_steps(case, after), now, "step_done", f"{told(proof)}{late}", by=by, step=step.id)
    return raci.inform(follow_up(drop_drafts(case, step.id), after, spec), after, spec, now)


def end_by_command(case: C, step_id: str, proof: Evidence, by: PersonId | None, now: datetime) -> C:
    """The case with the step done that a command of its own ends; unchanged where it is ended or not of the plan."""
    step = next((step for step in case.steps if step.step_id == step_id and not step.ended), None)
    spec = case.spec(step_id)
    return case if step is None or spec is None else finish(case, step, spec, proof, by, now)


def again(case: C, step_ids: tuple[str, ...], now: datetime) -> C:
    """The case with these steps owed once more, each in a new round: the first at once, the others as they follow."""
    ended = [step for step in case.steps if step.step_id in step_ids and step.ended]
    fresh = [Step(step_id=step.step_id, origin=now, round=step.round + 1) for step in ended]
    due = {"opens": now, "due": later(now, policy_of(case).reopened_due), "pinned_due": True}
    return put_steps(case, *(step.model_copy(update=due if step.step_id == step_ids[0] else {}) for step in fresh))


def told(proof: Evidence) -> str:
    """Evidence as the timeline keeps it: the text, the decision and each item."""
    items = (f"{item.content}: {item.text}" for item in proof.items)
    return "; ".join(part for part in (proof.text, proof.decision, *items) if part)


def reschedule(case: C, command: RescheduleStep, now: datetime) -> C:
    """Move a due moment. An internal one moves; a promise needs the customer's consent and is recorded as moved."""
    step, spec = _running(case, command.step_id)
    authority.check_step(case, step, spec, command.by)
    _check_move(case, step, spec, command, now)
    move = Move(
        was=step.due or now, now=command.due, by=command.by, reason=command.reason, consent=command.consent, at=now
    )
    opens = step.opens if step.opens and step.opens < command.due else now  # moved before its opening, it opens now
    counted = {"opens": opens, "warn_from": max(opens, now), "pinned_due": True, "told": ()}
    moved = step.model_copy(update=counted | {"due": command.due, "moves": (*step.moves, move)})
    kind = "promise_moved" if spec.promise else "rescheduled"
    text = f"{move.was:%Y-%m-%d %H:%M} -> {move.now:%Y-%m-%d %H:%M} UTC: {command.reason}"
    case = say(put_steps(case, dated(case, moved, spec)), now, kind, text, by=command.by, step=step.id)
    return until_delivery.follow(case, moved, command.by, now) if spec.promise else case


def _check_move(case: Case, step: Step, spec: StepSpec, command: RescheduleStep, now: datetime) -> None:
    if step.opens is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} has no date to move yet; it waits for what comes before it")
    if command.due <= now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"the new due moment must lie after {now:%Y-%m-%d %H:%M} UTC")
    if command.due == step.due:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is due at {command.due:%Y-%m-%d %H:%M} UTC already")
    if spec.promise:
        promises.check_not_too_far(case, command.due, now)
        wanted = f"{step.id} was promised to the customer; give in 'consent' how they agreed"
        evidence.check(case, CONSENT, command.consent, RefusalType.CONSENT_MISSING, wanted)


def reopen(case: C, command: ReopenStep, now: datetime) -> C:
    """The evidence was wrong or weak: the step is owed again; what was given stays on the timeline."""
    step, spec = find(case, command.step_id)
    offers.check_not_approval(case, step)
    promises.check_not_withdrawn(case, step)
    if step.state not in (StepState.DONE, StepState.SKIPPED):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is {step.state}; only a done or skipped step is reopened")
    authority.check_step(case, step, spec, command.by)
    _check_system(step, spec)
    _check_needed(step, spec)
    due = _due_again(case, step, spec, now)
    fresh = {"evidence": None, "ended_at": None, "ended_by": None, "told": (), "reason": "", "round": step.round + 1}
    again = step.model_copy(update=fresh | {"state": StepState.OPEN, "opened_at": now, "due": due, "pinned_due": True})
    again = again.model_copy(
        update={"person": step_owner(case, step, spec.owner, now), "opens": step.opens or now, "warn_from": now}
    )
    was = f"; the evidence was: {told(step.evidence)}" if step.evidence else ""
    case = put_steps(case, dated(case, again, spec))
    case = say(case, now, "step_reopened", f"{command.reason}{was}", by=command.by, step=step.id)
    case = revive(case, step.step_id, now)
    return tell(case, now, again.person, Word.ASSIGNED, f"{spec.title}: opened again, {command.reason}", step.id)


def _due_again(case: Case, step: Step, spec: StepSpec, now: datetime) -> datetime:
    """A reopened step gets time; what was promised to the customer stays promised for the day that they were told."""
    if step.commitment and spec.promise and step.due:
        return step.due
    return max(step.due or now, later(now, policy_of(case).reopened_due))


def _check_system(step: Step, spec: StepSpec) -> None:
    """What the system did stands: a second round of it would be a second effect. Raises ``Refused(IllegalMove)``."""
    if spec.automatic and spec.automatic.does and step.state is StepState.DONE and step.ended_by is None:
        said = step.evidence.text if step.evidence else ""
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} was done by the system ({said}); it is not done again")


def _check_needed(step: Step, spec: StepSpec) -> None:
    """What a decision left out comes back with the decision, not by itself. Raises ``Refused(IllegalMove)``."""
    if spec.condition and step.reason.startswith(NOT_DECIDED):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{step.id} was {step.reason}; 'reopen_step' {spec.condition.step} to decide anew"
        )


def skip(case: C, command: SkipStep, now: datetime) -> C:
    """Leave a step out with a reason, where the plan allows it."""
    step, spec = _running(case, command.step_id)
    offers.check_not_approval(case, step)
    authority.check_step(case, step, spec, command.by)
    offers.check_skippable(case, step)
    if step.commitment:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{step.id} was promised to the customer; keep it, or move it with their consent"
        )
    if not (spec.optional or spec.skippable or step.by_hand):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{step.id} may not be skipped by its playbook; reschedule or complete it"
        )
    ended = {"state": StepState.SKIPPED, "reason": command.reason, "ended_at": now, "ended_by": command.by}
    after = step.model_copy(update=ended)
    case = say(put_steps(case, after), now, "step_skipped", command.reason, by=command.by, step=step.id)
    return follow_up(drop_drafts(case, step.id), after, spec)


def add(case: C, command: AddStep, now: datetime) -> C:
    """A step by hand, owned by one role; it may be skipped by whoever owns it."""
    if case.step(command.step_id) or case.spec(command.step_id):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"there is a step '{command.step_id}' already; choose another id")
    known = set(policy_of(case).roles) | {seat.role for seat in case.team.seats}
    if command.owner not in known:
        raise Refused(RefusalType.UNKNOWN_ROLE, f"there is no role '{command.owner}'; known: {one_of(sorted(known))}")
    if command.due <= now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"a new step must be due after {now:%Y-%m-%d %H:%M} UTC")
    spec = StepSpec(
        id=command.step_id,
        title=command.title,
        owner=command.owner,
        due=When(offset=Offset()),
        customer_facing=command.customer_facing,
    )
    step = new_steps((spec,), now)[0].model_copy(
        update={"opens": now, "due": command.due, "pinned_due": True, "by_hand": True}
    )
    case = put_steps(change(case, extras=(*case.extras, spec)), step)
    return say(case, now, "step_added", f"{command.title}: {command.reason}", by=command.by, step=step.id)


def end_all(case: C, reason: str, now: datetime) -> C:
    """Nothing more is owed: every step that is not ended is left out with that reason, drafts and notices are dropped."""
    running = (step for step in case.steps if not step.ended)
    ended = (s.model_copy(update={"state": StepState.SKIPPED, "reason": reason, "ended_at": now}) for s in running)
    case = put_steps(case, *ended).model_copy(update={"notices": (), "paused": ()})
    return drop_drafts(case, *(message.step for message in case.messages))


def _running(case: Case, step_id: str) -> tuple[Step, StepSpec]:
    step, spec = find(case, step_id)
    if step.ended:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} is {step.state} already; 'reopen_step' opens it again")
    return step, spec


def _late(step: Step, now: datetime) -> str:
    hours = int((now - step.due).total_seconds() // 3600) if step.due else 0
    return f"{hours} h late"
