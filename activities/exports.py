"""The export of a leaving customer's data."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.export import ExportProgress, ExportReceipt, PrepareExport
from models.faults import TransientFault

if TYPE_CHECKING:
    from adapters.exports.port import ExportsPort

_BEAT_SECONDS = 5.0


class ExportActivities:
    """What a cancellation asks for to give a customer their data."""

    def __init__(self, exports: ExportsPort, beat_seconds: float = _BEAT_SECONDS) -> None:
        self._exports = exports
        self._beat_seconds = beat_seconds

    @activity.defn
    @reporting_faults
    async def prepare_export(self, request: PrepareExport) -> ExportReceipt:
        """Write everything that an account has in the product into one archive, once for the key (OFFB-10, OFFB-11).

        It tells Temporal how far it is, so that a worker that is gone is noticed; what was finished is not read again.
        Fails with ``UnknownAccount`` or ``ProductData``.
        """
        follower = _Follower()
        writing = asyncio.ensure_future(self._exports.prepare(request, follower))
        try:
            while not writing.done():
                activity.heartbeat(follower.latest)
                await asyncio.wait((writing,), timeout=self._beat_seconds)
            return writing.result()
        finally:
            follower.gone = True
            writing.cancel()


class _Follower:
    """Knows the latest word of the thread that writes, and ends it at its next one once nobody waits for it."""

    def __init__(self) -> None:
        self.latest = ExportProgress()
        self.gone = False

    def __call__(self, progress: ExportProgress) -> None:
        if self.gone:
            raise TransientFault("nobody waits for this attempt any more; another one goes on from here")
        self.latest = progress
