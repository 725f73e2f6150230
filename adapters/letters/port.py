"""What Followthrough needs of whoever writes its letters."""

from __future__ import annotations

from typing import Protocol

from models.base import Record
from models.directory import Card
from models.letter import Letter
from models.work import DraftMessage, NotifyTeam, Receipt, ReleaseMessage, SendDigest


class MissingPart(Record):
    """A part of a draft that a person still has to write, and what it is."""

    name: str
    what: str


class Draft(Record):
    """A draft as a person sees it before they release it: ``text`` shows in its place what is still to be written.

    ``missing`` must be written; ``optional`` may be.
    """

    case_id: str
    message_id: str
    template: str
    language: str
    to: str
    subject: str
    text: str
    missing: tuple[MissingPart, ...] = ()
    optional: tuple[MissingPart, ...] = ()


class LettersPort(Protocol):
    """Writes letters in the language of their reader (AMB-42); names come from the directory and the CRM."""

    async def draft(self, message: DraftMessage) -> Receipt:
        """Keep a draft to the customer, once for its key.

        Raises ``PermanentFault(UnknownMessage)`` where there is no such template for customers.
        """
        ...

    async def compose(self, release: ReleaseMessage) -> Letter:
        """The finished letter, signed by the person who releases it; the same release gives the same letter.

        Raises ``PermanentFault(UnknownMessage)`` where there is no such draft, and ``PermanentFault(MessageNotReady)``
        with one sentence that names what is missing or wrong (OFFB-58, SAVE-17, SAVE-19).
        """
        ...

    async def others(self, account_id: str, reader: str) -> tuple[str, ...]:
        """The contacts of an account without ``reader``, or without its own contact where that is empty."""
        ...

    async def preview(self, case_id: str, message_id: str) -> Draft:
        """A draft as it stands. Raises ``PermanentFault(UnknownMessage)`` where there is none."""
        ...

    def digest(self, request: SendDigest, card: Card, account_name: str) -> Letter:
        """All that one member of the team must be told now about a case, in one letter."""
        ...

    def notice(self, request: NotifyTeam, card: Card, account_name: str) -> Letter:
        """A notice about a step to one member of the team."""
        ...
