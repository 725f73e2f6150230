"""The policy of leaving: what an account may count on when it cancels, by jurisdiction and type. Each value cites a rule.

Nothing here has a default: what a company owes to those who leave is written out (AMB-24, AMB-26). Not legal advice.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from models.account import Account, CustomerType
from models.base import Id, Request
from models.calendar import Clock, Offset
from models.people import RoleId

Rule = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=400)]
"""The requirement or the law that a value follows from, as a person would look it up."""

Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""An ISO 3166 code of a country, or of a part of one."""


class Cited(Request):
    """A value of the policy with the rule that it follows from."""

    rule: Rule


class Scope(Cited):
    """Whom a policy is for; what is left out restricts nothing. ``switching`` true: only under the EU Data Act."""

    jurisdictions: tuple[Place, ...] = ()
    customer_types: tuple[CustomerType, ...] = ()
    switching: bool | None = None

    def covers(self, account: Account) -> bool:
        """Whether the account is in the scope; a country covers all of its parts."""
        at_home = not self.jurisdictions or self._has_place(account.jurisdiction)
        of_type = not self.customer_types or account.customer_type in self.customer_types
        return at_home and of_type and self.switching in (None, account.switching)

    def is_within(self, other: Scope) -> bool:
        """Whether every account of this scope is also in the other; a scope is within itself."""
        places = not other.jurisdictions or (
            bool(self.jurisdictions) and all(map(other._has_place, self.jurisdictions))
        )
        types = not other.customer_types or (
            bool(self.customer_types) and set(self.customer_types) <= set(other.customer_types)
        )
        return places and types and other.switching in (None, self.switching)

    def meets(self, other: Scope) -> bool:
        """Whether an account could be in both scopes."""
        places = not (self.jurisdictions and other.jurisdictions) or (
            any(map(other._has_place, self.jurisdictions)) or any(map(self._has_place, other.jurisdictions))
        )
        types = not (self.customer_types and other.customer_types) or bool(
            set(self.customer_types) & set(other.customer_types)
        )
        return places and types and (self.switching is None or other.switching in (None, self.switching))

    def _has_place(self, place: str) -> bool:
        return any(_lies_in(place, own) for own in self.jurisdictions)


def _lies_in(place: str, other: str) -> bool:
    return place == other or place.startswith(f"{other}-")


class Attempts(Cited):
    """How many save attempts there are over all channels (CANC-41); ``strategic`` is for strategic accounts."""

    standard: int = Field(ge=0, le=1)
    strategic: int = Field(ge=0, le=2)


class OfferOrder(Cited):
    """Whether an offer may be shown only with the way to cancel beside it."""

    beside_cancel_route: bool


class WayOut(Cited):
    """How hard cancelling may be: the most steps, and whether signing in may be asked for."""

    most_steps: int = Field(ge=1, le=5)
    needs_login: bool


class ReceiptPart(StrEnum):
    """What a receipt says."""

    CONTENT = "content"
    RECEIVED_AT = "received_at"
    END_DATE = "end_date"


class Receipt(Cited):
    """The plain receipt: whether it goes out by itself at once, and what it says."""

    at_once: bool
    contents: tuple[ReceiptPart, ...] = Field(min_length=1)


class Limit(Request):
    """A length of time, and how it counts."""

    within: Offset
    clock: Clock = Clock.ELAPSED


class Acknowledgement(Cited):
    """When the personal acknowledgement must be out: ``soft`` warns, ``hard`` is the breach (CANC-20)."""

    soft: Limit
    hard: Limit


class FollowUp(Cited, Limit):
    """The promised follow-up, counted from the acknowledgement (CANC-27)."""


class NoticeCap(Cited):
    """What of the contract's end binds the customer: the longest notice (none: as agreed), and whether its term does."""

    maximum: Offset | None
    term_binds: bool


class Transition(Cited):
    """The longest time from the end of the notice until the service ends, with the service on; none: as agreed."""

    maximum: Offset | None


class DefaultEnd(Cited):
    """When an account ends whose customer named no date, counted from the confirmation; ``fast`` by the fast plan."""

    after_confirmation: Offset
    fast: Offset | None = None


class Retention(Cited):
    """How long data can be fetched after closure, when it is deleted, and when the backups are purged by (AMB-24).

    ``hold_review``: after how long a legal hold without a date is decided anew.
    """

    retrievable: Offset
    kept: Offset
    backups_purged_by: Offset
    hold_review: Offset


class Charge(StrEnum):
    """Whether something may be charged for."""

    NONE = "none"
    SEPARATE_LINE = "separate_line"


class Charges(Cited):
    """What may be charged: the contract's fee for ending early, and switching itself."""

    early_termination: Charge
    switching: Charge


class ApprovalReason(StrEnum):
    """What makes somebody look at a cancellation before it is confirmed (CANC-14, AMB-15).

    ``unusual`` are circumstances that a person names as the wish is validated; the others are found.
    """

    HIGH_VALUE = "high_value"
    REMAINING_TERM = "remaining_term"
    NOTICE = "notice"
    UNUSUAL = "unusual"


class ApprovalRule(Cited, Limit):
    """Who looks at it and within what time; what is late goes up the ladder of the step (CANC-48)."""

    when: ApprovalReason
    role: RoleId


class WaiverRule(Cited):
    """Who may waive notice and term for a customer in hardship (CANC-47)."""

    role: RoleId


class SurveyAnchor(StrEnum):
    """What the exit survey is counted from (DIS-20)."""

    CONFIRMED = "confirmed"
    CLOSED = "closed"


class Survey(Cited):
    """When the exit survey goes out."""

    counts_from: SurveyAnchor
    after: Offset


class WinBackLimits(Cited):
    """The least time between two contacts, and when somebody inside is reminded, counted from closure (DIS-21)."""

    contact_every: Offset
    reminders: tuple[Offset, ...]


class OffboardingName(StrEnum):
    """The plans of offboarding."""

    STANDARD = "standard"
    FAST = "fast"
    EU_SWITCHING = "eu_switching"


class Offboarding(Cited):
    """Which plan an offboarding follows."""

    plan: OffboardingName


class PersonalData(Cited):
    """The clocks of a person's request for their data; ``extension`` is what it may be prolonged by (AMB-26)."""

    law: str = Field(min_length=2, max_length=40)
    confirm: Limit | None = None
    answer: Limit
    extension: Offset


class LeavingPolicy(Request):
    """What holds when an account of its scope leaves."""

    name: Id
    title: str = Field(min_length=3, max_length=200)
    applies_to: Scope
    attempts: Attempts
    offers: OfferOrder
    way_out: WayOut
    receipt: Receipt
    acknowledgement: Acknowledgement
    follow_up: FollowUp
    notice: NoticeCap
    transition: Transition
    default_end: DefaultEnd
    retention: Retention
    charges: Charges
    approvals: tuple[ApprovalRule, ...]
    waiver: WaiverRule
    survey: Survey
    win_back: WinBackLimits
    offboarding: Offboarding
    personal_data: tuple[PersonalData, ...] = Field(min_length=1)
