"""A Segment-shaped stream of messages: as it comes, as it is kept, and what reading it did."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from models.base import Id, Record, Utc
from models.portfolio import RowError

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Remark = Annotated[str, AfterValidator(lambda text: text[:500])]


class CallType(StrEnum):
    """What a message is: who a user is, what they did, or which account they belong to."""

    IDENTIFY = "identify"
    TRACK = "track"
    GROUP = "group"


class CallContext(Record):
    """What a message says beside its matter; some senders name the account here."""

    groupId: str = ""  # noqa: N815 the stream's own name


class Call(Record):
    """A message as it comes, in the names of the stream. ``groupId`` is the account."""

    type: CallType
    messageId: Name  # noqa: N815
    timestamp: AwareDatetime
    userId: str = Field(default="", max_length=200)  # noqa: N815
    anonymousId: str = Field(default="", max_length=200)  # noqa: N815
    groupId: str = ""  # noqa: N815
    event: str = Field(default="", max_length=200)
    context: CallContext = CallContext()
    properties: dict[str, Any] = Field(default_factory=dict)

    @property
    def user(self) -> str:
        """Whoever did it, by the id that is known."""
        return self.userId or self.anonymousId

    @property
    def account(self) -> str:
        """The account that the message itself names; empty where it names none."""
        return self.groupId or self.context.groupId


class StreamMessage(Record):
    """A message as it is kept, once ever for its id (unique)."""

    message_id: Name
    type: CallType
    at: Utc
    account_id: Id
    user_id: str = ""
    event: str = ""
    detail: Remark = ""


class IngestReport(Record):
    """What reading a stream did. ``accounts`` are those of which something new is known; ``unmapped`` events by name."""

    lines: int = 0
    new: int = 0
    known: int = 0
    days_changed: int = 0
    signals: int = 0
    payments: int = 0
    accounts: tuple[str, ...] = ()
    unmapped: dict[str, int] = Field(default_factory=dict)
    errors: tuple[RowError, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether every line was taken."""
        return not self.errors
