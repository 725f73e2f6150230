"""The lanes: one action in flight per port, ports side by side, collected in the order in which they were started."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as TemporalTimeout

with workflow.unsafe.imports_passed_through():
    from models.case import Case
    from models.effects import Action, Outcome, OutcomeKind

from workflows.effects import EFFECTS
from workflows.options import OPTIONS

_LEAST_HOLD = 60.0

Flight = tuple[Action, workflow.ActivityHandle[Any]]


class Lanes:
    """What is under way. The only place that starts an activity."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}

    def start(self, case: Case, action: Action) -> None:
        """Send the action on its lane, which must be idle."""
        effect = EFFECTS[action.verb]
        handle = workflow.start_activity(
            effect.activity,
            effect.request(case, action),
            task_queue=effect.queue,
            summary=action.summary,
            **OPTIONS[action.failure_class],
        )
        self._flights[action.lane] = (action, handle)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._flights

    def any_landed(self) -> bool:
        """Whether an action has ended and was not collected yet."""
        return any(handle.done() for _, handle in self._flights.values())

    def collect(self, now: datetime) -> list[tuple[Action, Outcome]]:
        """The actions that have ended by ``now`` (UTC), with their outcomes, in the order of their start."""
        landed = [lane for lane, (_, handle) in self._flights.items() if handle.done()]
        return [_outcome(*self._flights.pop(lane), now) for lane in landed]


def _outcome(action: Action, handle: workflow.ActivityHandle[Any], now: datetime) -> tuple[Action, Outcome]:
    failure = handle.exception()
    if failure is None:
        return action, EFFECTS[action.verb].outcome(handle.result())
    return action, _failed(failure, now)


def _failed(failure: BaseException, now: datetime) -> Outcome:
    cause = failure.cause if isinstance(failure, ActivityError) else failure
    if isinstance(cause, ApplicationError):
        if cause.type == "Held":
            # Seconds, not the moment: the clock of a case may be ahead of the clock of whoever held it back.
            until = now + timedelta(seconds=max(float(cause.details[1]), _LEAST_HOLD))
            return Outcome(kind=OutcomeKind.HELD, reason=cause.message, not_before=until)
        return Outcome(
            kind=OutcomeKind.FAILED,
            error_type=cause.type or "",
            reason=cause.message,
            permanent=cause.non_retryable,
        )
    reason = "no answer in time" if isinstance(cause, TemporalTimeout) else "it failed for an unknown reason"
    return Outcome(kind=OutcomeKind.FAILED, reason=reason)
