"""A mail server that nobody here wrote (aiosmtpd), on 127.0.0.1: it keeps what it takes, and fails as it is told to."""

from __future__ import annotations

import asyncio
import email.policy
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.email.smtp import SmtpServer
from models.letter import MailTls

Act = Callable[[SMTP], str]
"""What the server does when it has the whole letter: the answer that it gives."""


class MailServer:
    """The mails that arrived, and the answers to come; without any it says yes."""

    def __init__(self) -> None:
        self.port = 0
        self.raw: list[bytes] = []
        self.to: list[str] = []
        self.answers: dict[str, deque[str]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self.after_data: deque[Act] = deque()
        self.clear: list[bool] = []
        self.login: tuple[bytes, bytes] | None = None
        self.options: dict[str, Any] = {}
        self.wrapped: ssl.SSLContext | None = None
        self.serving: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, on the same port as before."""
        loop = asyncio.get_running_loop()
        made = partial(SMTP, self, loop=loop, hostname="sink.example", **self.options)
        self.serving = await loop.create_server(made, "127.0.0.1", self.port, ssl=self.wrapped)
        self.port = self.serving.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no connections any more."""
        if self.serving:
            self.serving.close()
            await self.serving.wait_closed()
            self.serving = None

    @property
    def mails(self) -> list[EmailMessage]:
        """What arrived, as a mail program reads it."""
        parsed = (email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw)
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]

    def at(self, tls: MailTls = MailTls.NONE, **more: Any) -> SmtpServer:
        """The server as settings name it."""
        named = {"host": "127.0.0.1", "port": self.port, "tls": tls, "own_name": "house.example", "timeout": 25}
        return SmtpServer(**named | more)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from, envelope.mail_options = address, options
        return self._next("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._next("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._next("DATA", "250 taken")
        if answer.startswith("250"):
            assert isinstance(envelope.original_content, bytes)
            self.raw.append(envelope.original_content)
            self.to += envelope.rcpt_tos
            self.clear.append(session.ssl is None and not server.transport.get_extra_info("sslcontext"))
        return self.after_data.popleft()(server) if self.after_data else answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=(given.login, given.password) == self.login, handled=False)

    def _next(self, stage: str, otherwise: str) -> str:
        return self.answers[stage].popleft() if self.answers[stage] else otherwise


def hang_up(server: SMTP) -> str:
    """Take the letter and say nothing."""
    server.transport.abort()
    return "250 nobody hears this"


def half_an_answer(server: SMTP) -> str:
    """Take the letter and break off in the middle of the answer."""
    server.transport.write(b"25")
    server.transport.close()
    return "250 nobody hears this"


@asynccontextmanager
async def mail_server(
    tls: MailTls = MailTls.NONE, certificate: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[MailServer]:
    """A server on a free port; ``options`` are those of aiosmtpd."""
    house = MailServer()
    if tls is MailTls.STARTTLS:
        options["tls_context"] = certificate
    if options.pop("with_login", False):
        options["authenticator"] = house.authenticate
    house.options, house.wrapped = options, certificate if tls is MailTls.TLS else None
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
