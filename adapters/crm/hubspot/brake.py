"""The rate limit of HubSpot, kept for all calls of a worker together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from adapters.crm.hubspot.faults import too_busy

Sleep = Callable[[float], Awaitable[object]]
_LONGEST = 12.0
_UNNAMED = 5.0


class Brake:
    """Calls wait until HubSpot takes them again, together; a wait in which an attempt would end is a fault instead."""

    def __init__(self, sleep: Sleep = asyncio.sleep, clock: Callable[[], float] = time.monotonic) -> None:
        self._sleep = sleep
        self._clock = clock
        self._until = 0.0

    def hold(self, seconds: float | None) -> None:
        """HubSpot asks to wait so long; five seconds where it names nothing, half of the time that it counts calls in."""
        self._until = max(self._until, self._clock() + (_UNNAMED if seconds is None else seconds))

    async def wait(self) -> None:
        """Wait for one's turn. Raises ``TransientFault`` where that is longer than an attempt may take."""
        left = self._until - self._clock()
        if left > _LONGEST:
            raise too_busy(left)
        if left > 0:
            await self._sleep(left)
