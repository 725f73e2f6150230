"""What Followthrough needs of webhooks: registers of what leaves and comes in, an endpoint, and who reads objects again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from models.base import Utc
from models.people import PersonId
from models.webhooks import (
    Outgoing,
    OutgoingState,
    Posted,
    ReadSubscription,
    ReadTask,
    Received,
    ReceivedState,
    Source,
    Worked,
)


class OutgoingPort(Protocol):
    """Events for other systems. Moments are UTC. Raises ``TransientFault`` where the register cannot be reached."""

    async def claim(self, now: Utc, lease: timedelta, limit: int) -> tuple[Outgoing, ...]:
        """Events that are due, those of a stream in their order; nobody else gets them until the ``lease`` is over.

        An attempt counts from here on, so that one that ends with the process counts, too.
        """
        ...

    async def settle(self, event_id: str, state: OutgoingState, said: str, at: Utc, due_at: Utc | None) -> None:
        """What came of an attempt at ``at``; ``due_at`` is the next one."""
        ...

    async def entries(self, states: Sequence[OutgoingState], case_or_account: str, limit: int) -> tuple[Outgoing, ...]:
        """Events, the latest first; all states and all cases where none are named."""
        ...

    async def entry(self, event_id: str) -> Outgoing:
        """One event. Raises ``PermanentFault("UnknownEvent")`` where there is none of that id."""
        ...

    async def replay(self, event_ids: Sequence[str], now: Utc) -> tuple[Outgoing, ...]:
        """Send these events again, from the first attempt on; of no ids, every dead one. Gives them as they stand now."""
        ...

    async def count(self, state: OutgoingState) -> int:
        """How many events are in a state."""
        ...


class EndpointPort(Protocol):
    """Where events go."""

    async def post(self, event: Outgoing) -> Posted:
        """Send an event, signed. Never raises for what the other side does or leaves undone."""
        ...

    async def check(self) -> str:
        """Whether the endpoint can be reached; in one sentence what to do where it cannot. Sends nothing."""
        ...


class ReceivedPort(Protocol):
    """What other systems sent, each once by source and id. Raises ``TransientFault`` where it cannot be reached."""

    async def keep(self, received: Sequence[Received]) -> int:
        """Keep what is new; gives how much that was. What is there already stays as it is."""
        ...

    async def claim(self, now: Utc, lease: timedelta, limit: int) -> tuple[Received, ...]:
        """What waits to be worked and is due, the first received first; nobody else gets it until the ``lease`` is over."""
        ...

    async def done(self, one: Received, worked: Worked, at: Utc) -> None:
        """It is worked; its body is forgotten."""
        ...

    async def not_done(self, one: Received, said: str, due_at: Utc | None) -> None:
        """It could not be worked: it is tried again at ``due_at``, or waits for a person where that is None."""
        ...

    async def has_effect(self, effect: str) -> bool:
        """Whether something received brought this about before."""
        ...

    async def entries(self, states: Sequence[ReceivedState], limit: int) -> tuple[Received, ...]:
        """What was received, the latest first, without the bodies; all states where none are named."""
        ...

    async def again(self, source: Source, event_id: str, now: Utc) -> Received:
        """Try one again that waits for a person. Raises ``PermanentFault("UnknownEvent")`` where none of that id does."""
        ...

    async def dismiss(self, source: Source, event_id: str, by: PersonId, why: str, at: Utc) -> Received:
        """A person puts one aside, and its body is forgotten. Raises ``PermanentFault("UnknownEvent")``."""
        ...

    async def count(self, state: ReceivedState) -> int:
        """How many are in a state."""
        ...


@runtime_checkable
class SubscriptionReader(Protocol):
    """Reads a subscription of the billing system as it is now, whatever an event said of it."""

    async def subscription(self, subscription_id: str) -> ReadSubscription | None:
        """The subscription with the account that it is of; None where the system has none, or it is nobody's of ours.

        Raises ``TransientFault`` where the system cannot be reached, ``PermanentFault`` where it refuses us.
        """
        ...


@runtime_checkable
class TaskReader(Protocol):
    """Reads a task of the CRM as it is now, whatever an event said of it."""

    async def task(self, task_id: str) -> ReadTask | None:
        """The task with the case and step that it is of; None where there is none, or it is none of ours.

        Raises ``TransientFault`` where the CRM cannot be reached, ``PermanentFault`` where it refuses us.
        """
        ...
