"""What a sweep of the portfolio is asked and what it says (``HealthSweep``)."""

from __future__ import annotations

from pydantic import Field

from models.base import Id, Record, Request, Utc


class SweepStart(Request):
    """Sweep the whole portfolio, or judge one account at once."""

    account_id: Id | None = None


class FactArrived(Request):
    """Something new is known of the account, which is judged once more (signal ``fact_arrived``).

    Without one, of many accounts: the whole portfolio is swept once more.
    """

    account_id: Id | None = None


class TakeStock(Record):
    """Put aside the facts of the whole portfolio as they are at ``at`` (UTC), once for ``key``."""

    key: str
    at: Utc


class Stock(Record):
    """How many accounts were put aside, by bucket."""

    accounts: tuple[int, ...] = ()


class Span(Record):
    """The accounts of a part of a sweep: those of the buckets of the stock ``key``, or one account."""

    key: str = ""
    at: Utc
    buckets: tuple[int, ...] = ()
    account_id: Id | None = None


class Swept(Record):
    """What the scoring of a span came to. ``unjudged`` counts what could not be judged, by rule."""

    accounts: int = 0
    bands: dict[str, int] = Field(default_factory=dict)
    insufficient: int = 0
    raised: int = 0
    settled: int = 0
    unjudged: dict[str, int] = Field(default_factory=dict)


class Responses(Record):
    """What became of the alerts of a span, counted by account and what happened.

    ``failed`` accounts wait for a person; those that are ``left`` had a fault that may pass, and wait for the next sweep.
    """

    counts: dict[str, int] = Field(default_factory=dict)
    failed: int = 0
    left: int = 0


class Became(Record):
    """What a sweep came to for an account, and for which reasons; ``case`` is the workflow id of its case."""

    account_id: Id
    what: str
    why: str = ""
    case: str = ""


class SweepReport(Record):
    """How far a sweep is, and what it came to; ``finished_at`` is None while it goes on.

    ``parts_failed`` are those of which something could not be done, among ``parts_done``. ``became`` counts accounts by what
    became of them, once the whole portfolio is swept.
    """

    id: str = ""
    account_id: Id | None = None
    at: Utc | None = None
    finished_at: Utc | None = None
    parts: int = 0
    parts_done: int = 0
    parts_failed: int = 0
    swept: Swept = Swept()
    responses: Responses = Responses()
    became: dict[str, int] = Field(default_factory=dict)
