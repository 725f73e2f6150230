"""Which files a portfolio has, which columns each of them has, and what every row must agree with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from adapters.portfolio import cells
from models.portfolio import (
    AbsenceRow,
    AccountRow,
    ContactRow,
    Fact,
    InboundRow,
    NpsRow,
    PersonRow,
    Row,
    RunningCaseRow,
    RunningStepRow,
    SeatRow,
    Sentiment,
    TicketRow,
    TicketSeverity,
    UsageRow,
)

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, the field that they fill, and whether a cell may be empty.

    A cell of a ``past`` column may not lie after the day that the import counts as today.
    """

    name: str
    read: Callable[[str], Any]
    field: str = ""
    optional: bool = False
    past: bool = False

    @property
    def fills(self) -> str:
        """The field of the row that the cell fills."""
        return self.field or self.name


@dataclass(frozen=True)
class Check(Generic[RowT]):
    """What the cells of one row must agree on; ``field`` is blamed where they do not."""

    holds: Callable[[RowT], bool]
    field: str
    wrong: str
    right: str


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """A file: the model of its rows, its columns, the fields that name a row once, and its checks."""

    file: str
    model: type[RowT]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    checks: tuple[Check[RowT], ...] = ()


def _shared_columns() -> tuple[Column, ...]:
    return (
        Column("locale", cells.locale, optional=True),
        Column("time_zone", cells.time_zone),
        Column("holiday_region", cells.holiday_region, optional=True),
        Column("working_hours", cells.working_hours, "week", optional=True),
    )


PEOPLE = Table(
    file="people.csv",
    model=PersonRow,
    columns=(
        Column("id", cells.identifier),
        Column("name", cells.line_of_text),
        Column("email", cells.email),
        Column("title", cells.line_of_text),
        Column("phone", cells.line_of_text, optional=True),
        *_shared_columns(),
        Column("roles", cells.roles, optional=True),
        Column("active", cells.yes_or_no, optional=True),
    ),
    key=("id",),
    required=True,
)

ABSENCES = Table(
    file="absences.csv",
    model=AbsenceRow,
    columns=(
        Column("person", cells.identifier),
        Column("first_day", cells.day),
        Column("last_day", cells.day),
        Column("reason", cells.line_of_text, optional=True),
    ),
    key=("person", "first_day"),
    checks=(
        Check(
            lambda row: row.last_day >= row.first_day,
            "last_day",
            "the absence ends before it starts",
            "a day that is not before first_day",
        ),
    ),
)

ACCOUNTS = Table(
    file="accounts.csv",
    model=AccountRow,
    columns=(
        Column("id", cells.identifier),
        Column("name", cells.line_of_text),
        Column("arr", cells.amount, "arr_minor"),
        Column("currency", cells.currency),
        Column("customer_since", cells.day, optional=True, past=True),
        Column("tier", cells.identifier, optional=True),
        Column("strategic", cells.yes_or_no, optional=True),
        Column("renewal_date", cells.day, optional=True),
        Column("jurisdiction", cells.identifier, optional=True),
        *_shared_columns(),
    ),
    key=("id",),
    required=True,
)

CONTACTS = Table(
    file="contacts.csv",
    model=ContactRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("name", cells.line_of_text),
        Column("email", cells.email),
        Column("title", cells.line_of_text, optional=True),
        Column("phone", cells.line_of_text, optional=True),
        Column("locale", cells.locale, optional=True),
        Column("primary", cells.yes_or_no, optional=True),
        Column("email_only", cells.yes_or_no, optional=True),
        Column("may_cancel", cells.yes_or_no, optional=True),
    ),
    key=("id",),
)

SEATS = Table(
    file="seats.csv",
    model=SeatRow,
    columns=(
        Column("account", cells.identifier),
        Column("role", cells.identifier),
        Column("person", cells.identifier),
        Column("deputy", cells.identifier, optional=True),
    ),
    key=("account", "role"),
    checks=(
        Check(
            lambda row: row.deputy != row.person,
            "deputy",
            "the deputy is the person they stand in for",
            "another person, or nothing",
        ),
    ),
)

