"""The preparation brief: what a person must know before the first call of a save (CONV-8..13), and what it is made of."""

from __future__ import annotations

from datetime import date

from models.account import Money
from models.base import Record, Utc
from models.calendar import ZERO, Offset
from models.crm import AccountRecord, Contact, NoteRecord
from models.document import Document
from models.facts import InboundFact, NpsAnswer, Ticket, UsageFact
from models.offer import OfferKind, OfferSpec
from models.people import PersonId, RoleId, Seat
from models.plan import Plan
from models.usage import Measure, Period, Trend, Week


class Named(Record):
    """A person of the team with their name."""

    id: PersonId
    name: str = ""


class StatedCase(Record):
    """What the case says of why it is open; all of it may be unknown."""

    case_id: str = ""
    reason: str = ""
    root_cause: str | None = None
    opened_at: Utc | None = None


class BriefFacts(Record):
    """All that a brief is computed from. ``roles`` are those that the reader may speak for on this account."""

    account: AccountRecord
    reader: Named
    roles: tuple[RoleId, ...] = ()
    seats: tuple[Seat, ...] = ()
    people: tuple[Named, ...] = ()
    case: StatedCase = StatedCase()
    signals: tuple[InboundFact, ...] = ()
    usage: tuple[UsageFact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    nps: tuple[NpsAnswer, ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    contacts: tuple[Contact, ...] = ()
    plan: Plan
    module_offers: tuple[OfferSpec, ...] = ()
    budget: Budget | None = None


class ReasonSection(Record):
    """Section 1 (CONV-9): what they said, what the case found, and what reached us, the latest first."""

    stated: str = ""
    opened_at: Utc | None = None
    root_cause: str = ""
    category: str = ""
    signals: tuple[InboundFact, ...] = ()


class HistorySection(Record):
    """Section 2 (CONV-10). ``months`` is how long they are a customer; None where nobody recorded since when.

    ``bought_for`` is what they first bought it for; empty where nobody recorded it.
    """

    since: date | None = None
    months: int | None = None
    renewal_date: date | None = None
    days_to_renewal: int | None = None
    yearly: Money = Money()
    tier: str = ""
    bought_for: str = ""
    trend: Trend


class Count(Record):
    """How many there are of a kind."""

    kind: str
    count: int


class NpsLine(Record):
    """An NPS answer with the name of who gave it."""

    answer: NpsAnswer
    name: str = ""


class Compared(Record):
    """A metric in the period and in the one before; ``change_pct`` compares the averages of measured days."""

    now: Measure
    before: Measure
    change_pct: int | None = None
    averaged: bool = False
    weeks: tuple[Week, ...] = ()


class InteractionSection(Record):
    """Section 3 (CONV-11): all of the period, the latest first."""

    tickets: tuple[Ticket, ...] = ()
    still_open: int = 0
    severities: tuple[Count, ...] = ()
    sentiments: tuple[Count, ...] = ()
    nps: tuple[NpsLine, ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    usage: tuple[Compared, ...] = ()


class Approver(Record):
    """A role that approves, and who holds it on this account."""

    role: RoleId
    people: tuple[Named, ...] = ()
    up_to_pct: int | None = None
    needs_reason: bool = False


class OfferLine(Record):
    """An offer that may be made; ``approver`` is None where the reader may make it alone."""

    id: str
    kind: OfferKind | None = None
    what: tuple[str, ...]
    limit_pct: int | None = None
    approver: Approver | None = None


class Budget(Record):
    """What a person may give away in a quarter, and what is left; None where an amount cannot be converted."""

    person: PersonId
    since: Utc
    whole: Money
    left: Money | None = None


class OfferSection(Record):
    """Section 4 (CONV-12): what this reader may offer alone, and what needs whom; nobody approves their own.

    ``price`` says who says yes to a discount of this reader's, by its highest rate. ``blocked`` are kinds that the
    category of the root cause rules out (SAVE-47). Before a root cause is known
    nothing may be offered yet.
    """

    diagnosed: bool = False
    price: tuple[Approver, ...] = ()
    budget: Budget | None = None
    blocked: tuple[OfferKind, ...] = ()
    alone: tuple[OfferLine, ...] = ()
    approved: tuple[OfferLine, ...] = ()
    ties: tuple[str, ...] = ()
    cooldown: Offset = ZERO
    valid_for: Offset = ZERO
    approval_within: Offset = ZERO


class AlternativeSection(Record):
    """Section 5 (CONV-13). ``per_user`` is the use of key features per active user; None where it was not measured."""

    per_user: float | None = None
    measured_days: int = 0
    little: bool = False
    unused: tuple[Measure, ...] = ()
    offers: tuple[OfferLine, ...] = ()


class Brief(Record):
    """The five sections for one reader, as of a moment, over a stated period; ``contacts`` has whom to call first."""

    account_id: str
    account_name: str
    reader: Named
    roles: tuple[RoleId, ...] = ()
    at: Utc
    period: Period
    contacts: tuple[Contact, ...] = ()
    reason: ReasonSection
    history: HistorySection
    interactions: InteractionSection
    offers: OfferSection
    alternatives: AlternativeSection


class Prepared(Record):
    """A brief, and the page that shows it."""

    brief: Brief
    page: Document
