"""The plan in motion: dates the steps, opens them, repeats them, hands them on. No effect happens here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime

from models.base import Utc
from models.case import Case
from models.effects import Word
from models.plan import StepSpec
from models.step import Step, StepState, Told
from rules import broken_turns, conditions, dating, moments, raci, standing_in
from rules.edit import C, drop_drafts, put_steps, say, tell
from rules.routing import absence_at, barred, holder, is_present, policy_of, step_owner

OVER = "no longer needed"


def advance(case: C, now: datetime) -> C:
    """The case as it stands at ``now`` (UTC): whatever time alone decides has happened. Idempotent."""
    while (ahead := _pass(case, now)) is not case:
        case = ahead
    return case


def running(case: Case) -> Iterator[tuple[Step, StepSpec]]:
    """The steps that are not ended, with what the plan says of them."""
    specs = case.specs()
    for step in case.steps:
        if not step.ended and (spec := specs.get(step.step_id)):
            yield step, spec


def frozen(case: Case, spec: StepSpec) -> bool:
    """Whether a hold stops the clock of this step; a promise goes on, and so does what an offer fixed."""
    return case.hold is not None and not case.keeps_time(spec)


def new_steps(specs: tuple[StepSpec, ...], origin: datetime) -> tuple[Step, ...]:
    """The first occurrence of each of these obligations, not dated yet; offsets count from ``origin`` (UTC)."""
    return tuple(Step(step_id=spec.id, recurring=spec.recur is not None, origin=origin) for spec in specs)


def dated(case: Case, step: Step, spec: StepSpec) -> Step:
    """The step with every moment that can be known by now; a due moment that a person set stays (pinned).

    A moment that was known stays where its anchor is unknown again, since the step before it was opened again.
    """
    opens = step.opens if step.pinned_due else _opens(case, step, spec) or step.opens
    due = step.due if step.pinned_due else _due(case, step, spec, opens) or step.due
    timed = step.model_copy(update={"opens": opens, "due": due})
    return timed.model_copy(update={"warn": _warning(case, timed, spec)})


def _warning(case: Case, step: Step, spec: StepSpec) -> Utc | None:
    """When the owner is reminded (UTC): by the plan or at the policy's share of the time, in the owner's working hours.

    The plan's own moment is for the plan's own date; the time to a date that was moved counts from its moving.
    A reminder that working hours would push so near the due moment that it shared a digest with the breach, or past it,
    comes before that night instead, where the step was open by then: early is better than late.
    """
    if step.opens is None or step.due is None:
        return None
    begun = step.warn_from or step.opens
    at = moments.moment(case, step, spec.warn) if spec.warn and not step.pinned_due else None
    at = at or dating.fraction(begun, step.due, policy_of(case).warn_percent)
    calendar = moments.owner_calendar(case, step, spec)
    decent = dating.next_working(at, calendar)
    if dating.later(decent, policy_of(case).digest_window) < step.due:
        return decent
    earlier = dating.last_working(at, calendar)
    return earlier if earlier > begun else at


def finished(case: Case, spec: StepSpec) -> bool:
    """Whether a recurring step has come to its end: its ``until`` step is done, or the stage is reached."""
    if spec.until is None or spec.until.times:
        return False
    if spec.until.step:
        return any(s.step_id == spec.until.step and s.state is StepState.DONE for s in case.steps)
    return case.stage == spec.until.stage


def _pass(case: C, now: datetime) -> C:
    for step, spec in running(case):
        for rule in (_leave_out, _date, _open, _end_recurrence, _breach, _repeat, _miss, _lapse, _reroute):
            changed = rule(case, step, spec, now)
            if changed is not case:
                return changed
    return case


def _leave_out(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """A step that this case does not need."""
    if (step.round > 1 and not spec.only) or conditions.is_wanted(case, spec) is not False:
        return case
    return _end(case, step, StepState.SKIPPED, f"{conditions.NOT_DECIDED} {conditions.why_not(case, spec)}", now)


def _date(case: C, step: Step, spec: StepSpec, _: datetime) -> C:
    if (step.opens and step.due) or conditions.is_wanted(case, spec) is not True:
        return case
    known = dated(case, step, spec)
    if spec.recur and case.imported_at and known.due and known.due <= case.imported_at:
        return _begin_with(case, step, first_turn_after(case, step, spec, case.imported_at))
    return case if (known.opens, known.due) == (step.opens, step.due) else put_steps(case, known)


def _begin_with(case: C, step: Step, turn: Step) -> C:
    """The turns that passed before a case was brought in are not owed here: the first one that counts takes their place."""
    others = tuple(other for other in case.steps if other.id != step.id)
    return put_steps(case.model_copy(update={"steps": others}), turn)


def _open(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    if step.state is not StepState.WAITING or step.opens is None or step.opens > now or frozen(case, spec):
        return case
    if conditions.waits(case, spec):
        return case
    person = step_owner(case, step, spec.owner, now)
    owned = step.model_copy(
        update={"state": StepState.OPEN, "opened_at": now, "person": person, **conditions.delayed(step, spec, now)}
    )
    case = put_steps(case, dated(case, owned, spec))
    return raci.ask(say(case, now, "step_opened", spec.title, by=None, step=step.id), owned, spec, now)


def _end_recurrence(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    if spec.recur is None or step.round > 1 or not finished(case, spec):
        return case
    return _end(case, step, StepState.SKIPPED, OVER, now)


def _repeat(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """The next occurrence is there as soon as the present one is due."""
    if spec.recur is None or step.due is None or step.due > now or frozen(case, spec):
        return case
    return _next_occurrence(case, step, spec)


def follow_up(case: C, step: Step, spec: StepSpec) -> C:
    """The next occurrence of a recurring step whose present one was just done or skipped."""
    return case if spec.recur is None or finished(case, spec) else _next_occurrence(case, step, spec)


def _next_occurrence(case: C, step: Step, spec: StepSpec) -> C:
    if following(case, step) or step.due is None:
        return case
    turn = Step(step_id=spec.id, occurrence=step.occurrence + 1, recurring=True, origin=step.origin, shift=step.shift)
    turn = first_turn_after(case, turn, spec, step.due)
    most = spec.until.times if spec.until else None
    return case if most and turn.occurrence > most else put_steps(case, turn)


def following(case: Case, step: Step) -> Step | None:
    """The occurrence that comes after this one, where it is there already."""
    after = (s for s in case.steps if s.step_id == step.step_id and s.occurrence > step.occurrence)
    return min(after, key=lambda s: s.occurrence, default=None)


def first_turn_after(case: Case, turn: Step, spec: StepSpec, moment: datetime) -> Step:
    """This turn of a recurring step, or the first later one that is due after ``moment`` (UTC), dated."""

    def passed(number: int) -> bool:
        due = moments.turn_due(case, turn, spec, number)
        return due is not None and due <= moment

    reach = 1
    while passed(turn.occurrence + reach - 1):
        reach *= 2
    ahead = range(turn.occurrence, turn.occurrence + reach)
    number = ahead[bisect_left(ahead, True, key=lambda n: not passed(n))]
    fresh = {} if number == turn.occurrence else {"occurrence": number, "round": 1}
    return dated(case, turn.model_copy(update=fresh), spec)


def _breach(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    return case if frozen(case, spec) else broken_turns.said(case, step, spec, now)


def _miss(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """A recurring step that is still owed when the next one is due was missed; it is recorded, not dropped."""
    after = following(case, step) if spec.recur and step.round == 1 else None
    if after is None or after.due is None or after.due > now or frozen(case, spec):
        return case
    case = _end(case, step, StepState.FAILED, "missed: the next one was due", now)
    if not spec.promise:
        return case
    broken = f"{spec.title}: promised, missed, and the next one is due"  # SAVE-18: said loudly once
    manager = holder(case, policy_of(case).manager_role, now)
    return tell(case, now, manager, Word.ESCALATE, broken, step.id)


def lapses_at(case: Case, step: Step, spec: StepSpec) -> Utc | None:
    """When a step is of no use any more (UTC): as its plan says, and not before a due moment that a person set."""
    at = moments.moment(case, step, spec.lapses) if spec.lapses else None
    return max(at, step.due) if at and step.due else at


def _lapse(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    """What nobody did while it was of use has failed; it is recorded, not dropped."""
    at = lapses_at(case, step, spec)
    if at is None or at > now or step.state is not StepState.OPEN or frozen(case, spec):
        return case
    return _end(case, step, StepState.FAILED, "nobody did it in time", now)


def _reroute(case: C, step: Step, spec: StepSpec, now: datetime) -> C:
    off_the_case = spec.owner in barred(case)
    if step.state is not StepState.OPEN or not (off_the_case or leaves_undone(case, step, now)):
        return case
    person = holder(case, spec.owner, now)
    if person is None or person == step.person:
        return case
    moved = step.model_copy(update={"person": person, "told": escalations(step)})
    case = put_steps(case, dated(case, moved, spec))
    case = say(case, now, "rerouted", standing_in.why(case, step, person, off_the_case=off_the_case), step=step.id)
    return tell(case, now, person, Word.REROUTED, f"{spec.title}{standing_in.stays(case, step)}", step.id)


def escalations(step: Step) -> tuple[Told, ...]:
    """Who was told over the owner's head for the present due moment; a new owner changes nothing about that."""
    return tuple(told for told in step.told if told.word.startswith(Word.ESCALATE))


