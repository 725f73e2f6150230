"""Hold and resume: the people's clocks stop, promises to the customer go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.case import Case, Hold, RefusalType
from models.commands import HoldCase
from models.people import PersonId
from models.plan import StepSpec
from models.step import Step
from rules.dating import later
from rules.edit import C, change, put_steps, say
from rules.planning import dated, running
from rules.refusal import Refused
from rules.routing import policy_of


def hold(case: C, command: HoldCase, now: datetime) -> C:
    """The case on hold until a moment. Raises ``Refused`` where it is on hold already or the moment is out of bounds."""
    if case.hold:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"the case is on hold until {case.hold.until:%Y-%m-%d}; 'resume' it first"
        )
    longest = later(now, policy_of(case).longest_hold)
    if not now < command.until <= longest:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"a hold ends after now and by {longest:%Y-%m-%d %H:%M} UTC, so that no promise is forgotten",
        )
    case = change(case, hold=Hold(since=now, until=command.until, reason=command.reason, by=command.by))
    moved = ", ".join(step.id for step, spec in running(case) if step.due and not case.keeps_time(spec)) or "nothing"
    kept = ", ".join(step.id for step, spec in running(case) if spec.promise) or "none"
    text = f"until {command.until:%Y-%m-%d %H:%M} UTC: {command.reason}; moves: {moved}; promises kept: {kept}"
    return say(case, now, "held", text, by=command.by)


def resume(case: C, by: PersonId | None, now: datetime) -> C:
    """The case goes on; every due moment of the people moves by as much of the hold as the step was counting in.

    The rhythm of a recurring step moves with it, for all turns to come.
    """
    if case.hold is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, "the case is not on hold")
    ended = min(now, case.hold.until)
    lasted = ended - case.hold.since
    owed = [(step, spec) for step, spec in running(case) if not case.keeps_time(spec) and step.due]
    moved = [_shifted(case, step, spec, _lost(case, case.hold, step, spec, ended)) for step, spec in owed]
    case = put_steps(change(case, hold=None), *moved)
    return say(case, now, "resumed", f"after {lasted.days} d {lasted.seconds // 3600} h; dates moved by as much", by=by)


def _lost(case: Case, hold: Hold, step: Step, spec: StepSpec, ended: datetime) -> timedelta:
    """How much of the hold fell into the time that a step counts; nothing where a person dated it meanwhile."""
    dated_by_hand = [move.at for move in step.moves]
    if step.by_hand and step.pinned_due and step.origin:
        dated_by_hand.append(step.origin)
    if any(at >= hold.since for at in dated_by_hand):
        return timedelta()
    anchors = [case.anchor(when.after) for when in (spec.opens, spec.due) if when]
    begun = max(at for at in (hold.since, step.origin, *anchors) if at)
    return max(ended - begun, timedelta())


def _shifted(case: Case, step: Step, spec: StepSpec, by: timedelta) -> Step:
    if spec.recur and not step.pinned_due:
        return dated(case, step.model_copy(update={"shift": step.shift + by}), spec)
    since = case.hold.since if case.hold else case.opened_at
    opens = step.opens + by if step.opens and step.opens > since else step.opens
    begun = step.warn_from or step.opens
    moved = {
        "opens": opens,
        "due": step.due + by if step.due else None,
        "warn_from": begun + by if begun else None,
        "shift": step.shift + by,
        "pinned_due": True,
    }
    return dated(case, step.model_copy(update=moved), spec)
