"""Who is not in the team directory is not found, and who has left is refused, whichever command names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.desk import Desk
from cli.exits import refused
from models.base import Request
from rules.authority import check_active
from rules.refusal import Refused

if TYPE_CHECKING:
    from parts import Parts

_PEOPLE = ("by", "owner", "person")
"""The fields of a command that name a person."""


async def check_sender(desk: Desk, fact: Request) -> None:
    """A signal gets no answer of its own, so that who sends it is looked up first. Raises ``UnknownPerson``."""
    if by := getattr(fact, "by", None):
        await (await desk.parts()).directory.person(by)


async def check_present(parts: Parts, by: str) -> None:
    """Raises ``PermanentFault(UnknownPerson)`` for a stranger, ``Failure(NotAllowed)`` for whoever has left the team."""
    person = await parts.directory.person(by)
    try:
        check_active(by, active=person.active)
    except Refused as no:
        raise refused(no.kind, no.sentence) from no


async def check_named(desk: Desk, given: Request, sentence: str) -> None:
    """A stranger to the case, whom its refusal names, may be a stranger to the house.

    Raises ``PermanentFault(UnknownPerson)`` for whom the directory does not know.
    """
    directory = (await desk.parts()).directory
    for field in _PEOPLE:
        named = getattr(given, field, None)
        if named and f"'{named}'" in sentence:
            await directory.person(named)