USAGE = Table(
    file="usage.csv",
    model=UsageRow,
    columns=(
        Column("account", cells.identifier),
        Column("date", cells.day, "day", past=True),
        Column("active_users", cells.count),
        Column("logins", cells.count),
        Column("key_feature_events", cells.count),
    ),
    key=("account", "day"),
)

TICKETS = Table(
    file="tickets.csv",
    model=TicketRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("opened_at", cells.moment, past=True),
        Column("answered_at", cells.moment, optional=True, past=True),
        Column("closed_at", cells.moment, optional=True, past=True),
        Column("severity", cells.one_of(TicketSeverity), optional=True),
        Column("sentiment", cells.one_of(Sentiment), optional=True),
        Column("csat", cells.score(1, 10), optional=True),
        Column("locale", cells.locale, optional=True),
        Column("subject", cells.line_of_text),
        Column("text", cells.text, optional=True),
    ),
    key=("id",),
    checks=(
        Check(
            lambda row: row.answered_at is None or row.answered_at >= row.opened_at,
            "answered_at",
            "the ticket is answered before it was opened",
            "a moment that is not before opened_at, or nothing",
        ),
        Check(
            lambda row: row.closed_at is None or row.closed_at >= row.opened_at,
            "closed_at",
            "the ticket is closed before it was opened",
            "a moment that is not before opened_at, or nothing",
        ),
    ),
)

NPS = Table(
    file="nps.csv",
    model=NpsRow,
    columns=(
        Column("account", cells.identifier),
        Column("contact", cells.identifier),
        Column("at", cells.moment, past=True),
        Column("score", cells.score(0, 10)),
        Column("comment", cells.text, optional=True),
    ),
    key=("account", "contact", "at"),
)

INBOUND = Table(
    file="inbound.csv",
    model=InboundRow,
    columns=(
        Column("id", cells.identifier),
        Column("at", cells.moment),
        Column("account", cells.identifier),
        Column("fact", cells.one_of(Fact)),
        Column("by", cells.identifier, optional=True),
        Column("kind", cells.identifier),
        Column("playbook", cells.identifier, optional=True),
        Column("detail", cells.text, optional=True),
    ),
    key=("id",),
    checks=(
        Check(
            lambda row: row.fact is Fact.RISK_SIGNAL or row.by is not None,
            "by",
            "a request needs somebody who asks",
            "the id of a person in people.csv",
        ),
        Check(
            lambda row: row.fact is not Fact.RUN_PLAYBOOK or row.playbook is not None,
            "playbook",
            "run_playbook names no playbook",
            "the name of the playbook, such as product_technical",
        ),
    ),
)

CASES = Table(
    file="cases.csv",
    model=RunningCaseRow,
    columns=(
        Column("account_id", cells.identifier),
        Column("opened_at", cells.moment, past=True),
        Column("opened_by", cells.identifier),
        Column("reason", cells.text),
        Column("playbook", cells.identifier, optional=True),
        Column("root_cause", cells.identifier, optional=True),
        Column("whys", cells.texts, optional=True),
    ),
    key=("account_id",),
    required=True,
)

CASE_STEPS = Table(
    file="case_steps.csv",
    model=RunningStepRow,
    columns=(
        Column("account_id", cells.identifier),
        Column("step_id", cells.step_identifier),
        Column("by", cells.identifier),
        Column("at", cells.moment, past=True),
        Column("evidence", cells.text),
    ),
    key=("account_id", "step_id"),
)

PORTFOLIO_FILES = frozenset(
    table.file
    for table in (PEOPLE, ABSENCES, ACCOUNTS, CONTACTS, SEATS, USAGE, TICKETS, NPS, INBOUND, CASES, CASE_STEPS)
)
