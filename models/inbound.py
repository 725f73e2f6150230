"""What comes in and may be a request to cancel: as it was read, what was judged of it, and how it is kept (CANC-10)."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

from models.base import Id, Record, Utc
from models.cancellation import RequestChannel, Scope
from models.people import PersonId


class Attachment(Record):
    """A file that came along: its name, its size in bytes and what it holds by its SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


class Arrival(Record):
    """A mail, ticket, form or note as it was read; none of its texts holds a control character but the line's end.

    ``sender`` is an address in small letters, ``text`` all that was written, what it quotes included. ``account_id`` and
    ``contact`` (an id, an address or a name) are what it names itself. ``stated``: its form means nothing but a
    cancellation. ``automatic``: a machine wrote it. ``doubt`` is why its sender may be another. ``at`` (UTC) is when it
    was received.
    """

    id: Id
    channel: RequestChannel
    source: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    at: Utc | None = None
    account_id: str = ""
    contact: str = ""
    taken_by: str = ""
    stated: bool = False
    exit_date: date | None = None
    scope: Scope | None = None
    reason: str = ""
    no_sales_contact: bool = False
    automatic: bool = False
    doubt: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what it says, wherever it was found and whenever it came."""
        return hashlib.sha256(self.model_dump_json(exclude={"source", "at", "doubt"}).encode()).hexdigest()


class InboxReason(StrEnum):
    """Why a person looks at what came in."""

    UNREADABLE = "unreadable"
    AUTOMATIC = "automatic"
    NOT_A_CANCELLATION = "not_a_cancellation"
    OWN_TEAM = "own_team"
    UNKNOWN_PERSON = "unknown_person"
    SENDER_DOUBTED = "sender_doubted"
    UNKNOWN_SENDER = "unknown_sender"
    NOT_A_CONTACT = "not_a_contact"
    UNKNOWN_ACCOUNT = "unknown_account"
    SEVERAL_ACCOUNTS = "several_accounts"
    ACCOUNT_LEFT = "account_left"
    UNCLEAR = "unclear"
    STALE = "stale"
    CHANGED = "changed"
    REFUSED = "refused"


class Judged(Record):
    """What was found in it. Without a ``reason`` it is sure; with one, ``why`` says it to a person in a sentence.

    ``account_id`` and ``contact_id`` are then what seems likely. ``detail`` is what the case is told besides.
    """

    reason: InboxReason | None = None
    why: str = ""
    account_id: str = ""
    contact_id: str = ""
    may_cancel: bool = False
    exit_date: date | None = None
    scope: Scope = Scope.WHOLE
    no_sales_contact: bool = False
    detail: str = ""


class InboxState(StrEnum):
    """Where it stands: on its way to the case, with the case, before a person, or put aside by one."""

    ON_ITS_WAY = "on_its_way"
    HANDED_ON = "handed_on"
    WAITING = "waiting"
    DISMISSED = "dismissed"


OPEN_STATES = (InboxState.WAITING, InboxState.ON_ITS_WAY)


class Kept(Record):
    """Something that came in, and what became of it. ``said`` is what the case answered."""

    arrival: Arrival
    judged: Judged
    state: InboxState
    kept_at: Utc
    said: str = ""
    sorted_by: PersonId | None = None
    sorted_at: Utc | None = None
    sorted_why: str = ""

    @property
    def received_at(self) -> Utc:
        """When it was received (UTC); when it was kept, where its source gives no moment or one that was still to come."""
        return min(self.arrival.at or self.kept_at, self.kept_at)

    @property
    def id(self) -> str:
        """Its id, made of that of the mail, the ticket or the form."""
        return self.arrival.id
