"""What a value report and the page of a review show of an account: its value, its tickets, its NPS, what was promised."""

from __future__ import annotations

from datetime import date

from models.base import Record, Utc
from models.people import PersonId
from models.promise import Commitment
from models.usage import Period
from models.value import ValueSummary


class TicketFigures(Record):
    """Support tickets of a period: opened in it and in the one before, closed in it, and open at its end."""

    opened: int = 0
    opened_before: int = 0
    closed: int = 0
    still_open: int = 0


class Score(Record):
    """An answer to "would you recommend us", 0 to 10, and its day."""

    score: int
    day: date


class ValueReport(Record):
    """What happened for a customer in a period, as of a moment (POST-1..3, POST-6, POST-12).

    ``unmeasured`` are the days that it should be about, where nothing was measured in them: the summary is of the last
    days that were. ``titles`` are those in other languages by language, ``names`` whom a promise is owed by, as people are
    called. ``nps_before`` is the last answer up to the anchor, such as the save; ``nps_since`` the last one
    after it.
    """

    title: str
    titles: dict[str, str] = {}
    names: dict[PersonId, str] = {}
    summary: ValueSummary
    tickets: TicketFigures
    nps_before: Score | None = None
    nps_since: Score | None = None
    commitments: tuple[Commitment, ...] = ()
    unmeasured: Period | None = None
    at: Utc
