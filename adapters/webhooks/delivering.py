"""Delivers events until it is stopped; whatever it held when it was killed is due again when the lease is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from adapters.clock import Now, utc_now
from adapters.webhooks.port import EndpointPort, OutgoingPort
from models.faults import TransientFault
from models.webhooks import Outgoing
from rules.outgoing import verdict

EVERY_SECONDS = 1.0
_LEASE = timedelta(minutes=3)
_AT_ONCE = 8
"""Events that are claimed together: those of one stream one after the other, streams side by side."""


class Delivery:
    """Brings events to an endpoint, at least once each and with the same id at every attempt."""

    def __init__(self, outgoing: OutgoingPort, endpoint: EndpointPort, now: Now = utc_now) -> None:
        self._outgoing, self._endpoint, self._now = outgoing, endpoint, now

    async def run(self) -> None:
        """Deliver what is due, until it is cancelled."""
        while True:
            busy = 0
            try:
                busy = await self.round()
            except TransientFault as fault:
                logging.getLogger(__name__).warning("webhooks wait: %s", fault)
            except Exception:  # whatever it is, the next events go on
                logging.getLogger(__name__).exception("a round of webhooks ended early")
            if not busy:
                await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> int:
        """Deliver some of what is due now; gives how much that was. Raises ``TransientFault`` without a register."""
        events = await self._outgoing.claim(self._now(), _LEASE, _AT_ONCE)
        ordered = sorted(events, key=attrgetter("stream", "sequence"))
        streams = [tuple(some) for _, some in groupby(ordered, key=attrgetter("stream"))]
        await asyncio.gather(*(self._in_order(stream) for stream in streams))
        return len(events)

    async def _in_order(self, events: Sequence[Outgoing]) -> None:
        for event in events:
            posted = await self._endpoint.post(event)
            now = self._now()
            ends = verdict(posted, event.attempts, now)
            await self._outgoing.settle(event.id, ends.state, posted.said, now, ends.due_at)
