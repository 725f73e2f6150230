"""Webhooks: what other systems are told of cases and alerts, and what they tell us. Ids alone, no personal data."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from models.base import Record, Utc
from models.people import PersonId


class EventName(StrEnum):
    """What other systems are told."""

    RISK_DETECTED = "risk.detected"
    SAVE_STARTED = "save.started"
    COMMITMENT_MISSED = "commitment.missed"
    CONCESSION_APPROVED = "concession.approved"
    CANCELLATION_REQUESTED = "cancellation.requested"
    CANCELLATION_ACKNOWLEDGED = "cancellation.acknowledged"
    CANCELLATION_RESCINDED = "cancellation.rescinded"
    STEP_COMPLETED = "offboarding.step_completed"
    EXPORT_READY = "data.export_ready"
    ACCOUNT_DEACTIVATED = "account.deactivated"
    DATA_DELETED = "data.deleted"
    WIN_BACK_DUE = "winback.due"


class CaseEvent(Record):
    """Something that a line of a case's history means to other systems: ``n`` is the line, ``at`` its moment (UTC)."""

    name: EventName
    n: int
    at: Utc
    step: str = ""


class Announced(Record):
    """An event before it has its place: ``key`` makes it unique, ``stream`` is the case or the account it is counted in.

    ``facts`` are ids and words of our own vocabulary.
    """

    key: str
    stream: str
    name: EventName
    at: Utc
    account_id: str
    case_id: str = ""
    facts: dict[str, str] = {}


class OutgoingState(StrEnum):
    """Where an event stands: ``dead`` is one that was given up after every attempt."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class Outgoing(Record):
    """An event that is to be delivered, or was. ``body`` is what is signed and sent, ``due_at`` the next attempt (UTC).

    ``sequence`` counts the events of a stream from 1 on.
    """

    id: str
    stream: str
    sequence: int
    name: EventName
    account_id: str
    case_id: str = ""
    body: str
    at: Utc
    state: OutgoingState = OutgoingState.WAITING
    attempts: int = 0
    due_at: Utc | None = None
    said: str = ""
    delivered_at: Utc | None = None


class Posted(Record):
    """What an endpoint answered: delivered where ``said`` is empty.

    ``wait`` is how long it asked us to wait, ``gone`` says that it wants no event any more.
    """

    said: str = ""
    wait: timedelta = timedelta()
    gone: bool = False


class Source(StrEnum):
    """Who sends webhooks to us."""

    SEGMENT = "segment"
    STRIPE = "stripe"
    HUBSPOT = "hubspot"
    MAIL = "mail"
    SLACK = "slack"


class ReceivedState(StrEnum):
    """Where something received stands: ``failed`` waits for a person, who tries it again or puts it aside."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    DISMISSED = "dismissed"


class Received(Record):
    """Something that was sent to us, once by its source and id; the ``body`` is forgotten as soon as it is done.

    ``effect`` names what it brought about, so that another event of the same thing does not bring it about again.
    """

    source: Source
    id: str
    kind: str
    body: bytes = b""
    account_id: str = ""
    state: ReceivedState = ReceivedState.WAITING
    received_at: Utc
    attempts: int = 0
    due_at: Utc | None = None
    said: str = ""
    effect: str = ""
    done_at: Utc | None = None
    settled_by: PersonId | None = None


class Worked(Record):
    """What came of something received: a sentence, and what it brought about."""

    said: str
    effect: str = ""
    account_id: str = ""


class ReadSubscription(Record):
    """A subscription as the billing system shows it now.

    ``cancelled_at`` is when it was asked to end (UTC), None where it was not.
    ``ends_on`` is the first day that is not paid any more (UTC), ``feedback`` the billing system's own word for the reason.
    """

    id: str
    account_id: str
    cancelled_at: Utc | None = None
    ends_on: date | None = None
    feedback: str = ""


class ReadTask(Record):
    """A task as the CRM shows it now: of which case and step it is, whether it is completed, by whom and with what words.

    ``by`` is a person of the team directory, empty where nobody of it did.
    """

    id: str
    case_id: str
    step_id: str
    completed: bool = False
    by: PersonId = ""
    note: str = ""
