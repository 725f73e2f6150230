"""Messages to the customer: drafted by the system, released by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.work import DraftMessage, Receipt, ReleaseMessage

if TYPE_CHECKING:
    from adapters.email.port import EmailPort
    from adapters.letters.port import LettersPort


class MessageActivities:
    """What a case asks for to write to its customer."""

    def __init__(self, letters: LettersPort, email: EmailPort) -> None:
        self._letters = letters
        self._email = email

    @activity.defn
    @reporting_faults
    async def draft_message(self, request: DraftMessage) -> Receipt:
        """Keep a draft, once for the key. Fails with ``UnknownMessage`` for a template that is not there."""
        return await self._letters.draft(request)

    @activity.defn
    @reporting_faults
    async def release_message(self, request: ReleaseMessage) -> Receipt:
        """Check and send a draft, once for the key. Fails with ``MessageNotReady`` and what is missing, or ``Held``."""
        letter = await self._letters.compose(request)
        return await self._email.send(letter, request.key)
