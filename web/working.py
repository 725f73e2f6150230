"""Works what was received, also after a crash: it is kept until it is done, and due again when a lease is over."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import suppress
from datetime import datetime, timedelta

from cli.codes import ExitCode
from cli.exits import Failure, failure_of, known
from models.case import RefusalType
from models.faults import TransientFault
from models.webhooks import Received
from rules.incoming import next_try
from web.house import Handler, House

EVERY_SECONDS = 2.0
_LEASE = timedelta(minutes=2)
_AT_ONCE = 4
_PASSING = (ExitCode.NOT_NOW, ExitCode.SETUP, ExitCode.FAULTY_FILES)
"""What may go through later: nobody answers now, or a person puts settings or files right."""


async def run(house: House) -> None:
    """Work what is due as soon as it comes, until this is cancelled."""
    while True:
        busy = 0
        try:
            busy = await round_of(house)
        except TransientFault as fault:
            logging.getLogger(__name__).warning("what was received waits: %s", fault)
        except Exception as fault:  # noqa: BLE001 whatever it is, the next round goes on
            _tell_of(fault)
        if not busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(house.woken.wait(), EVERY_SECONDS)
            house.woken.clear()


async def round_of(house: House) -> int:
    """Work some of what is due now; gives how much that was. Raises ``TransientFault`` without a register."""
    received = (await house.desk.parts()).received
    due = await received.claim(house.now(), _LEASE, _AT_ONCE)
    for one in due:
        await _work(house, one)
    return len(due)


async def _work(house: House, one: Received) -> None:
    received = (await house.desk.parts()).received
    try:
        worked = await _handler(house, one)(one)
    except Exception as error:  # noqa: BLE001 whatever it is, it is kept, and holds nothing else back
        said, due_at = _ended(one, error, house.now())
        logging.getLogger(__name__).warning("%s %s is not worked: %s", one.source.value, one.id, said)
        await received.not_done(one, said, due_at)
    else:
        await received.done(one, worked, house.now())


def _ended(one: Received, error: Exception, now: datetime) -> tuple[str, datetime | None]:
    """What is said of it, and when it is tried again: what is refused for good waits for a person at once."""
    later = next_try(one.received_at, one.attempts, now)
    if not isinstance(error, Failure):
        if not isinstance(error, known()):
            _tell_of(error)
            return f"it ran into a fault of ours ({type(error).__name__})", later
        error = failure_of(error)
    return error.sentence, later if may_pass(error) else None


def may_pass(error: Failure) -> bool:
    """Whether the same may go through later, as it stands."""
    return error.code in _PASSING and error.kind != RefusalType.BAD_PAYLOAD


def _tell_of(error: Exception) -> None:
    """Where it happened, without its words, which may quote a letter."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger(__name__).error("a fault of ours (%s):\n%s", type(error).__name__, where)


def _handler(house: House, one: Received) -> Handler:
    """Who works it. Raises ``TransientFault`` for a sender that is not heard any more."""
    if one.source not in house.handlers:
        raise TransientFault(f"{one.source} is not heard; set its secret, and start the web program again")
    return house.handlers[one.source]
