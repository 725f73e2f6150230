"""What a command is answered: what is new on the timeline, and what it leaves open, which is no part of the history."""

from __future__ import annotations

from models.case import Case, TimelineEvent
from models.save import SaveCase
from rules.save import owed_next


def said(case: Case, since: int) -> str:
    """The lines of history after the first ``since``, and what they leave open; empty where there are none."""
    new = [event for event in case.timeline if event.n > since]
    hints = (_left_open(case, event) for event in new)
    return _joined([*(_told(event) for event in new), *(hint for hint in hints if hint)])


def _joined(parts: list[str]) -> str:
    """The parts as one sentence; a full stop stands at its end alone."""
    return "; ".join([*(part.rstrip(".") for part in parts[:-1]), *parts[-1:]])


def _told(event: TimelineEvent) -> str:
    """A line of history as an answer: what happened to which step, then the text."""
    return f"{event.step} {event.kind.removeprefix('step_')}: {event.text}" if event.step else event.text


def _left_open(case: Case, event: TimelineEvent) -> str:
    """A recorded root cause completes no step (PLAY-12)."""
    if not isinstance(case, SaveCase) or event.kind != "root_cause":
        return ""
    return owed_next.left_open(case, event.by)
