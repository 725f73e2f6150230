"""What Followthrough needs of a register of what came in."""

from __future__ import annotations

from typing import Protocol

from models.inbound import Kept


class InboxPort(Protocol):
    """Everything that came in and may be a request to cancel, each once by its id. Moments are UTC.

    Raises ``TransientFault`` where the register cannot be reached.
    """

    async def add(self, kept: Kept) -> Kept | None:
        """Keep something new; where its id is there already, the first one stays, and is returned instead."""
        ...

    async def put(self, kept: Kept) -> None:
        """What became of something that is kept."""
        ...

    async def find(self, arrival_id: str) -> Kept:
        """One of them. Raises ``PermanentFault("UnknownArrival")`` where there is none of that id."""
        ...

    async def listed(self, *, everything: bool = False) -> tuple[Kept, ...]:
        """What waits for a person or is on its way, the first received on top; ``everything``: also what was sorted."""
        ...