def leaves_undone(case: Case, step: Step, at: datetime) -> bool:
    """Whether the owner is gone at ``at``, and for so long that the step falls due before they are back."""
    person = case.team.person(step.person) if step.person else None
    if person is None or not person.active:
        return True
    away = absence_at(person, at)
    return away is not None and (step.due is None or step.due < away.end)


def _end(case: C, step: Step, state: StepState, reason: str, now: datetime) -> C:
    ended = step.model_copy(update={"state": state, "reason": reason, "ended_at": now})
    return say(drop_drafts(put_steps(case, ended), step.id), now, f"step_{state}", reason, step=step.id)


def _opens(case: Case, step: Step, spec: StepSpec) -> Utc | None:
    if spec.recur is None or step.occurrence == 1:
        return moments.moment(case, step, spec.opens)
    earlier = (s for s in case.steps if s.step_id == step.step_id and s.occurrence < step.occurrence and s.due)
    former = max(earlier, key=lambda s: s.occurrence, default=step).due
    begins = moments.turn_due(case, step, spec, step.occurrence - 1)
    return max(begins, former) if begins and former else begins


def _due(case: Case, step: Step, spec: StepSpec, opens: Utc | None) -> Utc | None:
    due = (
        moments.turn_due(case, step, spec, step.occurrence)
        if spec.due is None
        else moments.moment(case, step, spec.due)
    )
    if due is None or opens is None:
        return due
    response = moments.response_due(case, step, spec)
    return max(min(due, response) if response else due, opens)


def hastened(case: Case, step: Step, spec: StepSpec) -> Step:
    """The step dated anew by a more urgent judgement, also where a hold or a grace had moved it; not where a person had."""
    response = moments.response_due(case, step, spec)
    if not step.pinned_due or step.moves or response is None or step.due is None:
        return dated(case, step, spec)
    return dated(case, step.model_copy(update={"due": min(step.due, response)}), spec)


def present_owner(case: Case, step: Step, at: datetime) -> str | None:
    """Whom a reminder of the step reaches at ``at``: its owner, or who stands in while they are away."""
    if step.person and is_present(case, step.person, at):
        return step.person
    spec = case.spec(step.step_id)
    return holder(case, spec.owner, at) if spec else step.person
