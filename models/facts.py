"""What is known of an account from other systems: usage, tickets, NPS answers and inbound facts."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.base import Id, Record, Utc
from models.people import PersonId


class UsageFact(Record):
    """One measure of the product on one day, such as ``active_users``. Natural key: account, day, metric."""

    account_id: Id
    day: date
    metric: str
    value: float


class Ticket(Record):
    """A support ticket with its text, its tone (RISK-20) and its CSAT of 1 to 10 (RISK-82). Natural key: id.

    ``answered_at`` is when support first responded; ``closed_at`` when it was resolved.
    """

    id: Id
    account_id: Id
    opened_at: Utc
    answered_at: Utc | None = None
    closed_at: Utc | None = None
    severity: str = ""
    sentiment: str = ""
    csat: int | None = Field(default=None, ge=1, le=10)
    locale: str = "en"
    subject: str = ""
    text: str = ""


class NpsAnswer(Record):
    """An answer to "would you recommend us", 0 to 10. Natural key: account, contact, moment."""

    account_id: Id
    contact_id: str = ""
    at: Utc
    score: int = Field(ge=0, le=10)
    comment: str = ""


class InboundFact(Record):
    """Something that reached the company about an account: a risk signal or a request. Natural key: id.

    ``fact`` is ``risk_signal``, ``open_save`` or ``run_playbook``; ``kind`` is the kind of the signal or the reason of
    the request.
    """

    id: Id
    account_id: Id
    at: Utc
    fact: str = "risk_signal"
    kind: str
    playbook: str | None = None
    detail: str = ""
    by: PersonId | None = None
