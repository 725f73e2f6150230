"""Mail by SMTP: one connection for each letter, handed over once for its key."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import aiosmtplib
from pydantic import SecretStr

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.email import mime
from adapters.email.handing_over import HandOver, unknown_delivery
from adapters.email.smtp_faults import fault_of, is_no
from models.base import Record
from models.case import RefusalType
from models.faults import PermanentFault
from models.letter import Letter, MailTls
from models.work import Receipt

_ENDS = (aiosmtplib.SMTPException, OSError, TimeoutError)
"""What a conversation with a server can end in."""


class SmtpServer(Record):
    """Where mail is handed over, and as whom.

    ``own_name`` is the domain that we give as ours, ``timeout`` is in seconds for a whole letter.
    """

    host: str
    port: int
    tls: MailTls
    user: str = ""
    password: SecretStr = SecretStr("")
    own_name: str
    timeout: float

    @property
    def where(self) -> str:
        """The server as messages name it."""
        return f"{self.host}:{self.port}"


class SmtpEmail:
    """EmailPort to a mail server. ``trusted`` decides which certificates hold; without it the machine's own do."""

    def __init__(
        self, server: SmtpServer, database: Database, now: Now = utc_now, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._hand_over = HandOver(database, now)
        self._now = now
        self._trusted = trusted or ssl.create_default_context()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, letter: Letter, key: str) -> Receipt:
        """See EmailPort."""
        async with self._turns.setdefault(key, asyncio.Lock()):
            known = await self._hand_over.before(letter, key)
            if isinstance(known, Receipt):
                return known
            mail = await asyncio.to_thread(mime.written, letter, known, self._now())
            return await self._sent(letter, key, known, mail)

    async def check(self) -> str:
        """See EmailPort: a connection, encrypted and logged in as for a letter."""
        try:
            async with asyncio.timeout(self._server.timeout), self._session():
                return ""
        except _ENDS as error:
            return str(fault_of(error, self._server.where, ""))

    async def _sent(self, letter: Letter, key: str, message_id: str, mail: bytes) -> Receipt:
        begun = False
        try:
            async with asyncio.timeout(self._server.timeout), self._session() as session:
                await _announce(session, letter, len(mail))
                await self._hand_over.begin(key)
                begun = True
                await session.data(mail)
        except _ENDS as error:
            if begun and not is_no(error):
                raise unknown_delivery(letter.case_id, key, message_id) from error
            if begun:
                await self._hand_over.not_taken(key)
            raise fault_of(error, self._server.where, letter.case_id) from error
        return await self._hand_over.taken(key, message_id)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A conversation with the server, encrypted and logged in as the settings say."""
        server = self._server
        session = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password.get_secret_value() or None,
            local_hostname=server.own_name,
            timeout=server.timeout,
            use_tls=server.tls is MailTls.TLS,
            start_tls=server.tls is MailTls.STARTTLS,
            tls_context=self._trusted,
        )
        try:
            await session.connect()
            await session.ehlo()
            yield session
        finally:
            _leave(session)


def _leave(session: aiosmtplib.SMTP) -> None:
    """Say goodbye without waiting for the answer, which says nothing of the letter."""
    if session.protocol and session.is_connected:
        session.protocol.write(b"QUIT\r\n")
    session.close()


async def _announce(session: aiosmtplib.SMTP, letter: Letter, size: int) -> None:
    """Say from whom, to whom and how large, so that a no comes before the letter does."""
    utf8 = mime.needs_utf8(letter)
    if utf8 and not session.supports_extension("smtputf8"):
        sentence = "Email: the mail server takes no address with such letters; find an address in plain letters."
        raise PermanentFault(RefusalType.MAIL_REFUSED, sentence)
    options = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
    if session.supports_extension("size"):
        options.append(f"SIZE={size}")
    encoding = "utf-8" if utf8 else "ascii"
    await session.mail(mime.on_the_wire(letter.sender.address), options=options, encoding=encoding)
    await session.rcpt(mime.on_the_wire(letter.to.address), encoding=encoding)
