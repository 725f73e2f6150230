"""A watch over a CRM elsewhere: our copy of it is brought up to date before it is read."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from adapters.crm.port import CrmPort
from adapters.watch.port import WatchPort
from models.base import Utc
from models.detection import Reach
from models.faults import PermanentFault, TransientFault
from models.sweep import Span, Stock
from rules.detection.frames import Facts

_log = logging.getLogger(__name__)


class FreshWatch:
    """WatchPort. A CRM that cannot be read keeps no sweep back: it goes on with the copy, and the log says so."""

    def __init__(self, crm: CrmPort, watch: WatchPort) -> None:
        self._crm = crm
        self._watch = watch

    async def take_stock(self, key: str, at: Utc, reach: Reach, beat: Callable[[], None] = lambda: None) -> Stock:
        """See WatchPort."""
        await _tried(self._crm.accounts())
        return await self._watch.take_stock(key, at, reach, beat)

    async def facts(self, span: Span, reach: Reach) -> Facts:
        """See WatchPort."""
        if span.account_id:
            await _tried(self._crm.contacts(span.account_id))
        return await self._watch.facts(span, reach)

    async def forget(self, key: str) -> None:
        """See WatchPort."""
        await self._watch.forget(key)


async def _tried(reading: Awaitable[object]) -> None:
    try:
        await reading
    except (PermanentFault, TransientFault) as fault:
        _log.warning("the sweep goes on with the copy of the CRM as it was last read: %s", fault)
