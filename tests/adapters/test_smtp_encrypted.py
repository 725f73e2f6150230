"""Mail servers with encryption and passwords: certificates are verified, and no letter goes in the clear."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from pydantic import SecretStr

from adapters.database import Database
from adapters.email.smtp import SmtpEmail
from models.faults import PermanentFault, TransientFault
from models.letter import Letter, Mailbox, MailTls
from tests.mail_server import MailServer, mail_server

ENCRYPTED = [MailTls.STARTTLS, MailTls.TLS]
LETTER = Letter(
    to=Mailbox(address="li@customer.example"),
    sender=Mailbox(address="care@house.example", name="Mira Tan"),
    subject="Your export",
    text="Hello.",
    case_id="case-1",
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority: trustme.CA) -> ssl.SSLContext:
    """The certificates of this machine, with the self-made authority among them."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def serving(
    authority: trustme.CA, tls: MailTls, name: str = "127.0.0.1", until: datetime | None = None, **options: Any
) -> AsyncIterator[MailServer]:
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=until).configure_cert(certificate)
    async with mail_server(tls, certificate, **options) as server:
        yield server


@pytest.mark.parametrize("tls", ENCRYPTED)
async def test_a_letter_goes_encrypted(
    authority: trustme.CA, trusted: ssl.SSLContext, database: Database, tls: MailTls
) -> None:
    async with serving(authority, tls) as server:
        smtp = SmtpEmail(server.at(tls), database, trusted=trusted)
        await smtp.send(LETTER, "key-1")
        assert server.clear == [False]
        assert await smtp.check() == ""


@pytest.mark.parametrize("tls", ENCRYPTED)
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"until": datetime.now(UTC) - timedelta(days=1)}, "certificate has expired"),
        ({"name": "other.example"}, "IP address mismatch"),
    ],
)
async def test_a_wrong_certificate_gets_no_letter_and_is_told(
    authority: trustme.CA,
    trusted: ssl.SSLContext,
    database: Database,
    tls: MailTls,
    wrong: dict[str, Any],
    why: str,
) -> None:
    async with serving(authority, tls, **wrong) as server:
        smtp = SmtpEmail(server.at(tls), database, trusted=trusted)
        with pytest.raises(TransientFault, match=f"certificate cannot be trusted .*{why}.*renew it"):
            await smtp.send(LETTER, "key-1")
        assert why in await smtp.check()
        assert server.raw == []


async def test_the_machine_decides_whom_it_trusts(authority: trustme.CA, database: Database) -> None:
    async with serving(authority, MailTls.STARTTLS) as server:
        with pytest.raises(TransientFault, match="certificate cannot be trusted"):
            await SmtpEmail(server.at(MailTls.STARTTLS), database).send(LETTER, "key-1")
        assert server.raw == []


async def test_a_server_that_offers_no_encryption_gets_no_letter(database: Database) -> None:
    async with mail_server() as server:
        with pytest.raises(TransientFault, match="offers no encryption"):
            await SmtpEmail(server.at(MailTls.STARTTLS), database).send(LETTER, "key-1")
        assert server.raw == []


async def test_a_port_of_the_other_kind_is_told(database: Database) -> None:
    async with mail_server() as server:
        with pytest.raises(TransientFault, match="check FOLLOWTHROUGH_SMTP_TLS against the port"):
            await SmtpEmail(server.at(MailTls.TLS), database).send(LETTER, "key-1")


SECRET = "korrekt-pferd-7"


def known(server: MailServer, tls: MailTls, password: str) -> Any:
    server.login = (b"care", SECRET.encode())
    return server.at(tls, user="care", password=SecretStr(password))


async def test_the_right_password_opens(authority: trustme.CA, trusted: ssl.SSLContext, database: Database) -> None:
    async with serving(authority, MailTls.STARTTLS, with_login=True, auth_required=True) as server:
        smtp = SmtpEmail(known(server, MailTls.STARTTLS, SECRET), database, trusted=trusted)
        await smtp.send(LETTER, "key-1")
        assert await smtp.check() == ""
        assert len(server.raw) == 1


async def test_a_wrong_password_goes_to_a_person_and_is_never_shown(
    authority: trustme.CA, trusted: ssl.SSLContext, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with serving(authority, MailTls.STARTTLS, with_login=True, auth_required=True) as server:
        wrong = known(server, MailTls.STARTTLS, "falsch-pferd-8")
        smtp = SmtpEmail(wrong, database, trusted=trusted)
        with pytest.raises(
            PermanentFault, match="put FOLLOWTHROUGH_SMTP_USER and FOLLOWTHROUGH_SMTP_PASSWORD"
        ) as refused:
            await smtp.send(LETTER, "key-1")
        shown = f"{refused.value.sentence} {refused.value.__cause__!r} {wrong!r} {await smtp.check()}"
        assert "falsch" not in shown
        assert "falsch" not in "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
        assert server.raw == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_server_that_wants_a_password_says_so(database: Database) -> None:
    async with mail_server(with_login=True, auth_required=True, auth_require_tls=False) as server:
        with pytest.raises(PermanentFault, match="FOLLOWTHROUGH_SMTP_USER"):
            await SmtpEmail(server.at(), database).send(LETTER, "key-1")
