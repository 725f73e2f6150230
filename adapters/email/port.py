"""What Followthrough needs of a mail service."""

from __future__ import annotations

from typing import Protocol

from models.letter import Letter
from models.work import Receipt


class EmailPort(Protocol):
    """Sends one letter at a time."""

    async def send(self, letter: Letter, key: str) -> Receipt:
        """Send a letter, once for the key: the same key twice is one mail, and the first receipt comes back.

        The Message-ID is ``adapters.email.outbox.message_id(key, letter.sender)``. A service without keys writes the
        intent row first, and where it cannot know whether a send went through raises
        ``PermanentFault("UnknownDelivery", ...)``, so that a person decides.

        Raises ``Held`` where the letter is kept back on purpose, ``PermanentFault`` where the service refuses it for
        good (a 5xx answer), and ``TransientFault`` where it may go through later (a 4xx answer, no connection).
        """
        ...

    async def check(self) -> str:
        """Nothing where a letter could leave now, else one sentence that says what to do. Sends no mail."""
        ...
