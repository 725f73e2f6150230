"""What a case knows that is led with a customer: who was spoken to, how they want to be met, what was seen of risk."""

from __future__ import annotations

from models.base import Record, Utc
from models.case import Case
from models.people import PersonId
from models.plan import Channel


class ContactAttempt(Record):
    """A contact with the customer that was made or tried."""

    at: Utc
    by: PersonId
    channel: Channel
    answered: bool
    summary: str


class RiskFact(Record):
    """A risk signal or a tagged statement that was attached to the case."""

    at: Utc
    kind: str
    detail: str
    by: PersonId | None = None


class CustomerCase(Case):
    """A case that is led with a customer: a save attempt, a recovery."""

    contacts: tuple[ContactAttempt, ...] = ()
    prefers_email: bool = False
    facts: tuple[RiskFact, ...] = ()
    closing_evidence: str = ""
