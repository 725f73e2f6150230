"""A letter that leaves the house, and what the outbox keeps of it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Base64Bytes, Field, model_validator

from models.base import Id, Record, Utc
from models.chat import Answerable

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_MEDIA_TYPE = r"^[a-z]+/[a-z0-9][a-z0-9.+\-]*$"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def _one_line(value: str) -> str:
    if _BREAKS.search(value):
        raise ValueError("must be one line without control characters, since it becomes a mail header")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(_one_line(value)):
        raise ValueError("must be one plain mail address, like name@example.com")
    return value


def _file_name(value: str) -> str:
    if not _one_line(value).strip() or "/" in value or "\\" in value or value.startswith("."):
        raise ValueError("must be the plain name of a file, without a folder")
    return value


FileName = Annotated[str, AfterValidator(_file_name)]
"""The name under which a file arrives."""

HeaderLine = Annotated[str, AfterValidator(_one_line)]
"""Text that is safe in a mail header."""

Address = Annotated[str, AfterValidator(_address)]
"""One plain mail address."""


class Mailbox(Record):
    """An address with the name that is shown for it."""

    address: Address
    name: HeaderLine = ""


class MailTls(StrEnum):
    """How a mail server is spoken to: encrypted after STARTTLS, encrypted from the first byte, or in the clear."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class LetterKind(StrEnum):
    """Whom a letter is for."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Attachment(Record):
    """A file that goes with a letter: its bytes (kept as base64), or the id under which they are kept elsewhere.

    ``name`` says what it is, such as ``final_invoice``; ``file_name`` is what the reader sees. ``document`` is the id of a
    document, or of an invoice of billing.
    """

    name: Id
    file_name: FileName
    media_type: str = Field(pattern=_MEDIA_TYPE)
    content: Base64Bytes | None = None
    document: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> Attachment:
        if bool(self.content) == bool(self.document):
            raise ValueError("an attachment has either its content or the id under which it is kept")
        return self


class Letter(Record):
    """A finished mail to one recipient. ``in_reply_to`` is the Message-ID that it answers, without angle brackets.

    ``automatic``: nobody released it. ``unsubscribe``: its reader may ask for no more of them. ``chat``: a chat may carry
    it in place of the mail, with what can be answered there.
    """

    to: Mailbox
    sender: Mailbox
    reply_to: Mailbox | None = None
    subject: HeaderLine = Field(min_length=1, max_length=400)
    text: str = Field(min_length=1)
    html: str | None = None
    in_reply_to: HeaderLine | None = None
    kind: LetterKind = LetterKind.STAFF
    case_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    unsubscribe: bool = False
    chat: Answerable | None = None


class OutboxState(StrEnum):
    """Where a letter stands: intended, gone, kept back on purpose, refused for good, or handed over without an answer."""

    QUEUED = "queued"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"
    UNSURE = "unsure"


class OutboxEntry(Record):
    """A letter in the outbox. ``receipt`` is what the mail service answered; ``note`` says why it is held or failed."""

    key: str
    message_id: str
    state: OutboxState
    letter: Letter
    note: str = ""
    receipt: str = ""
    queued_at: Utc
    changed_at: Utc
    sent_at: Utc | None = None


class OutboundSwitch(Record):
    """The kill switch: while ``paused`` nothing leaves. ``by``, ``reason`` and ``at`` tell of its last change."""

    paused: bool = False
    by: str = ""
    reason: str = ""
    at: Utc | None = None
