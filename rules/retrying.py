"""When an effect that did not go through is tried again, by the policy's patience; and when patience is at its end."""

from __future__ import annotations

from datetime import datetime

from models.calendar import ZERO, Offset
from models.case import Case
from models.effects import Action, Outcome, OutcomeKind, PausedLane, Retry, Verb
from models.policy import FailureClass
from rules import lifecycle, outcomes
from rules.dating import later
from rules.edit import C
from rules.routing import policy_of


def again(case: Case, action: Action, outcome: Outcome, now: datetime) -> Retry | None:
    """When the very same action is tried again; None once patience is at its end or trying again is useless.

    ``case`` is as it was before the action ended. Being held back wears no patience out.
    """
    before = next((r for r in case.retries if r.action.key == action.key), Retry(action=action, not_before=now))
    if outcome.kind is OutcomeKind.HELD:
        held = before.held + 1
        return before.model_copy(update={"held": held, "not_before": _released(case, outcome, held, now)})
    waits = next((p.waits for p in policy_of(case).patience if p.failure_class is action.failure_class), ())
    endless = action.failure_class is FailureClass.RECORD
    final = outcome.permanent and not _is_indispensable(case, action)
    if final or (before.attempts >= len(waits) and not endless):
        return None
    return Retry(action=action, attempts=before.attempts + 1, not_before=later(now, _wait(waits, before.attempts)))


def pause(before: Case, case: C, action: Action, outcome: Outcome, now: datetime) -> C:
    """The case after a digest was held back: nothing was sent, so what holds by then is told when the lane is free."""
    held = next((paused.held for paused in before.paused if paused.lane == action.lane), 0) + 1
    lane = PausedLane(lane=action.lane, key=action.key, held=held, not_before=_released(case, outcome, held, now))
    case = case.model_copy(update={"paused": (*case.paused, lane)})
    return outcomes.waits(case, action, outcome, lane.not_before, now) if held == 1 else case


def _released(case: Case, outcome: Outcome, held: int, now: datetime) -> datetime:
    """When a held effect may go: as whoever holds it says, and the later the longer it was held in a row."""
    patient = later(now, _wait(policy_of(case).held_waits, held - 1))
    return max(outcome.not_before or now, patient)


def _wait(waits: tuple[Offset, ...], number: int) -> Offset:
    return waits[min(number, len(waits) - 1)] if waits else ZERO


def _is_indispensable(case: Case, action: Action) -> bool:
    """The book, since giving up would itself have to be booked; and the plan without which a case has none at all."""
    if action.verb is not Verb.LOAD_PLAN:
        return action.verb is Verb.WRITE_BOOK
    ask = next((ask for ask in case.asks if ask.id == action.subject), None)
    return case.plan is None and ask is not None and ask.subject == lifecycle.of(case).SPINE
