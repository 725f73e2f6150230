"""Reviews by the calendar: which there are, whom each one asks, and the case of one of them (RISK-121, METR-8..10)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from models.base import Command, Id, Record, Remark, Request, Utc
from models.calendar import Offset
from models.case import Case, CaseKind
from models.people import PersonId

PeriodName = Annotated[str, StringConstraints(pattern=r"^\d{4}-(\d{2}-\d{2}|W\d{2}|\d{2}|Q[1-4])$")]
"""A day, an ISO week, a month or a quarter of the calendar: 2026-11-27, 2026-W48, 2026-11, 2026-Q4."""


class Cadence(StrEnum):
    """How often a review is held; ``daily`` means from Monday to Friday."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class ReviewScope(StrEnum):
    """What one review is of: the saves of a manager's team, the accounts of a CSM, one strategic account, the company,
    or one account of which billing, access or the CRM says something else than the book.
    """

    TEAM = "team"
    CSM = "csm"
    STRATEGIC_ACCOUNT = "strategic_account"
    COMPANY = "company"
    DIFFERENCE = "difference"


_LAST_DAY = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 28, Cadence.QUARTERLY: 28}


class ReviewSpec(Request):
    """A review of the calendar; the playbook of its ``name`` says who owes it and until when.

    It is asked for at ``hour`` and ``minute`` on the ``day`` of its week (1 is Monday), month or quarter. What could not
    begin then begins late, once, for as long as ``catch_up``. ``asks`` are the questions that stand on its page.
    """

    name: Id
    scope: ReviewScope
    cadence: Cadence
    day: int = Field(default=1, ge=1)
    hour: int = Field(ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)
    catch_up: Offset
    asks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _on_a_day_of_each_period(self) -> ReviewSpec:
        last = _LAST_DAY[self.cadence]
        if self.day > last:
            raise ValueError(f"a {self.cadence} review has no day {self.day}; write 1 to {last}")
        return self


class ReviewsPolicy(Request):
    """The calendar of reviews, by the clock of one time zone; ``sample`` is how many letters a spot check is given,
    ``lines`` how many lines a table of a page shows at most, ``compares_for_days`` for how long
    those who left are compared.
    """

    time_zone: str = "UTC"
    sample: int = Field(default=10, ge=1, le=100)
    lines: int = Field(default=25, ge=1, le=500)
    compares_for_days: int = Field(default=90, ge=1, le=3_650)
    reviews: tuple[ReviewSpec, ...]

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"'{name}' is no time zone; write one such as Asia/Kuala_Lumpur") from None
        return name

    def spec(self, name: str) -> ReviewSpec | None:
        """The review of that name, or None."""
        return next((spec for spec in self.reviews if spec.name == name), None)


class ReviewStage(StrEnum):
    """The stages of a review."""

    ASKED = "asked"
    CLOSED = "closed"


class ReviewOutcome(StrEnum):
    """How a review ends: somebody confirmed that it was held, nobody did in time, or it must not have begun."""

    HELD = "held"
    NOT_HELD = "not_held"
    REJECTED = "rejected"


class ReviewStart(Request):
    """Begin the review of that name and period, of one ``subject``: a person or an account; none of the whole company."""

    review: Id
    subject: Id | None = None
    period: PeriodName

    @property
    def name(self) -> str:
        """What it is known by: the same review, subject and period are one review."""
        return ".".join(part for part in (self.review, self.subject, self.period) if part)


class ReviewRoundStart(Request):
    """Begin what is due of a review now, of one subject or of everybody."""

    review: Id
    subject: Id | None = None


class BeginReviews(Record):
    """Begin every review of that name that belongs to the period of ``at`` (UTC)."""

    review: str
    subject: str | None = None
    at: Utc


class Begun(Record):
    """The reviews of a round by name: those that began, and those that had begun before.

    ``nobody`` are the accounts that are in none, since nobody who could hold it is there.
    """

    begun: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()


class LoadReview(Record):
    """Read who holds a review, and who stands in for them."""

    review: str
    subject: str = ""


class PrepareReview(Record):
    """Prepare the page of a review that looks back from ``since`` until before ``until`` (days of the calendar)."""

    key: str
    case_id: str
    account_id: str
    review: str
    subject: str
    period: str
    title: str
    person: PersonId
    at: Utc
    since: date
    until: date


class ConfirmReview(Command):
    """A person confirms that the review was held, and says in a sentence what was found and decided."""

    notes: Remark = ""


class ReviewCase(Case):
    """One review: whom it asked, and whether it was held. ``asked_at`` is since when its person knows (UTC)."""

    kind: CaseKind = CaseKind.REVIEW
    stage: ReviewStage = ReviewStage.ASKED
    outcome: ReviewOutcome | None = None
    review: str = ""
    subject: str = ""
    period: str = ""
    asked_at: Utc | None = None

    @property
    def name(self) -> str:
        """What it is known by."""
        return ReviewStart(review=self.review, subject=self.subject or None, period=self.period).name
