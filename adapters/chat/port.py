"""What Followthrough needs of a chat."""

from __future__ import annotations

from typing import Protocol

from models.chat import About, Answerable, Click
from models.letter import Letter
from models.work import Receipt


class ChatPort(Protocol):
    """Carries digests to members of the team, and brings back what they answer.

    Raises ``PermanentFault("ChatRefused", ...)`` where the chat says no for good, and ``TransientFault`` where it may go
    through later.
    """

    async def deliver(self, letter: Letter, key: str) -> Receipt | None:
        """Bring a letter that has ``chat`` to its reader, once for the key; None where the chat has nobody at that address.

        Where it is not known whether an attempt went through, the next one looks it up first.
        """
        ...

    async def address_of(self, user: str) -> str:
        """The mail address of somebody who clicked, by which the directory knows them; empty where there is none."""
        ...

    async def open_form(self, click: Click, answerable: Answerable) -> None:
        """Ask whoever clicked for what is to be written, while the click's trigger lasts (three seconds)."""
        ...

    async def reply(self, about: About, text: str) -> None:
        """Say something below the letter that was answered. Whether it was said before is not known to the chat."""
        ...

    async def check(self) -> str:
        """Nothing where digests would arrive now, else one sentence that says what to do. Sends none."""
        ...
