"""The diary of a case: what happened on which day, and who was told; read from the case and from what really left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from models.base import Record, Utc
from models.case import TimelineEvent
from models.effects import Word
from models.people import PersonId
from models.status import Status
from models.step import StepState
from models.work import NotifyTeam, SendDigest

_STAFF_MAIL: dict[str, type[SendDigest] | type[NotifyTeam]] = {"send_digest": SendDigest, "notify_team": NotifyTeam}


class Telling(Record):
    """Somebody was told of a step: by which word (``notice`` for an automatic notice), and when (UTC)."""

    at: Utc
    person: PersonId
    word: str
    step: str | None = None
    subject: str = ""


class Fate(StrEnum):
    """What became of a step."""

    ON_TIME = "on time"
    LATE = "late"
    NEVER = "never"
    MOOT = "no longer needed"


class StepStory(Record):
    """A step from its opening to its end. ``done_at`` is absent where it was never done.

    ``left_at`` is when it was skipped or missed; absent where it is still owed, or ended with the case.
    """

    id: str
    title: str
    owner: str
    person: PersonId | None = None
    opens: Utc | None = None
    due: Utc | None = None
    state: StepState
    done_at: Utc | None = None
    left_at: Utc | None = None
    told: tuple[Telling, ...] = ()

    @property
    def late(self) -> bool:
        """Whether it was done after its due moment."""
        return self.done_at is not None and self.due is not None and self.done_at > self.due

    def fate(self, ended_at: datetime) -> Fate:
        """What became of it in a case that ended, or is looked at, at ``ended_at`` (UTC)."""
        if self.done_at:
            return Fate.LATE if self.late else Fate.ON_TIME
        over = min(ended_at, self.left_at or ended_at)
        return Fate.NEVER if self.due and self.due <= over and self.state != StepState.WAITING else Fate.MOOT


class Diary:
    """Collects the history of a case while it is played, so that nothing is lost where the case keeps only the newest."""

    def __init__(self) -> None:
        self._events: dict[int, TimelineEvent] = {}

    def note(self, status: Status) -> None:
        """Take what is new in the case."""
        self._events.update((event.n, event) for event in status.timeline)

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """Everything that was seen, in order."""
        return tuple(self._events[n] for n in sorted(self._events))


async def tellings(history: WorkflowHistory, converter: DataConverter) -> tuple[Telling, ...]:
    """Everything that the team was told by mail, minute by minute; only mail that went through."""
    sent = {
        e.activity_task_completed_event_attributes.scheduled_event_id
        for e in history.events
        if _completed(e.event_type)
    }
    found: list[Telling] = []
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        model = _STAFF_MAIL.get(scheduled.activity_type.name)
        if model is not None and event.event_id in sent:
            (mail,) = await converter.decode(scheduled.input.payloads, [model])
            found.extend(_told(mail))
    # Mails of one minute leave side by side; their order is the machine's, so it is not the diary's.
    return tuple(sorted(found, key=lambda t: (t.at.replace(second=0, microsecond=0), t.step or "", t.word, t.person)))


def _completed(kind: int) -> bool:
    return kind == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED


def _told(mail: SendDigest | NotifyTeam) -> Iterable[Telling]:
    if isinstance(mail, NotifyTeam):
        return [Telling(at=mail.at, person=person, word="notice", step=mail.step) for person in mail.people]
    return [
        Telling(at=mail.at, person=mail.person, word=line.word, step=line.step, subject=line.subject)
        for line in mail.lines
    ]


def step_stories(status: Status, events: Sequence[TimelineEvent], told: Sequence[Telling]) -> tuple[StepStory, ...]:
    """Each step that came up, with when it was done and who was told of it."""
    return tuple(_story(status, n, events, told) for n, step in enumerate(status.steps) if step.opens)


def _story(status: Status, n: int, events: Sequence[TimelineEvent], told: Sequence[Telling]) -> StepStory:
    step = status.steps[n]
    return StepStory(
        id=step.id,
        title=step.title,
        owner=step.owner,
        person=step.person,
        opens=step.opens,
        due=step.due,
        state=step.state,
        done_at=_last(events, "step_done", step.id) if step.state is StepState.DONE else None,
        left_at=_last(events, "step_skipped", step.id) or _last(events, "step_failed", step.id),
        told=tuple(telling for telling in told if telling.step == step.id),
    )


def _last(events: Sequence[TimelineEvent], kind: str, step: str) -> datetime | None:
    return max((event.at for event in events if (event.kind, event.step) == (kind, step)), default=None)


def is_escalation(telling: Telling) -> bool:
    """Whether somebody above the owner was told."""
    return telling.word == Word.ESCALATE


def is_reminder(telling: Telling) -> bool:
    """Whether an owner was reminded, before the breach or at it."""
    return telling.word in (Word.WARN, Word.OVERDUE)
