"""Who is not in the team directory is not found, whichever command names them."""

from __future__ import annotations

from cli.desk import Desk
from models.base import Request

_PEOPLE = ("by", "owner", "person")
"""The fields of a command that name a person."""


async def check_sender(desk: Desk, fact: Request) -> None:
    """A signal gets no answer of its own, so that who sends it is looked up first. Raises ``UnknownPerson``."""
    if by := getattr(fact, "by", None):
        await (await desk.parts()).directory.person(by)


async def check_named(desk: Desk, given: Request, sentence: str) -> None:
    """A stranger to the case, whom its refusal names, may be a stranger to the house.

    Raises ``PermanentFault(UnknownPerson)`` for whom the directory does not know.
    """
    directory = (await desk.parts()).directory
    for field in _PEOPLE:
        named = getattr(given, field, None)
        if named and f"'{named}'" in sentence:
            await directory.person(named)
