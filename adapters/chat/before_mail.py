"""Digests by chat, and by mail to whom the chat does not reach; every other letter is mail."""

from __future__ import annotations

import logging

from adapters.chat.port import ChatPort
from adapters.email.port import EmailPort
from models.faults import PermanentFault
from models.letter import Letter
from models.work import Receipt


class ChatBeforeMail:
    """EmailPort in which a chat carries what it may."""

    def __init__(self, chat: ChatPort, mail: EmailPort) -> None:
        self._chat = chat
        self._mail = mail

    async def send(self, letter: Letter, key: str) -> Receipt:
        """See EmailPort; a chat that says no for good keeps no digest from its reader, who gets it as mail."""
        receipt = await self._by_chat(letter, key) if letter.chat else None
        return receipt or await self._mail.send(letter, key)

    async def check(self) -> str:
        """See EmailPort; the chat is a part of its own."""
        return await self._mail.check()

    async def _by_chat(self, letter: Letter, key: str) -> Receipt | None:
        try:
            return await self._chat.deliver(letter, key)
        except PermanentFault as fault:
            logging.getLogger(__name__).warning("a digest goes by mail: %s", fault)
            return None
