"""Offers to a customer and the approvals that they need: proposed, decided, answered, applied, ended (SAVE-37..51)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.account import Money
from models.base import Id, Record, Request, Utc
from models.calendar import ZERO, Offset
from models.offer import OfferKind
from models.people import PersonId, RoleId


class OfferState(StrEnum):
    """Where an offer stands. ``ended`` means that the standard price or the usual contract is in force again."""

    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"
    ENDED = "ended"


class ApprovalState(StrEnum):
    """Where an approval stands; ``lapsed`` is one that nobody needs any more."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


class PriceTerm(Record):
    """So many percent off from the ``first`` to the ``last`` month after acceptance, both included and counted from 1."""

    pct: int
    first: int
    last: int


class Detail(Record):
    """Something that an offer of its kind must say, such as the metric of a guarantee."""

    name: str
    text: str


class Offer(Record):
    """A concession that was put to the customer (SAVE-37).

    ``offer`` is its id in the playbook or policy. The headline is its highest rate, which decides who approves it; the
    blended one is that of the first twelve months, in hundredths of a percent (DIS-12). ``starts`` is the billing date of
    its first day, ``ends_at`` the moment (UTC) from which the standard price or the usual contract holds again.
    ``carried_from`` is the save case that applies it; a recovery only sees it through.
    """

    id: str
    offer: str = ""
    kind: OfferKind | None = None
    title: str
    state: OfferState = OfferState.AWAITING_APPROVAL
    headline_pct: int = 0
    blended_bp: int = 0
    cost_per_year: Money = Money()
    terms: tuple[PriceTerm, ...] = ()
    lasts: Offset = ZERO
    details: tuple[Detail, ...] = ()
    tied_to: str = ""
    tie_ref: str = ""
    reason: str = ""
    proposed_by: PersonId = ""
    proposed_at: Utc | None = None
    expires_at: Utc | None = None
    answer: str = ""
    accepted_at: Utc | None = None
    starts: date | None = None
    ends_at: Utc | None = None
    steps: tuple[str, ...] = ()
    receipt: str = ""
    carried_from: str = ""
    revision: int = 0

    def detail(self, name: str) -> str:
        """What the offer says under that name; empty where it says nothing."""
        return next((detail.text for detail in self.details if detail.name == name), "")


class Approval(Record):
    """A decision that somebody with authority owes on an offer (``subject``); its id is that of its step in the plan.

    ``why`` says what brought it to that role, where that was more than the rate.
    """

    id: str
    subject: str
    role: RoleId
    state: ApprovalState = ApprovalState.PENDING
    due: Utc | None = None
    why: str = ""
    decided_by: PersonId | None = None
    decided_at: Utc | None = None
    reason: str = ""
    revision: int = 0


class Standing(Record):
    """What the book knows before an offer is made: the account's last price concession, and what this person gave away.

    ``spent`` is one amount per currency: what the proposer's price concessions of the quarter cost in a year.
    """

    last_accepted: Utc | None = None
    spent: tuple[Money, ...] = ()


class LoadStanding(Record):
    """Ask the book for the standing of an account and a proposer, without the offers of ``case_id``, which asks.

    Without a case and an account it is that of the person alone, with all that they gave.
    """

    case_id: str = ""
    account_id: str = ""
    person: PersonId
    quarter_start: Utc
    price_kinds: tuple[str, ...]


class StepDone(Request):
    """A step of an offer that was done before the case changed."""

    step_id: Id
    at: Utc
    decision: str = ""


class CarriedOffer(Request):
    """An offer that a won save leaves to be seen through: its terms, and which of its steps are behind it."""

    offer: Offer
    done: tuple[StepDone, ...] = ()
