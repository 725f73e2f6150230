"""Messages to the customer: drafted by the system, released by a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.faults import Held, PermanentFault, TransientFault
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
    async def send_letter(self, request: DraftMessage) -> Receipt:
        """Write and send a letter that nobody needs to release, once for the key, as the plan has it.

        Fails with ``MessageNotReady`` where a part of it is not known, so that a person sends it. One to the other
        contacts leaves once for each of them, and the receipt says how many they were.
        """
        if not request.to_others:
            return await self._sent(request)
        others = await self._letters.others(request.account_id, request.reader)
        faults = [fault for contact in others if (fault := await self._tried(_copy_for(request, contact)))]
        if faults:
            raise next((fault for fault in faults if not isinstance(fault, PermanentFault)), faults[0])
        return Receipt(id=f"{len(others)} letter(s) to other contacts", at=datetime.now(UTC))

    async def _tried(self, request: DraftMessage) -> Exception | None:
        """What kept one letter from leaving, so that it keeps back no other."""
        try:
            await self._sent(request)
        except (Held, PermanentFault, TransientFault) as fault:
            return fault
        return None

    async def _sent(self, request: DraftMessage) -> Receipt:
        await self._letters.draft(request.model_copy(update={"key": f"{request.key}/draft"}))
        letter = await self._letters.compose(_by_itself(request))
        return await self._email.send(letter.model_copy(update={"automatic": True}), request.key)

    @activity.defn
    @reporting_faults
    async def release_message(self, request: ReleaseMessage) -> Receipt:
        """Check and send a draft, once for the key. Fails with ``MessageNotReady`` and what is missing, or ``Held``."""
        letter = await self._letters.compose(request)
        return await self._email.send(letter, request.key)


def _copy_for(request: DraftMessage, contact: str) -> DraftMessage:
    own = {"key": f"{request.key}/{contact}", "message_id": f"{request.message_id}-{contact}", "reader": contact}
    return request.model_copy(update=own)


def _by_itself(letter: DraftMessage) -> ReleaseMessage:
    return ReleaseMessage(
        key=letter.key,
        case_id=letter.case_id,
        account_id=letter.account_id,
        message_id=letter.message_id,
        by=letter.signer,
        at=letter.at,
        stands_in_for=letter.stands_in_for,
    )
