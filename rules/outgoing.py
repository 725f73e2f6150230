"""What of a case other systems are told, and when an event that was not taken is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.automatic import Work
from models.base import Record
from models.case import Case, CaseKind, TimelineEvent
from models.leaving_stages import CancellationStage, RetentionStage
from models.plan import StepSpec
from models.webhooks import CaseEvent, EventName, OutgoingState, Posted
from rules.win_back.reminders import PATTERN

_BY_LINE = {
    (CaseKind.SAVE, "opened"): EventName.SAVE_STARTED,
    (CaseKind.CANCELLATION, "opened"): EventName.CANCELLATION_REQUESTED,
    (CaseKind.CANCELLATION, "withdrawn"): EventName.CANCELLATION_RESCINDED,
    (CaseKind.CANCELLATION, "saved"): EventName.CANCELLATION_RESCINDED,
}
_IN_ANY_CASE = {"promise_breached": EventName.COMMITMENT_MISSED, "offer_approved": EventName.CONCESSION_APPROVED}
_REACHED: dict[str, EventName] = {
    CancellationStage.ACKNOWLEDGED: EventName.CANCELLATION_ACKNOWLEDGED,
    CancellationStage.DEACTIVATED: EventName.ACCOUNT_DEACTIVATED,
    RetentionStage.DELETED: EventName.DATA_DELETED,
}
_PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
_LONGEST = timedelta(days=1)
"""As the Standard Webhooks recommend: ten more attempts in the course of some three days."""


class Verdict(Record):
    """What becomes of an event after an attempt; ``due_at`` is when it is sent again (UTC)."""

    state: OutgoingState
    due_at: datetime | None = None


def events(case: Case, lines: tuple[TimelineEvent, ...]) -> tuple[CaseEvent, ...]:
    """What these lines of the case's history mean to other systems, in their order."""
    return tuple(
        CaseEvent(name=name, n=line.n, at=line.at, step=line.step or "") for line in lines for name in _of(case, line)
    )


def verdict(posted: Posted, attempts: int, now: datetime) -> Verdict:
    """After ``attempts`` attempts, the last one answered at ``now`` (UTC); an endpoint that asks for more time gets it."""
    if not posted.said:
        return Verdict(state=OutgoingState.DELIVERED)
    if posted.gone or attempts > len(_PAUSES):
        return Verdict(state=OutgoingState.DEAD)
    pause = max(_PAUSES[attempts - 1], min(posted.wait, _LONGEST))
    return Verdict(state=OutgoingState.WAITING, due_at=now + pause)


def _of(case: Case, line: TimelineEvent) -> Iterator[EventName]:
    by_line = _BY_LINE.get((case.kind, line.kind)) or _IN_ANY_CASE.get(line.kind)
    if by_line:
        yield by_line
    step = case.step(line.step) if line.step else None
    if step and line.kind == "step_done":
        yield from _of_done(case.kind, case.spec(step.step_id))
    if step and line.kind == "step_opened" and step.step_id.startswith(f"{PATTERN}_"):
        yield EventName.WIN_BACK_DUE


def _of_done(kind: CaseKind, spec: StepSpec | None) -> Iterator[EventName]:
    """What a step that was done means: that it was, and what it is for."""
    if kind is CaseKind.CANCELLATION:
        yield EventName.STEP_COMPLETED
    if spec and spec.automatic and spec.automatic.does is Work.PREPARE_EXPORT:
        yield EventName.EXPORT_READY
    if spec and spec.reaches in _REACHED:
        yield _REACHED[spec.reaches]
