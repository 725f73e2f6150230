"""A company's portfolio as its systems export it: one model per CSV row, and what an import reports.

Rows are facts of a file, read once. ``line`` is where a row starts in its file, counted from 1 with the header.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from models.account import CustomerType, MidTerm, Money
from models.base import Id, Record, Text, Utc
from models.billing import Tax
from models.calendar import ZERO, Offset
from models.directory import Week
from models.people import PersonId, RoleId
from models.starts import SaveStart
from models.told import FigureRow, PaymentRow, Row, SignalRow


class Locale(StrEnum):
    """The languages that the product writes to people in."""

    EN = "en"
    MS = "ms"
    ID = "id"


class TicketSeverity(StrEnum):
    """How badly a support ticket hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Sentiment(StrEnum):
    """The tone of a support ticket (RISK-20)."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Fact(StrEnum):
    """What an inbound line is: a signal of risk, or something that a person asks for."""

    RISK_SIGNAL = "risk_signal"
    OPEN_SAVE = "open_save"
    RUN_PLAYBOOK = "run_playbook"


class PersonRow(Row):
    """A member of the team directory."""

    id: Id
    name: str
    email: str
    title: str
    phone: str = ""
    locale: Locale = Locale.EN
    time_zone: str
    holiday_region: str = ""
    week: Week | None = None
    roles: tuple[RoleId, ...] = ()
    active: bool = True


class AbsenceRow(Row):
    """A planned absence: local days of the person, the last one included."""

    person: PersonId
    first_day: date
    last_day: date
    reason: str = ""


class AccountRow(Row):
    """A customer. ``arr_minor`` and ``fee_minor`` (for ending early) are in minor units of ``currency``."""

    id: Id
    name: str
    arr_minor: int = Field(ge=0)
    currency: str
    customer_since: date | None = None
    tier: str = "standard"
    strategic: bool = False
    renewal_date: date | None = None
    locale: Locale = Locale.EN
    time_zone: str
    jurisdiction: str = ""
    customer_type: CustomerType = CustomerType.BUSINESS
    switching: bool = False
    expansion_potential: bool = False
    reference: bool = False
    term_ends: date | None = None
    notice: Offset = ZERO
    auto_renews: bool = False
    mid_term: MidTerm = MidTerm.ALLOWED
    fee_minor: int | None = Field(default=None, ge=0)
    tax: Tax | None = None
    tax_number: str = ""
    postal_address: str = ""
    bought_for: str = ""
    holiday_region: str = ""
    week: Week | None = None

    @property
    def arr(self) -> Money:
        """The yearly revenue with its currency."""
        return Money(minor=self.arr_minor, currency=self.currency)


class ContactRow(Row):
    """A person at the customer.

    ``primary`` is whom messages go to, ``email_only`` the wish not to be called (DIS-7), and ``may_cancel`` says that
    they have the authority to end the contract. ``sponsor`` is whether they are the executive sponsor; None where nobody
    said.
    """

    id: Id
    account: Id
    name: str
    email: str
    title: str = ""
    phone: str = ""
    locale: Locale = Locale.EN
    primary: bool = False
    email_only: bool = False
    may_cancel: bool = False
    sponsor: bool | None = None


class SeatRow(Row):
    """Who holds a role on an account, and who stands in for them."""

    account: Id
    role: RoleId
    person: PersonId
    deputy: PersonId | None = None


class UsageRow(Row):
    """One day of use of the product by one account; a day that is not in the file was not measured."""

    account: Id
    day: date
    active_users: int = Field(ge=0)
    logins: int = Field(ge=0)
    key_feature_events: int = Field(ge=0)


class TicketRow(Row):
    """A support ticket. ``csat`` is on a scale of 1 to 10 (RISK-82)."""

    id: Id
    account: Id
    opened_at: Utc
    answered_at: Utc | None = None
    closed_at: Utc | None = None
    severity: TicketSeverity = TicketSeverity.NORMAL
    sentiment: Sentiment = Sentiment.NEUTRAL
    csat: int | None = Field(default=None, ge=1, le=10)
    locale: Locale = Locale.EN
    subject: str
    text: str = ""


class NpsRow(Row):
    """An answer to "how likely are you to recommend us", 0 to 10."""

    account: Id
    contact: Id
    at: Utc
    score: int = Field(ge=0, le=10)
    comment: str = ""


class InboundRow(Row):
    """A fact that arrives: ``kind`` is the kind of the signal, or the reason that is given for a request."""

    id: Id
    at: Utc
    account: Id
    fact: Fact
    by: PersonId | None = None
    kind: Id
    playbook: Id | None = None
    detail: str = ""


class RunningCaseRow(Row):
    """A case that runs elsewhere until now. ``whys`` is the chain to its root cause, as far as it is known."""

    account_id: Id
    opened_at: Utc
    opened_by: PersonId
    reason: Text
    playbook: Id | None = None
    root_cause: Id | None = None
    whys: tuple[str, ...] = ()


class RunningStepRow(Row):
    """A step of such a case that was done already."""

    account_id: Id
    step_id: str
    by: PersonId
    at: Utc
    evidence: Text


class RowError(Record):
    """A cell or a row that was refused: what was wrong, and what would be right. Line 0 is the file itself."""

    file: str
    line: int
    field: str = ""
    wrong: str
    right: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.field}:" if self.field else ""
        return f"{place}:{column} {self.wrong}; right would be: {self.right}"


class RowNote(Record):
    """Something that was read otherwise than it was written, or that somebody should look at."""

    file: str
    line: int
    field: str = ""
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}"


class Portfolio(Record):
    """Every good row of a folder, with all errors and notes in the order of the files and lines."""

    people: tuple[PersonRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    seats: tuple[SeatRow, ...] = ()
    usage: tuple[UsageRow, ...] = ()
    tickets: tuple[TicketRow, ...] = ()
    nps: tuple[NpsRow, ...] = ()
    inbound: tuple[InboundRow, ...] = ()
    signals: tuple[SignalRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    errors: tuple[RowError, ...] = ()
    notes: tuple[RowNote, ...] = ()


class RunningCases(Record):
    """Cases with a past, ready to be started, and what was refused."""

    starts: tuple[SaveStart, ...] = ()
    errors: tuple[RowError, ...] = ()


class FileReport(Record):
    """What became of the good rows of one file."""

    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class ImportReport(Record):
    """What an import did, per file, and every row that it refused.

    ``accounts`` are those of which something new is known that detection reads.
    """

    files: tuple[FileReport, ...] = ()
    errors: tuple[RowError, ...] = ()
    notes: tuple[RowNote, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether every row of every file was taken."""
        return not self.errors

    @property
    def changes(self) -> int:
        """How many rows were created or changed; 0 when the same folder is imported again."""
        return sum(file.created + file.changed for file in self.files)
