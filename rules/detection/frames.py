"""The frames that detection reads and writes: one row each, by natural key. Days are UTC dates.

A day that is absent was not measured; it is never zero. Frames may hold columns beyond these, in any order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

ACCOUNTS = pl.Schema(
    {
        "account_id": pl.String(),
        "arr_minor": pl.Int64(),
        "currency": pl.String(),
        "renewal_date": pl.Date(),
        "customer_since": pl.Date(),
        "strategic": pl.Boolean(),  # or a reference (RISK-99)
        "stakeholders": pl.Int64(),  # how many people of the customer are known; null: nobody counted
        "has_sponsor": pl.Boolean(),  # null: nobody said
        "payment": pl.String(),  # current, late or failed; null: not known
        "churned": pl.Boolean(),  # a former customer
        "case_open": pl.Boolean(),  # a save case is open
    }
)
USAGE = pl.Schema(
    {
        "account_id": pl.String(),
        "day": pl.Date(),
        "active_users": pl.Int64(),
        "logins": pl.Int64(),
        "key_feature_events": pl.Int64(),
    }
)
SCORES = pl.Schema({"account_id": pl.String(), "day": pl.Date(), "score": pl.Float64()})
GIVEN = pl.Schema({"account_id": pl.String(), "day": pl.Date(), "metric": pl.String(), "value": pl.Float64()})
TICKETS = pl.Schema(
    {
        "id": pl.String(),
        "account_id": pl.String(),
        "opened_at": pl.Datetime("us", "UTC"),
        "sentiment": pl.String(),
        "csat": pl.Int64(),  # 0 to 10; null: not rated
    }
)
NPS = pl.Schema({"account_id": pl.String(), "at": pl.Datetime("us", "UTC"), "score": pl.Int64()})
SIGNALS = pl.Schema(
    {"account_id": pl.String(), "at": pl.Datetime("us", "UTC"), "kind": pl.String(), "source": pl.String()}
)
KNOWN = pl.Schema(
    {
        "account_id": pl.String(),
        "rule": pl.String(),
        "open": pl.Boolean(),
        "held": pl.Boolean(),
        "told_at": pl.Datetime("us", "UTC"),
    }
)
"""What earlier sweeps left: whether an alert of the rule is open, whether the rule held at the last sweep, and the last
fact that it had then."""


def _by_name(rows: pl.Schema) -> pl.Schema:
    """The same columns with the account's name in place of its number."""
    return pl.Schema({"account_id": pl.String()} | {name: kind for name, kind in rows.items() if name != "account"})


NUMBER = pl.UInt32
"""The number of an account: half as wide as a count, and what Polars itself numbers rows by."""

FOUND_ROWS = pl.Schema(
    {
        "account": NUMBER(),
        "rule": pl.String(),
        "kind": pl.String(),
        "level": pl.String(),
        "family": pl.String(),
        "since": pl.Date(),
        "was": pl.Float64(),
        "now": pl.Float64(),
        "bound": pl.Float64(),
        "told_at": pl.Datetime("us", "UTC"),
    }
)
UNJUDGED_ROWS = pl.Schema({"account": NUMBER(), "rule": pl.String(), "why": pl.String(), "day": pl.Date()})
"""Inside, accounts go by their number in ``accounts``: numbers group and join several times as fast as names."""

FOUND = _by_name(FOUND_ROWS)
"""One rule, signal or combination that holds for an account; the figures are in the unit of the rule.

``told_at`` is the moment of the last fact or crossing that it rests on; null for what only goes on, as a low use.
"""

UNJUDGED = _by_name(UNJUDGED_ROWS)
"""One rule, or one bad row of facts, that nothing can be said by."""

HEALTH = pl.Schema(
    {
        "account_id": pl.String(),
        "day": pl.Date(),
        "score": pl.Float64(),
        "state": pl.String(),
        "available_percent": pl.Float64(),
    }
)
COMPONENTS = pl.Schema(
    {
        "account_id": pl.String(),
        "day": pl.Date(),
        "component": pl.String(),
        "weight": pl.Float64(),
        "value": pl.Float64(),
    }
)


class BadFrame(ValueError):
    """A frame without a column, or with one of another type: nothing can be judged by it."""


@dataclass(frozen=True)
class Facts:
    """All that is known of some accounts, each frame by its schema above.

    ``last_ticket`` is the day of the latest ticket of anybody, also of accounts that are not among these; without it these
    are all that there are.
    """

    accounts: pl.DataFrame
    usage: pl.DataFrame = field(default_factory=USAGE.to_frame)
    scores: pl.DataFrame = field(default_factory=SCORES.to_frame)
    given: pl.DataFrame = field(default_factory=GIVEN.to_frame)
    tickets: pl.DataFrame = field(default_factory=TICKETS.to_frame)
    nps: pl.DataFrame = field(default_factory=NPS.to_frame)
    signals: pl.DataFrame = field(default_factory=SIGNALS.to_frame)
    last_ticket: date | None = None


def shaped(frame: pl.DataFrame, schema: pl.Schema, name: str) -> pl.DataFrame:
    """The columns of the schema. Raises BadFrame where one is missing or of another type."""
    for column, kind in schema.items():
        there = frame.schema.get(column)
        if there is None:
            raise BadFrame(f"the frame '{name}' has no column '{column}'; it has {', '.join(frame.columns)}")
        if there != kind:
            raise BadFrame(f"the column '{column}' of '{name}' is {there}; it should be {kind}")
    return frame.select(list(schema))
