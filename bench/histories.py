"""What a history costs: events, activities and bytes, in all and by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from models.base import Record

BOOK_WRITES = ("write_book", "write_row")


class Cost(Record):
    """The size of one history. ``activities`` are those that are no book writes."""

    events: int
    activities: int
    book_writes: int
    kilobytes: float
    by_event: dict[str, int]
    by_activity: dict[str, int]


def cost_of(events: Sequence[HistoryEvent]) -> Cost:
    """The cost of a history, the dearest types first."""
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    books = sum(name in BOOK_WRITES for name in names)
    kinds = Counter(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower() for event in events)
    return Cost(
        events=len(events),
        activities=len(names) - books,
        book_writes=books,
        kilobytes=round(sum(event.ByteSize() for event in events) / 1024, 1),
        by_event=dict(kinds.most_common()),
        by_activity=dict(Counter(names).most_common()),
    )
