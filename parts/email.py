"""Who sends mail, by the settings."""

from __future__ import annotations

from adapters.database import Database
from adapters.email.embedded import EmbeddedEmail
from adapters.email.port import EmailPort
from adapters.email.smtp import SmtpEmail, SmtpServer
from models.letter import MailTls
from settings.email import EmailPart, EmailSettings

_SMTP_PORTS = {MailTls.STARTTLS: 587, MailTls.TLS: 465, MailTls.NONE: 25}


def mail_service(settings: EmailSettings, database: Database) -> EmailPort:
    """Whoever sends mail, by the settings."""
    if settings.email is EmailPart.OUTBOX:
        return EmbeddedEmail(database)
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port or _SMTP_PORTS[settings.smtp_tls],
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password,
        own_name=settings.sender.rpartition("@")[2],
        timeout=settings.smtp_timeout,
    )
    return SmtpEmail(server, database)
