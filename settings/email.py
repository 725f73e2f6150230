"""The settings of email: the outbox alone, or a mail server."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, SecretStr

from models.letter import MailTls
from settings.part import LOOPBACK, PartSettings, unless

_SENDER = r"^[!-?A-~]+@[A-Za-z0-9.\-]+$"


class EmailPart(StrEnum):
    """Where email goes."""

    OUTBOX = "outbox"
    SMTP = "smtp"


class EmailSettings(PartSettings):
    """Who sends mail, and from which address."""

    email: EmailPart = Field(default=EmailPart.OUTBOX, description="outbox or smtp")
    smtp_host: str = Field(
        default="", pattern=r"^[A-Za-z0-9.:\-]*$", description="the name of the mail server, like smtp.example.com"
    )
    smtp_port: int = Field(default=0, ge=0, le=65535, description="the port of the mail server, like 587")
    smtp_tls: MailTls = Field(default=MailTls.STARTTLS, description="starttls, tls or none")
    smtp_user: str = Field(default="", description="the user at the mail server, or nothing")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="the password of that user, or nothing")
    smtp_timeout: float = Field(default=20, ge=1, le=25, description="seconds for a letter, from 1 to 25")
    sender: str = Field(
        default="care@tanglin-cloud.example",
        pattern=_SENDER,
        description="the address that mail comes from, in plain letters",
    )

    @property
    def mail_stays_here(self) -> bool:
        """Whether the mail server is one on this machine."""
        return self.smtp_host in LOOPBACK

    def lacking(self) -> list[str]:
        """What the mail server still needs."""
        if self.email is not EmailPart.SMTP:
            return super().lacking()
        secret = bool(self.smtp_password.get_secret_value())
        needed = {
            "SMTP_HOST is not set; FOLLOWTHROUGH_EMAIL=smtp needs the name of the mail server.": bool(self.smtp_host),
            "SENDER is not set; FOLLOWTHROUGH_EMAIL=smtp needs the address that mail comes from.": self.given("sender"),
            "SMTP_TLS is 'none'; that is for a mail server on this machine only, set starttls or tls.": self.mail_stays_here
            or self.smtp_tls is not MailTls.NONE,
            "SMTP_PASSWORD is not set; FOLLOWTHROUGH_SMTP_USER needs it.": secret or not self.smtp_user,
            "SMTP_USER is not set; FOLLOWTHROUGH_SMTP_PASSWORD belongs to a user.": bool(self.smtp_user) or not secret,
        }
        return super().lacking() + unless(needed)
