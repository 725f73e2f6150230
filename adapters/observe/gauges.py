"""Business gauges that only the book knows: how many cases are open, how many steps are overdue."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from temporalio.common import MetricMeter

from adapters.book.port import BookPort
from models.faults import TransientFault

EVERY_SECONDS = 30.0


async def watch_book(book: BookPort, meter: MetricMeter) -> None:
    """Set ``followthrough_open_cases`` and ``followthrough_overdue_steps`` from the book, until it is cancelled."""
    open_cases = meter.create_gauge("followthrough_open_cases", "Cases that are not closed")
    overdue = meter.create_gauge("followthrough_overdue_steps", "Open steps past their due moment")
    while True:
        try:
            counts = await book.counts(datetime.now(UTC))
            open_cases.set(counts.open_cases)
            overdue.set(counts.overdue_steps)
        except TransientFault as fault:
            logging.getLogger(__name__).warning("the book could not be counted: %s", fault)
        await asyncio.sleep(EVERY_SECONDS)
