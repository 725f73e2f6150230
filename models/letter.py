"""A letter that leaves the house, and what the outbox keeps of it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from models.base import Record, Utc

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def _one_line(value: str) -> str:
    if _BREAKS.search(value):
        raise ValueError("must be one line without control characters, since it becomes a mail header")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(_one_line(value)):
        raise ValueError("must be one plain mail address, like name@example.com")
    return value


HeaderLine = Annotated[str, AfterValidator(_one_line)]
"""Text that is safe in a mail header."""

Address = Annotated[str, AfterValidator(_address)]
"""One plain mail address."""


class Mailbox(Record):
    """An address with the name that is shown for it."""

    address: Address
    name: HeaderLine = ""


class LetterKind(StrEnum):
    """Whom a letter is for."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Letter(Record):
    """A finished mail to one recipient. ``in_reply_to`` is the Message-ID that it answers, without angle brackets."""

    to: Mailbox
    sender: Mailbox
    reply_to: Mailbox | None = None
    subject: HeaderLine = Field(min_length=1, max_length=400)
    text: str = Field(min_length=1)
    html: str | None = None
    in_reply_to: HeaderLine | None = None
    kind: LetterKind = LetterKind.STAFF
    case_id: str = ""


class OutboxState(StrEnum):
    """Where a letter stands: intended, gone, kept back on purpose, or refused for good."""

    QUEUED = "queued"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"


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
