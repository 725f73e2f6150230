"""What a case knows that is led with a customer: who was spoken to, how they want to be met, what was seen of risk."""

from __future__ import annotations

from models.base import Record, Utc
from models.case import Case
from models.concession import CarriedOffer
from models.people import PersonId
from models.personal import PersonsRequest
from models.plan import Channel

STATEMENT = "statement"
"""The kind of the line of a history that says which statement was tagged; its text begins with the code (RISK-25)."""


class ContactAttempt(Record):
    """A contact with the customer that was made or tried.

    ``n`` counts the contacts of the case, ``unanswered`` how many in a row nobody answered, this one included: a case
    that carries only the last contacts still knows both.
    """

    at: Utc
    by: PersonId
    channel: Channel
    answered: bool
    summary: str
    n: int = 0
    unanswered: int = 0


class RiskFact(Record):
    """A risk signal or a tagged statement that was attached to the case."""

    at: Utc
    kind: str
    detail: str
    by: PersonId | None = None


class CustomerCase(Case):
    """A case that is led with a customer: a save attempt, a recovery.

    It carries the last contacts and facts, and of each kind of fact the latest; the timeline in the book has them all.
    ``carried_offers`` are those that an earlier case left in force, to be seen through once the plan is there, and
    ``taken_over`` the cases whose promises and offers it heard of while it was open. ``personal_requests`` are what
    people asked for about their own data (AMB-26).
    """

    contacts: tuple[ContactAttempt, ...] = ()
    prefers_email: bool = False
    facts: tuple[RiskFact, ...] = ()
    closing_evidence: str = ""
    carried_offers: tuple[CarriedOffer, ...] = ()
    taken_over: tuple[str, ...] = ()
    personal_requests: tuple[PersonsRequest, ...] = ()

    @property
    def contacts_made(self) -> int:
        """How many contacts were made or tried in all."""
        return self.contacts[-1].n if self.contacts else 0
