"""Long work that tells Temporal now and then that it goes on, so that a worker that is gone is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from temporalio import activity

T = TypeVar("T")
BEAT_SECONDS = 5.0


async def beating(work: Coroutine[Any, Any, T], seconds: float = BEAT_SECONDS) -> T:
    """What the work comes to; it ends with the activity that waits for it."""
    doing = asyncio.ensure_future(work)
    try:
        while not doing.done():
            activity.heartbeat()
            await asyncio.wait((doing,), timeout=seconds)
        return doing.result()
    finally:
        doing.cancel()
