"""The first half of every webhook: a checked body becomes something kept, and the sender has its answer."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import HTTPException

from adapters.webhooks.signatures import BadSignature
from models.base import Record
from models.webhooks import Received
from web.bodies import refusal
from web.house import House


class Kept(Record):
    """How much of what was sent is new, was known already, or is of a type that nothing is done about."""

    new: int = 0
    known: int = 0
    ignored: int = 0


async def keep(house: House, received: Sequence[Received], ignored: int = 0) -> Kept:
    """Keep what came, and have it worked; the same again changes nothing."""
    new = await (await house.desk.parts()).received.keep(received) if received else 0
    if new:
        house.woken.set()
    return Kept(new=new, known=len(received) - new, ignored=ignored)


def unsigned(fault: BadSignature) -> HTTPException:
    """The answer to a signature that does not hold."""
    return refusal(HTTPStatus.UNAUTHORIZED, str(fault))


def misshapen(right: str) -> HTTPException:
    """The answer to JSON of another shape."""
    return refusal(HTTPStatus.BAD_REQUEST, f"the body has another shape; it must be {right}")
