"""The export of a leaving customer's data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.export import ExportReceipt, PrepareExport

if TYPE_CHECKING:
    from adapters.exports.port import ExportsPort


class ExportActivities:
    """What a cancellation asks for to give a customer their data."""

    def __init__(self, exports: ExportsPort) -> None:
        self._exports = exports

    @activity.defn
    @reporting_faults
    async def prepare_export(self, request: PrepareExport) -> ExportReceipt:
        """Write everything that an account has in the product into one archive, once for the key.

        It tells Temporal how far it is, so that a worker that is gone is noticed; what was finished is not read again.
        """
        return await self._exports.prepare(request, _from_any_thread())


def _from_any_thread() -> Callable[[str], None]:
    """A heartbeat of this activity that a thread may give; Temporal's own belongs to the event loop."""
    loop, here = asyncio.get_running_loop(), copy_context()

    def heartbeat(where: str) -> None:
        loop.call_soon_threadsafe(activity.heartbeat, where, context=here)

    return heartbeat
