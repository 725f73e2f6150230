"""How the demo looks at what came of its story: it waits a moment for what is written later, and never dies of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from models.base import Record
from models.faults import PermanentFault
from models.status import Status
from parts import Parts

CATCH_UP_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.5

Faults = Sequence[str]


class Check(Record):
    """One expectation: what it says, whether it holds, and what was found where it does not."""

    name: str
    holds: bool
    found: str = ""


def check(name: str, wrong: Faults) -> Check:
    """An expectation that holds where nothing is wrong."""
    return Check(name=name, holds=not wrong, found="; ".join(wrong[:3]))


async def looked(name: str, look: Awaitable[Check]) -> Check:
    """The expectation as it was found; one that cannot be looked at does not hold, and the others are looked at."""
    try:
        return await look
    except Exception as error:  # noqa: BLE001 whatever it is, the demo tells it beside all that it did find
        return check(name, [f"it could not be looked at: {type(error).__name__}: {error}"])


async def caught_up(faults: Callable[[], Awaitable[Faults]], seconds: float = CATCH_UP_SECONDS) -> Faults:
    """What is still wrong after at most so many seconds; nothing as soon as nothing is."""
    for _ in range(int(seconds / _LOOK_EVERY_SECONDS)):
        if not await faults():
            return []
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    return await faults()


async def book_faults(parts: Parts, account: str, status: Status) -> Faults:
    """How the book differs from the case: a row of an open case may be written a moment later."""
    try:
        book = await parts.book.status_of(status.case_id)
    except PermanentFault as fault:
        return [f"{account}: {fault.sentence}"]
    known, told = ((each.outcome, each.stage, len(each.steps)) for each in (book, status))
    return [] if known == told else [f"{account}: the book says {known}, Temporal {told}"]
